import Testing

@testable import Diagnosis
@testable import Webhooks

@Suite struct ByteDifferenceTests {
  @Test("the same bytes do not differ")
  func same() {
    #expect(ByteDifference(received: [1, 2], original: [1, 2]) == nil)
    #expect(ByteDifference(received: [], original: []) == nil)
  }

  @Test("the first difference is found with both sides around it")
  func first() throws {
    let received = Array("0123456789012345678901234567890123456789x".utf8)
    let original = Array("0123456789012345678901234567890123456789y and more".utf8)
    let difference = try #require(ByteDifference(received: received, original: original))
    #expect(difference.offset == 40)
    #expect(difference.excerptStart == 16)
    #expect(difference.receivedExcerpt == received[16...].map { $0 })
    #expect(difference.originalExcerpt == original[16...].map { $0 })
    #expect(difference.sentence == "First difference at offset 40: signed 'y', received 'x'")
  }

  @Test("a body that ends early differs at its end")
  func end() throws {
    let difference = try #require(ByteDifference(received: [0x61], original: [0x61, 0x0A]))
    #expect(difference.sentence == "First difference at offset 1: signed 0x0a, received the end")
  }

  @Test("the signed text is t, a dot and the body as it came")
  func signedText() {
    let request = Request(headers: Headers([.init("X-Parlay-Signature", "t=12,v1=00")]), body: [0x7B, 0x7D])
    #expect(SignedText(of: request, provider: .parlay).bytes(in: 0..<9) == Array("12.{}".utf8))
    #expect(SignedText(of: request, provider: nil).bytes(in: 0..<2) == [0x7B, 0x7D])
    let other = SignedText(before: Array("13.".utf8), body: [0x7B, 0x7D])
    #expect(SignedText(of: request, provider: .parlay).firstDifference(from: other)?.offset == 1)
  }

  @Test("any stretch of a signed text is given, across its parts and past its end")
  func stretches() {
    let text = SignedText(before: [1, 2], body: [3, 4, 5], after: [6])
    let all: [UInt8] = [1, 2, 3, 4, 5, 6]
    for start in 0...7 {
      for end in start...8 {
        let expected = all.dropFirst(start).prefix(end - start)
        #expect(text.bytes(in: start..<end) == Array(expected), "\(start)..<\(end)")
      }
    }
  }

  @Test(
    "texts that are cut into parts at different places are compared as what they spell",
    arguments: [0, 1, 65_534, 65_535, 65_536, 131_071, 200_000, 200_002])
  func parts(place: Int) throws {
    let original = SignedText(before: [7, 7], body: [UInt8](repeating: 7, count: 200_000), after: [7])
    var bytes = original.bytes(in: 0..<original.count)
    let same = SignedText(before: Array(bytes.prefix(9)), body: Array(bytes.dropFirst(9)))
    #expect(same.firstDifference(from: original) == nil)
    bytes[place] = 8
    let changed = SignedText(before: Array(bytes.prefix(9)), body: Array(bytes.dropFirst(9)))
    let difference = try #require(changed.firstDifference(from: original))
    #expect(difference.offset == place)
    #expect(difference.receivedExcerpt[place - difference.excerptStart] == 8)
    #expect(difference.originalExcerpt[place - difference.excerptStart] == 7)
    let short = SignedText(before: [], body: [UInt8](repeating: 7, count: place))
    #expect(short.firstDifference(from: original)?.offset == place)
    #expect(short.firstDifference(from: original)?.receivedExcerpt.count == min(place, 24))
  }
}
