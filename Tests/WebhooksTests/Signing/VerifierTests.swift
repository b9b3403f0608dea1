import TestSupport
import JSON
import Testing
@testable import Webhooks

@Suite struct VerifierTests {
  static let t: Int64 = 1_745_518_397
  static let body = Array(#"{"id":"evt_1"}"#.utf8)
  static let secret = Samples.secret()
  static let signature = secret.signature(timestamp: "\(t)", body: body)
  static let wrong = String(repeating: "0", count: 64)

  static func verify(
    _ headers: [(String, String)], provider: Provider? = .parlay, secrets: [SigningSecret] = [secret],
    body: [UInt8] = body, tolerance: Double = 300, after seconds: Double = 0
  ) -> Verdict {
    let request = Request(headers: Headers(headers.map { .init($0.0, $0.1) }), body: body)
    let arrival = Timestamp(microseconds: t * 1_000_000 + Int64((seconds * 1e6).rounded()))
    return Verifier(keyring: Keyring(secrets), tolerance: tolerance)
      .verify(request, provider: provider, at: arrival)
  }

  static func verify(value: String, after seconds: Double = 0) -> Verdict {
    verify([("X-Parlay-Signature", value)], after: seconds)
  }

  @Test("a good signature is valid, with its facts")
  func valid() {
    let verdict = Self.verify(value: "t=\(Self.t),v1=\(Self.signature)", after: 3.2)
    #expect(verdict.reason == .ok)
    #expect(verdict.status == .valid)
    #expect(verdict.timestamp == Self.t)
    #expect(verdict.ageSeconds == 3.2)
    #expect(verdict.inWindow == true)
    #expect(verdict.macMatches == true)
    #expect(verdict.secret == "parlay")
    #expect(verdict.secretsTried == 1)
    #expect(verdict.signatureCount == 1)
    #expect(verdict.usableSignatureCount == 1)
    #expect(verdict.faultOffset == nil)
  }

  @Test(
    "the window reaches exactly as far as the tolerance, either way",
    arguments: [
      (0, .ok), (300, .ok), (300.000001, .tooOld), (-300, .ok), (-300.000001, .inFuture), (86_400, .tooOld),
      (-86_400, .inFuture),
    ] as [(Double, Verdict.Reason)])
  func window(seconds: Double, reason: Verdict.Reason) {
    let verdict = Self.verify(value: "t=\(Self.t),v1=\(Self.signature)", after: seconds)
    #expect(verdict.reason == reason)
    #expect(verdict.ageSeconds == seconds)
    #expect(verdict.inWindow == (reason == .ok))
    #expect(verdict.macMatches == true)
    #expect(verdict.secret == "parlay")
  }

  @Test("the window is the caller's", arguments: [(0.0, 0.0, true), (0, 0.5, false), (1e9, 1e8, true)])
  func tolerance(tolerance: Double, age: Double, passes: Bool) {
    let headers = [("X-Parlay-Signature", "t=\(Self.t),v1=\(Self.signature)")]
    #expect((Self.verify(headers, tolerance: tolerance, after: age).status == .valid) == passes)
  }

  @Test(
    "a t beyond 64 bits of microseconds is in the future, and the age still a number",
    arguments: ["999999999999999", "9223372036855", "100000000000000"])
  func overflow(t: String) throws {
    let mac = Self.secret.signature(timestamp: t, body: Self.body)
    let verdict = Self.verify(value: "t=\(t),v1=\(mac)")
    #expect(verdict.reason == .inFuture)
    #expect(abs(verdict.ageSeconds! - Double(Self.t - (try #require(Int64(t))))) < 1)
    #expect(verdict.macMatches == true)
  }

  @Test("what was signed without the time or the id that is due is not tried")
  func incomplete() throws {
    let timeless = Self.verify(value: "v1=\(Self.secret.signature(timestamp: "", body: Self.body))")
    #expect(timeless.macMatches == nil && timeless.secretsTried == 0 && timeless.status == .malformed)
    let provider = try #require(Providers.builtIn["standard-webhooks"])
    let secret = try SigningSecret("whsec_c2VjcmV0c2VjcmV0c2VjcmV0", label: "s", provider: provider)
    let time = Array("\(Self.t)".utf8)
    let fields = try #require(provider.scheme.sign(Self.body, with: secret.key, time: time))
    func verdict(_ fields: [Headers.Field]) -> Verdict {
      Self.verify(fields.map { ($0.name.text, $0.value.text) }, provider: provider, secrets: [secret])
    }
    #expect(verdict(fields).macMatches == true)
    let nameless = verdict(fields.filter { $0.name != "webhook-id" })
    #expect(nameless.macMatches == nil && nameless.secretsTried == 0 && nameless.status == .malformed)
  }

  @Test("of several signatures that can't be used, the first is the one that is told of")
  func unusable() throws {
    let scheme = try #require(Providers.builtIn["standard-webhooks"]).scheme
    let short = SignatureReading("v1,AAAA v1,!!".utf8, under: scheme).unusable
    #expect(short?.kind == .signatureLength && short?.offset == 3)
    let upper = Self.signature.uppercased()
    let one = Self.verify(value: "t=\(Self.t),v1=\(upper)")
    let two = Self.verify(value: "t=\(Self.t),v1=\(upper),v1=zz")
    #expect(two.reason == one.reason && two.faultOffset == one.faultOffset && one.faultOffset != nil)
  }

  @Test("an arrival at the end of time does not overflow either", arguments: [Int64.min, .max])
  func extremeArrival(microseconds: Int64) {
    let reading = SignatureReading(pairs: "t=999999999999999,v1=\(Self.wrong)".utf8)
    let verdict = Verifier(keyring: Keyring())
      .verify(
        reading, under: Provider.parlay.scheme, body: [], secrets: [Self.secret],
        at: Timestamp(microseconds: microseconds))
    #expect(verdict.reason == .noV1Matches)
    #expect(verdict.inWindow == false)
  }

  @Test("a signature that is both forged and stale is a mismatch, with both answers told")
  func mismatchBeforeStale() {
    let verdict = Self.verify(value: "t=\(Self.t),v1=\(Self.wrong)", after: 1000)
    #expect(verdict.reason == .noV1Matches)
    #expect(verdict.inWindow == false)
    #expect(verdict.macMatches == false)
    #expect(verdict.secret == nil)
  }

  @Test("one byte changed, in the body or in t, is a mismatch")
  func changed() {
    let value = "t=\(Self.t),v1=\(Self.signature)"
    #expect(Self.verify([("X-Parlay-Signature", value)], body: Self.body + [10]).reason == .noV1Matches)
    #expect(Self.verify(value: "t=\(Self.t + 1),v1=\(Self.signature)").reason == .noV1Matches)
  }

  @Test(
    "any v1 that matches wins; where none does an unusable one makes the header malformed",
    arguments: [
      ("v1=GOOD,v1=WRONG", .ok, 2, 2), ("v1=WRONG,v1=GOOD", .ok, 2, 2), ("v1=short,v1=GOOD", .ok, 2, 1),
      ("v1=GOOD,v1=short", .ok, 2, 1), ("v1=short,v1=WRONG", .v1Not64Hex, 2, 1),
      ("v1=WRONG,v1=short", .v1Not64Hex, 2, 1), ("v1=WRONG,v1=UPPER", .v1NotLowercaseHex, 2, 1),
      ("v1=UPPER", .v1NotLowercaseHex, 1, 0), ("v1=WRONG,v1=WRONG", .noV1Matches, 2, 2),
      ("v0=GOOD,v1=WRONG", .noV1Matches, 1, 1), ("v1=GOOD,v0=short", .ok, 1, 1),
      ("v1=GOOD,oops", .partWithoutEquals, 1, 1),
    ] as [(String, Verdict.Reason, Int, Int)])
  func severalSignatures(parts: String, reason: Verdict.Reason, count: Int, usable: Int) {
    let text = parts.replacing("GOOD", with: Self.signature).replacing("WRONG", with: Self.wrong)
      .replacing("UPPER", with: Self.signature.uppercased())
    let verdict = Self.verify(value: "t=\(Self.t),\(text)")
    #expect(verdict.reason == reason)
    #expect(verdict.signatureCount == count)
    #expect(verdict.usableSignatureCount == usable)
    #expect((verdict.faultOffset != nil) == (verdict.status == .malformed))
  }

  @Test("a malformed header whose MAC matches still says which secret it was")
  func malformedButSigned() {
    let verdict = Self.verify(value: "t=\(Self.t),v1=\(Self.signature),oops")
    #expect(verdict.status == .malformed)
    #expect(verdict.macMatches == true)
    #expect(verdict.secret == "parlay")
  }
}

@Suite struct VerifierKeyringTests {
  private static let value = "t=\(VerifierTests.t),v1=\(VerifierTests.signature)"

