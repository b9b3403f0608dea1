import TestSupport
import Testing
@testable import Webhooks

@Suite struct SigningSecretTests {
  private static let text = "whsec_9f86d081884c7d65"

  private struct Holder {
    let name = "holder"
    let secret: SigningSecret
    let list: [SigningSecret]
    let optional: SigningSecret?
    let byName: [String: SigningSecret]
  }

  @Test("no way of printing a secret, or what holds it, shows its text, bytes or key")
  func neverPrinted() {
    let secret = Samples.secret(Self.text)
    let holder = Holder(secret: secret, list: [secret], optional: secret, byName: ["a": secret])
    let verifier = Verifier(keyring: Keyring([secret]))
    for text in Self.printed(secret) + Self.printed(holder) + Self.printed(verifier) {
      #expect(!text.contains("9f86d081884c7d65"), "\(text)")
      #expect(!text.contains("whsec"), "\(text)")
      // The first bytes of the secret as an array would show them.
      #expect(!text.contains("119, 104, 115"), "\(text)")
      #expect(text.contains(secret.fingerprint), "\(text)")
    }
  }

  private static func printed<Value>(_ value: Value) -> [String] {
    var dumped = ""
    dump(value, to: &dumped)
    var debugged = ""
    debugPrint(value, to: &debugged)
    return ["\(value)", String(describing: value), String(reflecting: value), dumped, debugged]
  }

  @Test("a secret's mirror has its label and fingerprint and nothing else")
  func mirror() {
    let mirror = Mirror(reflecting: Samples.secret(Self.text))
    #expect(mirror.children.map(\.label) == ["label", "fingerprint"])
  }

  @Test("an error about a secret names it by its label")
  func emptySecret() {
    #expect(throws: SecretError.empty(label: "parlay/new")) {
      try SigningSecret("", label: "parlay/new", provider: .parlay)
    }
    #expect("\(SecretError.empty(label: "parlay/new"))".contains("parlay/new"))
  }

  @Test("the fingerprint is the first 8 digits of the SHA-256")
  func fingerprint() {
    #expect(Samples.secret("abc").fingerprint == "ba7816bf")
    #expect("\(Samples.secret("abc"))" == "parlay (ba7816bf)")
  }

  @Test("the header that is sent is the one that verifies")
  func signing() {
    let secret = Samples.secret()
    let body = Array("{}".utf8)
    let value = secret.signatureHeader(timestamp: 1_745_518_397, body: body)
    let verdict = Verifier(keyring: Keyring([secret]))
      .verify(
        Request(headers: Headers([.init("X-Parlay-Signature", value)]), body: body), provider: .parlay,
        at: Samples.now)
    #expect(verdict.reason == .ok)
    #expect(value.hasPrefix("t=1745518397,v1="))
  }

  @Test("the whole string counts: no prefix is stripped and nothing is decoded or trimmed")
  func wholeString() {
    let texts = ["whsec_YWJj", "YWJj", "abc", " abc", "abc\n", "ABC"]
    #expect(Set(texts.map { Samples.secret($0).signature(timestamp: "1", body: []) }).count == texts.count)
  }

  @Test(
    "what does not look like a signing secret is warned of",
    arguments: [
      ("whsec_abc", []), ("whsec_abc ", [.whitespaceAtEnds]), ("\twhsec_abc", [.whitespaceAtEnds]),
      ("whsec_abc\r\n", [.whitespaceAtEnds]), ("whsec_a b", []),
      ("pk_live_1", [.otherKind(prefix: "pk_", due: "whsec_")]),
      ("sk_live_1", [.otherKind(prefix: "sk_", due: "whsec_")]),
      ("wh_1", [.otherKind(prefix: "wh_", due: "whsec_")]),
      ("whsec_****1234", [.masked]), ("whsec_••••1234", [.masked]), ("whsec_…", [.placeholder]),
      ("whsec_...", [.placeholder]),
      ("${SECRET}", [.unexpandedVariable]),
      ("$SECRET", [.unexpandedVariable]), ("whsec_$a", []),
      (" sk_${A}****", [.whitespaceAtEnds, .masked, .unexpandedVariable]),
    ] as [(String, [SecretWarning])])
  func warnings(text: String, expected: [SecretWarning]) {
    #expect(Samples.secret(text).warnings == expected)
  }

  @Test(
    "a warning names the secret by its label and says what to do",
    arguments: [
      (SecretWarning.whitespaceAtEnds, "copy it again"), (.otherKind(prefix: "sk_", due: "whsec_"), "sk_"),
      (.masked, "copy the whole value"), (.unexpandedVariable, "env:NAME"),
    ])
  func sentences(warning: SecretWarning, words: String) {
    let sentence = warning.sentence(label: "parlay/new")
    #expect(sentence.contains("parlay/new") && sentence.contains(words))
  }
}
