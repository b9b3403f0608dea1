import Foundation
import TestSupport
import Testing

@testable import Diagnosis
@testable import JSON
@testable import Webhooks

/// The causes work for any sender: schemes that only these tests know, signed by Python's own hmac.
@Suite struct OtherSchemesTests {
  struct Sender: Sendable, CustomTestStringConvertible {
    let provider: Provider
    let secret: String
    let old: String
    /// Gives the header fields for `body` at `now` with `secret`: a dictionary `h`.
    let python: String
    var testDescription: String { provider.name }
  }

  private static func provider(_ name: String, _ scheme: SignatureScheme) -> Provider {
    Provider(
      name: name, title: name, eventHeader: "x-event", deliveryHeader: "x-delivery", scheme: scheme,
      eventIDPath: ["id"], createdAtPath: ["created"], hasLivemode: false, deliveryIDNamesChain: false,
      answerDue: 10, retrySchedule: [], events: [])
  }

  static let gitHub = Sender(
    provider: provider(
      "github",
      SignatureScheme(
        headers: ["X-Hub-Signature-256"], format: SignatureFormat("sha256={hex}")!,
        text: SignedTextTemplate("{body}")!)),
    secret: "It's a Secret to Everybody", old: "It was a Secret",
    python: """
      h = {'X-Hub-Signature-256': 'sha256=' + hmac.new(secret.encode(), body, 'sha256').hexdigest()}
      """)

  static let standardWebhooks = Sender(
    provider: provider(
      "standard-webhooks",
      SignatureScheme(
        headers: ["webhook-signature", "svix-signature"],
        format: SignatureFormat("v1,{base64}", separator: " ")!, text: SignedTextTemplate("{id}.{t}.{body}")!,
        keyForm: .base64(after: "whsec_"), time: .header("webhook-timestamp"), window: 300,
        idHeaders: ["webhook-id", "svix-id"])),
    secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", old: "whsec_AAAA9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    python: """
      k = base64.b64decode(secret[6:]); t = str(now)
      s = base64.b64encode(hmac.new(k, b'msg_1.' + t.encode() + b'.' + body, 'sha256').digest()).decode()
      h = {'svix-id': 'msg_1', 'webhook-timestamp': t, 'svix-signature': 'v1a,x v1,' + s}
      """)

  static let slack = Sender(
    provider: provider(
      "slack",
      SignatureScheme(
        headers: ["X-Slack-Signature"], format: SignatureFormat("v0={hex}")!,
        text: SignedTextTemplate("v0:{t}:{body}")!, time: .header("X-Slack-Request-Timestamp"), window: 300)),
    secret: "8f742231b10e8888abcd99yyyzzz85a5", old: "1f742231b10e8888abcd99yyyzzz85a5",
    python: """
      t = str(now); s = hmac.new(secret.encode(), b'v0:' + t.encode() + b':' + body, 'sha256').hexdigest()
      h = {'X-Slack-Request-Timestamp': t, 'X-Slack-Signature': 'v0=' + s}
      """)

  /// SHA-512 in upper case, under names and signs that no other scheme here has.
  static let acme = Sender(
    provider: provider(
      "acme",
      SignatureScheme(
        headers: ["Acme-Sig"], format: SignatureFormat("at={t};h1={HEX}")!,
        text: SignedTextTemplate("{body}#{t}")!, digest: .sha512, timeUnit: .milliseconds)),
    secret: "acme-secret-1", old: "acme-secret-0",
    python: """
      t = str(now * 1000); s = hmac.new(secret.encode(), body + b'#' + t.encode(), 'sha512').hexdigest().upper()
      h = {'Acme-Sig': 'at=' + t + ';h1=' + s}
      """)

  static let senders = [gitHub, standardWebhooks, slack, acme]

