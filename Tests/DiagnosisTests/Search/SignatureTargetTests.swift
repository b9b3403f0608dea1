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
    let targets = SignatureTarget.all(in: Array(text.utf8)[...], oddities: [], scheme: Provider.parlay.scheme)
    #expect(targets.filter { $0.form == nil }.map(\.digestSize) == sizes)
    if let oddity { #expect(targets.first?.oddities.contains(oddity) == true) }
  }

  @Test("a cut digest matches the beginning of a MAC of its size only")
  func matching() throws {
    let target = try #require(
      SignatureTarget.all(
        in: Array(Self.digits.prefix(40).utf8)[...], oddities: [], scheme: Provider.parlay.scheme
      ).last)
    let mac = NodeHex.decoded(Self.digits)
    #expect(target.matches(try #require(MAC(mac))))
    #expect(!target.matches(try #require(MAC(Array(mac.prefix(20))))))
    #expect(!target.matches(try #require(MAC(mac.map { $0 ^ 1 }))))
    #expect(MAC([UInt8](repeating: 0, count: 65)) == nil)
  }
}

@Suite struct SignedFormTests {
  static let texts = [
    "17.{}", "{}", "17{}", "17:{}", "17\n{}", "{}.17", "{}17", "v0:17:{}", "evt.17.{}",
  ]

  @Test("each usual text is a template, and puts its parts where they belong")
  func text() {
    let texts = SignedForm.usualTexts.map {
      $0.filled(time: Array("17".utf8), id: Array("evt".utf8), body: Array("{}".utf8))
    }
    #expect(texts.map { $0.bytes(in: 0..<$0.count) } == Self.texts.map { Array($0.utf8) })
  }

  @Test("what is tried beside a scheme's own form has its text first, and never that form itself")
  func others() throws {
    let scheme = SignatureScheme(
      headers: ["x"], format: try #require(SignatureFormat("{hex}")),
      text: try #require(SignedTextTemplate("{body}#{t}")), digest: .sha1)
    let known = [Provider.parlay.scheme, Provider.square.scheme]
    let forms = SignedForm.others(than: scheme, schemes: known, digests: [.sha1, .sha256])
    #expect(!forms.contains(SignedForm(of: scheme)))
    #expect(forms.count == 2 * SignedForm.usualTexts.count + 1)
    let first = try #require(forms.first { $0.digest == .sha256 })
    #expect(first.text == scheme.text)
    // A URL is signed by few, and is no usual text of others.
    #expect(!forms.contains { $0.text.usesURL })
    #expect(SignedForm.rare(than: scheme, digests: [.sha256]).contains { $0.text.usesURL })
    let squares = SignedForm.others(than: Provider.square.scheme, schemes: known, digests: [.sha1])
    #expect(squares.contains { $0.text.usesURL })
    // Neither a token nor a private key has forms of HMAC.
    #expect(SignedForm.others(than: Provider.gitLab.scheme, schemes: known, digests: [.sha256]).isEmpty)
    #expect(SignedForm.rare(than: Provider.gitLab.scheme, digests: [.sha256]).isEmpty)
    #expect(
      SignedForm.rare(than: Provider.discord.scheme, digests: [.sha256]).allSatisfy { $0.method == .hmac })
  }
}
