import Foundation
import TestSupport
import Testing

@testable import Diagnosis
@testable import JSON
@testable import Webhooks

/// The causes work for any sender: schemes that only the tests know, signed by Python's own hmac.
@Suite struct OtherSchemesTests {
  static let senders: [OtherSender] = [.gitHub, .svix, .slack, .acme]

  private static let now = 1_745_518_397
  private static let body = Array(#"{"id":"evt_1","text":"Zoë <&> \u2028","list":[1,{}]}"#.utf8)

  private static func signed(_ sender: OtherSender, secret: String? = nil) throws -> Headers {
    try sender.signed(body, secret: secret, at: now)
  }

  private static func ring(_ sender: OtherSender) throws -> Keyring {
    let provider = sender.provider
    return Keyring([
      try SigningSecret(sender.secret, label: "new", provider: provider),
      try SigningSecret(sender.old, label: "old", provider: provider, retiredAt: Timestamp(seconds: 1)),
    ])
  }

  private static func diagnosis(
    of sender: OtherSender, _ headers: Headers, body: [UInt8] = body, after: Double = 1,
    keyring: Keyring? = nil,
    providers: Providers? = nil
  ) throws -> Diagnosis {
    let request = Request(headers: headers, body: body)
    let providers = providers ?? Providers([.parlay, .parable] + senders.map(\.provider))
    let keyring = try keyring ?? ring(sender)
    let arrival = Timestamp(seconds: Double(now) + after)
    let verdict = Verifier(keyring: keyring).verify(request, provider: sender.provider, at: arrival)
    let subject = DiagnosisSubject(
      request: request, receivedAt: arrival, verdict: verdict, providers: providers)
    #expect(subject.provider == sender.provider)
    return Diagnosis(of: subject, keyring: keyring, budget: .unbounded)
  }

  private static func found(_ diagnosis: Diagnosis) -> [String] {
    diagnosis.findings.map { "\($0.id.rawValue) \($0.level.rawValue)" }
  }

  @Test("what verifies needs no explanation", arguments: senders)
  func valid(sender: OtherSender) throws {
    let found = try Self.diagnosis(of: sender, try Self.signed(sender))
    #expect(found.findings == [])
    #expect(found.candidatesTried == 0)
    #expect(found.samples.isEmpty)
  }

  @Test("a body that was parsed and printed again is proven", arguments: senders)
  func reserialised(sender: OtherSender) throws {
    let headers = try Self.signed(sender)
    let other = try #require(Reserialisations.written(Self.body, in: .python))
    let found = try Self.diagnosis(of: sender, headers, body: other)
    #expect(Self.found(found) == ["body-reserialised proven"], "\(found.findings)")
    #expect(found.proof?.signedText.body == Self.body)
  }

  @Test("a newline that was added is proven", arguments: senders)
  func newline(sender: OtherSender) throws {
    let found = try Self.diagnosis(of: sender, try Self.signed(sender), body: Self.body + [0x0A])
    #expect(Self.found(found) == ["newline-or-bom proven"], "\(found.findings)")
    #expect(found.proof?.signedText.body == Self.body)
  }

  @Test("a retired secret is proven", arguments: senders)
  func retired(sender: OtherSender) throws {
    let found = try Self.diagnosis(of: sender, try Self.signed(sender, secret: sender.old))
    #expect(Self.found(found) == ["retired-secret proven"], "\(found.findings)")
    #expect(found.proof?.secret == "old")
    // Nothing but the secret is off: only its times are tried with the new one before.
    #expect(found.candidatesTried <= 3)
  }

  @Test(
    "a secret that was damaged when it was copied is proven", arguments: [OtherSender.gitHub, .slack, .acme])
  func damaged(sender: OtherSender) throws {
    let keyring = Keyring([
      try SigningSecret(sender.secret + sender.secret, label: "twice", provider: sender.provider)
    ])
    let found = try Self.diagnosis(of: sender, try Self.signed(sender), keyring: keyring)
    #expect(Self.found(found) == ["damaged-secret proven"], "\(found.findings)")
  }

  @Test("a secret that the sender took as text, and did not decode, is proven")
  func undecoded() throws {
    var text: [UInt8] = []
    Base64.append(Array(OtherSender.svix.secret.utf8), to: &text)
    let headers = try Self.signed(
      .svix, secret: "whsec_" + String(decoding: text, as: UTF8.self))
    let finding = try #require(try Self.diagnosis(of: .svix, headers).findings.first)
    #expect(finding.id == "damaged-secret" && finding.level == .proven)
    #expect(finding.detail.contains("new as text, whole and undecoded"))
  }

  @Test("the text of another sender is proven, and what is due is said in the scheme's own words")
  func otherText() throws {
    let digits = try Self.signed(.gitHub, secret: OtherSender.slack.secret).first("X-Hub-Signature-256")
    let headers = Headers([
      .init("X-Slack-Signature", "v0=" + (digits?.text.dropFirst(7) ?? "")),
      .init("X-Slack-Request-Timestamp", String(Self.now)),
    ])
    let finding = try #require(try Self.diagnosis(of: .slack, headers).findings.first)
    #expect(finding.id == "other-signed-text" && finding.level == .proven)
    #expect(
      finding.detail
        == "The signature is the HMAC-SHA256 of the body alone; expected: HMAC-SHA256 of v0:t:body in hexadecimal. "
        + "That is how github signs ({body}, key as text)")
    #expect(finding.remedy == "Sign v0:t:body with HMAC-SHA256, and send it in hexadecimal.")
  }