  private static let now = 1_745_518_397
  private static let body = Array(#"{"id":"evt_1","text":"Zoë <&> \u2028","list":[1,{}]}"#.utf8)

  private static func signed(_ sender: Sender, secret: String? = nil, body: [UInt8] = body) throws -> Headers
  {
    let program = """
      import base64, hashlib, hmac, json, sys
      secret, now = sys.argv[1], int(sys.argv[2]); body = sys.stdin.buffer.read()
      \(sender.python)
      print(json.dumps(h))
      """
    let printed = try Program.run(
      ["python3", "-c", program, secret ?? sender.secret, String(now)], input: body)
    let fields = try JSONDecoder().decode([String: String].self, from: Data(printed))
    return Headers(fields.sorted { $0.key < $1.key }.map { Headers.Field($0.key, $0.value) })
  }

  private static func ring(_ sender: Sender) throws -> Keyring {
    let provider = sender.provider
    return Keyring([
      try SigningSecret(sender.secret, label: "new", provider: provider),
      try SigningSecret(sender.old, label: "old", provider: provider, retiredAt: Timestamp(seconds: 1)),
    ])
  }

  private static func diagnosis(
    of sender: Sender, _ headers: Headers, body: [UInt8] = body, after: Double = 1, keyring: Keyring? = nil,
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
  func valid(sender: Sender) throws {
    let found = try Self.diagnosis(of: sender, try Self.signed(sender))
    #expect(found.findings == [])
    #expect(found.candidatesTried == 0)
    #expect(found.samples.isEmpty)
  }

  @Test("a body that was parsed and printed again is proven", arguments: senders)
  func reserialised(sender: Sender) throws {
    let headers = try Self.signed(sender)
    let other = try #require(Reserialisations.written(Self.body, in: .python))
    let found = try Self.diagnosis(of: sender, headers, body: other)
    #expect(Self.found(found) == ["body-reserialised proven"], "\(found.findings)")
    #expect(found.proof?.signedText.body == Self.body)
  }

  @Test("a newline that was added is proven", arguments: senders)
  func newline(sender: Sender) throws {
    let found = try Self.diagnosis(of: sender, try Self.signed(sender), body: Self.body + [0x0A])
    #expect(Self.found(found) == ["newline-or-bom proven"], "\(found.findings)")
    #expect(found.proof?.signedText.body == Self.body)
  }

  @Test("a retired secret is proven", arguments: senders)
  func retired(sender: Sender) throws {
    let found = try Self.diagnosis(of: sender, try Self.signed(sender, secret: sender.old))
    #expect(Self.found(found) == ["retired-secret proven"], "\(found.findings)")
    #expect(found.proof?.secret == "old")
    // Nothing but the secret is off: only its times are tried with the new one before.
    #expect(found.candidatesTried <= 3)
  }

  @Test("a secret that was damaged when it was copied is proven", arguments: [gitHub, slack, acme])
  func damaged(sender: Sender) throws {
    let keyring = Keyring([
      try SigningSecret(sender.secret + sender.secret, label: "twice", provider: sender.provider)
    ])
    let found = try Self.diagnosis(of: sender, try Self.signed(sender), keyring: keyring)
    #expect(Self.found(found) == ["damaged-secret proven"], "\(found.findings)")
  }

  @Test("a secret that the sender took as text, and did not decode, is proven")
  func undecoded() throws {
    var text: [UInt8] = []
    Base64.append(Array(Self.standardWebhooks.secret.utf8), to: &text)
    let headers = try Self.signed(
      Self.standardWebhooks, secret: "whsec_" + String(decoding: text, as: UTF8.self))
    let finding = try #require(try Self.diagnosis(of: Self.standardWebhooks, headers).findings.first)
    #expect(finding.id == "damaged-secret" && finding.level == .proven)
    #expect(finding.detail.contains("new taken whole, as text,"))
  }

  @Test("the text of another sender is proven, and what is due is said in the scheme's own words")
  func otherText() throws {
    let digits = try Self.signed(Self.gitHub, secret: Self.slack.secret).first("X-Hub-Signature-256")
    let headers = Headers([
      .init("X-Slack-Signature", "v0=" + (digits?.text.dropFirst(7) ?? "")),
      .init("X-Slack-Request-Timestamp", String(Self.now)),
    ])
    let finding = try #require(try Self.diagnosis(of: Self.slack, headers).findings.first)
    #expect(finding.id == "other-signed-text" && finding.level == .proven)
    #expect(
      finding.detail
        == "the signature is the HMAC-SHA256 of the body alone; due is HMAC-SHA256 of v0:t:body in hexadecimal"
    )
    #expect(finding.remedy == "Sign v0:t:body with HMAC-SHA256, and send it in hexadecimal.")
  }

  @Test("the text of a sender that only these providers have is tried as well")
  func learntText() throws {
    let headers = try Self.signed(Self.acme, secret: Self.slack.secret)
    let value = try #require(headers.first("Acme-Sig")).text.split(separator: "=").last ?? ""
    let slack = Headers([
      .init("X-Slack-Signature", "v0=" + value.lowercased()),
      .init("X-Slack-Request-Timestamp", String(Self.now * 1000)),
    ])
    let known = try Self.diagnosis(of: Self.slack, slack)
    #expect(known.findings.contains { $0.id == "other-signed-text" && $0.level == .proven })
    let unknown = try Self.diagnosis(of: Self.slack, slack, providers: Providers([Self.slack.provider]))
    #expect(unknown.proof == nil)
  }

  static let spellings: [(Sender, @Sendable (String) -> String, String)] = [
    (gitHub, { $0.replacing("sha256=", with: "") }, "the digest has no sha256= in front"),
    (gitHub, { String($0.dropLast(24)) }, "the signature is cut off after 40 of 64 digits"),
    (gitHub, { "sha256=" + $0.dropFirst(7).uppercased() }, "the digits are in upper case"),
    (slack, { $0.replacing("v0=", with: "\"v0=") + "\"" }, "there are quotes around it"),
    (acme, { $0.replacing(";", with: ",") }, "its parts are not separated by semicolons"),
    (acme, { $0.replacing("h1=", with: "h2=") }, "the digest is called h2, not h1"),
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
    let found = try Self.diagnosis(of: Self.slack, try Self.signed(Self.slack), after: 400)
    let finding = try #require(found.findings.first)
    #expect(finding.id == "outside-window")
    #expect(finding.detail == "t is 6 m 40 s before the arrival, and the window is 5 m")
  }

  @Test("milliseconds are no oddity where the scheme has them")
  func milliseconds() throws {
    let found = try Self.diagnosis(of: Self.acme, try Self.signed(Self.acme), body: [0x7B])
    #expect(!found.findings.contains { $0.id == "unreadable-timestamp" }, "\(found.findings)")
    #expect(found.facts.clock.t == Double(Self.now))
  }
}
