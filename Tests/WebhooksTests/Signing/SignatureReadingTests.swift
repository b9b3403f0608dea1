import Testing
@testable import Webhooks

@Suite struct SignatureReadingTests {
  private static let mac = String(repeating: "0123456789abcdef", count: 4)

  struct Case: CustomTestStringConvertible {
    let text: String
    var fault: (Verdict.Reason, Int)?
    var unusable: (Verdict.Reason, Int)?
    var testDescription: String { text.debugDescription }
  }

  @Test(
    "each fault is named, with the byte that it is at",
    arguments: [
      Case(text: "", fault: (.headerEmpty, 0)),
      Case(text: " \t ", fault: (.headerEmpty, 0)),
      Case(text: "t=1,v1=\(mac)"),
      Case(text: " \tt=1,v1=\(mac)\t "),
      Case(text: "v1=\(mac),t=1"),
      Case(text: "t=1,v0=x,v2=,=,foo=a=b,v1=\(mac)"),
      Case(text: "t=1,,v1=\(mac)", fault: (.partWithoutEquals, 4)),
      Case(text: "t=1,v1=\(mac),", fault: (.partWithoutEquals, 72)),
      Case(text: "hello", fault: (.partWithoutEquals, 0)),
      Case(text: "t,v1=\(mac)", fault: (.partWithoutEquals, 0)),
      Case(text: "t=1,v1", fault: (.partWithoutEquals, 4), unusable: (.v1Not64Hex, 0)),
      Case(text: "t =1,v1=\(mac)", fault: (.spaceAroundKey, 1)),
      Case(text: "t=1, v1=\(mac)", fault: (.spaceAroundKey, 4)),
      Case(text: "t=1,\tv1=\(mac)", fault: (.spaceAroundKey, 4)),
      Case(text: "t=1,v1 =\(mac)", fault: (.spaceAroundKey, 6)),
      Case(text: "v1=\(mac)", fault: (.noT, 67)),
      Case(text: "T=1,v1=\(mac)", fault: (.noT, 71)),
      Case(text: "t=1,t=1,v1=\(mac)", fault: (.tRepeated, 4)),
      Case(text: "t=,v1=\(mac)", fault: (.tNotCanonicalDecimal, 2)),
      Case(text: "t=01,v1=\(mac)", fault: (.tNotCanonicalDecimal, 2)),
      Case(text: "t=0,v1=\(mac)", fault: (.tNotCanonicalDecimal, 2)),
      Case(text: "t=-1,v1=\(mac)", fault: (.tNotCanonicalDecimal, 2)),
      Case(text: "t= 1,v1=\(mac)", fault: (.tNotCanonicalDecimal, 2)),
      Case(text: "t=1.5,v1=\(mac)", fault: (.tNotCanonicalDecimal, 2)),
      Case(text: "t=1e9,v1=\(mac)", fault: (.tNotCanonicalDecimal, 2)),
      Case(text: "t=1000000000000000,v1=\(mac)", fault: (.tNotCanonicalDecimal, 2)),
      Case(text: "t=١,v1=\(mac)", fault: (.tNotCanonicalDecimal, 2)),
      Case(text: "t=1", fault: (.noV1, 3)),
      Case(text: "t=1,V1=\(mac)", fault: (.noV1, 71)),
      Case(text: "t=1,v1=", unusable: (.v1Not64Hex, 7)),
      Case(text: "t=1,v1=abc", unusable: (.v1Not64Hex, 10)),
      Case(text: "t=1,v1=\(mac)a", unusable: (.v1Not64Hex, 71)),
      Case(text: "t=1,v1=\(mac)aa,foo=1", unusable: (.v1Not64Hex, 71)),
      Case(text: "t=1,v1=\"\(mac)\"", unusable: (.v1Not64Hex, 7)),
      Case(text: "t=1,v1=ab g", unusable: (.v1Not64Hex, 9)),
      Case(text: "t=1,v1=\(mac.dropLast())G", unusable: (.v1Not64Hex, 70)),
      Case(text: "t=1,v1=\(mac.uppercased())", unusable: (.v1NotLowercaseHex, 17)),
      Case(text: "t=1,v1=\(mac),v1=x", unusable: (.v1Not64Hex, 75)),
    ])
  func faults(example: Case) {
    let header = SignatureReading(pairs: example.text.utf8)
    #expect(header.fault?.reason == example.fault?.0)
    #expect(header.fault?.offset == example.fault?.1)
    #expect(header.unusable?.reason == example.unusable?.0)
    #expect(header.unusable?.offset == example.unusable?.1)
  }

  @Test("the parts that can be read are read beside a fault")
  func parts() {
    let header = SignatureReading(pairs: "t=1745518397,v1=\(Self.mac),v1=short,v1=\(Self.mac),oops".utf8)
    #expect(header.time == 1_745_518_397)
    #expect(header.timeText == Array("1745518397".utf8))
    #expect(header.signatureCount == 3)
    #expect(header.candidates.count == 2)
    #expect(header.fault?.reason == .partWithoutEquals)
    #expect(header.unusable?.reason == .v1Not64Hex)
  }

  @Test("the largest t has 15 digits")
  func largestT() {
    #expect(SignatureReading(pairs: "t=999999999999999,v1=\(Self.mac)".utf8).time == 999_999_999_999_999)
  }

  @Test("the first fault of a part counts, wherever the rest stands")
  func firstFault() {
    #expect(SignatureReading(pairs: "t=x, v1=y,oops".utf8).fault == .init(kind: .spaceAroundKey, offset: 4))
  }

  @Test("no bytes whatever stop the reading, and an offset never lies outside the text")
  func anyBytes() {
    var generator = SystemRandomNumberGenerator()
    let alphabet = Array("tv1=, \t0aF\u{FF}".utf8)
    for _ in 0..<3000 {
      let text = (0..<Int.random(in: 0...24, using: &generator)).map { _ in alphabet.randomElement()! }
      let header = SignatureReading(pairs: text)
      for fault in [header.fault, header.unusable] {
        if let fault { #expect((0...text.count).contains(fault.offset), "\(text)") }
      }
      #expect(header.fault != nil || header.time != nil, "\(text)")
    }
  }
}

extension SignatureReading {
  /// The reading of a header that Parlay or Parable sends.
  init(pairs value: some Collection<UInt8>) {
    self.init(value, under: Provider.parlay.scheme)
  }
}

extension SignatureReading.Fault {
  /// The wire name of the fault in a header that Parlay or Parable sends.
  var reason: Verdict.Reason { Verdict.Reason(kind, in: Provider.parlay.scheme) }
}