  @Test("the text of a sender that only these providers have is tried as well")
  func learntText() throws {
    let headers = try Self.signed(.acme, secret: OtherSender.slack.secret)
    let value = try #require(headers.first("Acme-Sig")).text.split(separator: "=").last ?? ""
    let slack = Headers([
      .init("X-Slack-Signature", "v0=" + value.lowercased()),
      .init("X-Slack-Request-Timestamp", String(Self.now * 1000)),
    ])
    let known = try Self.diagnosis(of: .slack, slack)
    #expect(known.findings.contains { $0.id == "other-signed-text" && $0.level == .proven })
    let unknown = try Self.diagnosis(of: .slack, slack, providers: Providers([OtherSender.slack.provider]))
    #expect(unknown.proof == nil)
  }

  @Test("an id is looked for in the header that is called like that of a signature")
  func idApart() throws {
    let key = try #require(MACKey(Array(OtherSender.gitHub.secret.utf8)))
    let digits = Hex.text(key.digest([Array("msg_7.".utf8), Self.body]) ?? [])
    let headers: Headers = [
      .init("X-Hub-Signature-256", "sha256=" + digits), .init("request-id", "r1"), .init("acme-id", "msg_7"),
      .init("acme-signature", "x"),
    ]
    let found = try Self.diagnosis(of: .gitHub, headers)
    #expect(found.findings.first?.id == "other-signed-text", "\(found.findings)")
  }

  @Test(
    "a MAC of another hash function is proven, those of the same length too",
    arguments: [SignatureScheme.Digest.md5, .sha384, .sha3, .sha1, .sha512])
  func otherDigest(digest: SignatureScheme.Digest) throws {
    let key = try #require(MACKey(Array(OtherSender.gitHub.secret.utf8), digest: digest))
    for text in [
      Hex.text(key.digest([Self.body]) ?? []),
      String(decoding: Base64.encoded(key.digest([Self.body]) ?? []), as: UTF8.self),
    ] {
      let found = try Self.diagnosis(of: .gitHub, [.init("X-Hub-Signature-256", "sha256=" + text)])
      #expect(
        found.findings.contains { $0.id == "other-signed-text" && $0.level == .proven }, "\(found.findings)")
      #expect(found.findings.contains { $0.detail.contains(digest.words) })
    }
  }

  static let spellings: [(OtherSender, @Sendable (String) -> String, String)] = [
    (.gitHub, { $0.replacing("sha256=", with: "") }, "the digest has no sha256= in front"),
    (.gitHub, { String($0.dropLast(24)) }, "the signature is cut off after 40 of 64 digits"),
    (.gitHub, { "sha256=" + $0.dropFirst(7).uppercased() }, "the digits are in upper case"),
    (.slack, { $0.replacing("v0=", with: "\"v0=") + "\"" }, "there are quotes around it"),
    (.acme, { $0.replacing(";", with: ",") }, "its parts are not separated by semicolons"),
    (.acme, { $0.replacing("h1=", with: "h2=") }, "the digest is called h2, not h1"),
  ]

  @Test("an odd spelling is named in the words of the scheme", arguments: spellings.indices)
  func spelling(index: Int) throws {
    let (sender, change, words) = Self.spellings[index]
    let name = sender.provider.signatureHeader
    let headers = Headers(
      try Self.signed(sender).map { field in
        field.name == ByteString(name) ? .init(name, change(field.value.text)) : field
      })
    let found = try Self.diagnosis(of: sender, headers)
    #expect(found.proof != nil || found.candidatesTried == 0, "\(found.findings)")
    #expect(found.findings.contains { $0.level == .proven && $0.detail.contains(words) }, "\(found.findings)")
  }

  @Test("a fixed window is no matter of --tolerance")
  func window() throws {
    let found = try Self.diagnosis(of: .slack, try Self.signed(.slack), after: 400)
    let finding = try #require(found.findings.first)
    #expect(finding.id == "outside-window")
    #expect(
      finding.detail == "X-Slack-Request-Timestamp is 6 m 40 s before the arrival; the tolerance is 5 m")
  }

  @Test("milliseconds are no oddity where the scheme has them")
  func milliseconds() throws {
    let found = try Self.diagnosis(of: .acme, try Self.signed(.acme), body: [0x7B])
    #expect(!found.findings.contains { $0.id == "unreadable-timestamp" }, "\(found.findings)")
    #expect(found.facts.clock.t == Double(Self.now))
  }
}
