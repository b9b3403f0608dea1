import Testing

@testable import Diagnosis
@testable import Webhooks

@Suite struct SignatureTargetTests {
  private static let digits = String(repeating: "6c467ef1", count: 8)

  static let cases: [(String, [Int], HeaderOddity?)] = [
    (digits, [32], nil), (digits.uppercased(), [32], .uppercase), ("\"\(digits)\"", [32], .quotes),
    (digits + "zz", [32], .trailingText), (String(digits.prefix(40)), [20, 32], nil),
    (digits + digits, [64, 32], nil),
    ("sha256=" + digits, [32], .prefix("sha256=")), (" " + digits, [32], .space),
    ("bEZ+8b03aQ/+4i6V1SYUHQVnbBJe0QG83tWYp0uyNLo=", [32], .base64), (String(digits.prefix(31)), [], nil),
    ("potato", [], nil), ("", [], nil),
  ]

  @Test("a digest is found in each spelling", arguments: cases.indices)
  func found(index: Int) {
    let (text, sizes, oddity) = Self.cases[index]
    let targets = SignatureTarget.all(in: Array(text.utf8)[...], oddities: [])
    #expect(targets.map(\.digestSize) == sizes)
    if let oddity { #expect(targets.first?.oddities.contains(oddity) == true) }
  }

  @Test("a cut digest matches the beginning of a MAC of its size only")
  func matching() throws {
    let target = try #require(
      SignatureTarget.all(in: Array(Self.digits.prefix(40).utf8)[...], oddities: []).last)
    let mac = NodeHex.decoded(Self.digits)
    #expect(target.matches(mac))
    #expect(!target.matches(Array(mac.prefix(20))))
    #expect(!target.matches(mac.map { $0 ^ 1 }))
  }
}

@Suite struct SignedFormTests {
  static let texts: [(SignedForm.Layout, String)] = [
    (.documented, "17.{}"), (.bodyAlone, "{}"), (.withoutDot, "17{}"), (.colon, "17:{}"),
    (.newline, "17\n{}"),
    (.bodyFirst, "{}.17"), (.versioned, "v0:17:{}"), (.identified, "evt.17.{}"),
  ]

  @Test("each layout of the signed text is a template, and puts its parts where they belong")
  func text() {
    #expect(Self.texts.map(\.0) == SignedForm.Layout.allCases)
    for (layout, due) in Self.texts {
      let form = SignedForm(layout: layout, digest: .sha256)
      let text = form.text(time: Array("17".utf8), id: Array("evt".utf8), body: Array("{}".utf8))
      #expect(form.template?.usesTime == layout.usesTime)
      #expect(text.bytes(in: 0..<text.count) == Array(due.utf8))
    }
  }
}