  @Test("each secret of the provider is tried, and the one that matched is named")
  func severalSecrets() {
    let secrets = [
      Samples.secret("whsec_a", label: "parlay/old"),
      Samples.secret("whsec_b", label: "parable", provider: .parable),
      Samples.secret(label: "parlay/new"),
    ]
    let verdict = VerifierTests.verify([("x-parlay-signature", Self.value)], secrets: secrets)
    #expect(verdict.reason == .ok)
    #expect(verdict.secret == "parlay/new")
    #expect(verdict.secretsTried == 2)
  }

  @Test("the right secret under the other provider's name is not tried")
  func otherProvider() {
    let verdict = VerifierTests.verify(
      [("X-Parlay-Signature", Self.value)],
      secrets: [Samples.secret("whsec_a"), Samples.secret(label: "parable", provider: .parable)])
    #expect(verdict.reason == .noV1Matches)
  }

  struct Case: CustomTestStringConvertible {
    let name: String
    let headers: [(String, String)]
    var provider: Provider? = .parlay
    var secrets: [SigningSecret] = [Samples.secret()]
    let reason: Verdict.Reason
    var testDescription: String { name }
  }

  private static let parableSecret = Samples.secret(label: "parable", provider: .parable)

  @Test(
    "what can't be verified is missing, malformed or unchecked",
    arguments: [
      Case(name: "no header", headers: [], reason: .noHeader),
      Case(name: "the other provider's header", headers: [("x-parable-signature", value)], reason: .noHeader),
      Case(name: "empty header", headers: [("X-Parlay-Signature", " ")], reason: .headerEmpty),
      Case(
        name: "header twice", headers: [("X-Parlay-Signature", value), ("x-parlay-signature", value)],
        reason: .headerRepeated),
      Case(
        name: "no secret at all", headers: [("X-Parlay-Signature", value)], secrets: [], reason: .noSecret),
      Case(
        name: "no secret for this provider", headers: [("X-Parlay-Signature", value)],
        secrets: [parableSecret], reason: .noSecret),
      Case(name: "no header and no secret", headers: [], secrets: [], reason: .noSecret),
      Case(
        name: "header twice and no secret",
        headers: [("X-Parlay-Signature", value), ("x-parlay-signature", value)], secrets: [],
        reason: .noSecret),
      Case(name: "no provider", headers: [], provider: nil, reason: .noHeader),
      Case(name: "no provider and no secret", headers: [], provider: nil, secrets: [], reason: .noSecret),
      Case(
        name: "no provider, but a signature header of one", headers: [("X-Parlay-Signature", value)],
        provider: nil, reason: .noHeader),
    ])
  func unverifiable(example: Case) {
    let verdict = VerifierTests.verify(
      example.headers, provider: example.provider, secrets: example.secrets)
    #expect(verdict.reason == example.reason)
    #expect(verdict.secret == nil)
    #expect(verdict.macMatches == nil)
  }

  @Test("an unchecked delivery still tells its age and where its header is broken")
  func uncheckedFacts() {
    let verdict = VerifierTests.verify(
      [("X-Parlay-Signature", "t=\(VerifierTests.t),v1=abc")], secrets: [], after: 2)
    #expect(verdict.reason == .noSecret)
    #expect(verdict.ageSeconds == 2)
    #expect(verdict.inWindow == true)
    #expect(verdict.faultOffset == 19)
  }

  @Test("a keyring gives a provider's secrets in their order")
  func keyring() {
    let ring = Keyring([Self.parableSecret, Samples.secret("a", label: "1"), Samples.secret("b", label: "2")])
    #expect(ring.secrets(for: .parlay).map(\.label) == ["1", "2"])
    #expect(!ring.isEmpty)
    #expect(Keyring().isEmpty)
  }
}
