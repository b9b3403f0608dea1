import Foundation
import JSON
import TestSupport
import Testing

@testable import Webhooks

/// Other senders' schemes as values, signed by Python's own hmac: nothing of what signs here verifies it.
@Suite struct SignatureSchemeTests {
  struct Sender: Sendable, CustomTestStringConvertible {
    let provider: Provider
    let secret: String
    /// Gives the header fields for `body` at `now` with `secret`; a dictionary `h` of them.
    let python: String
    var malformed: [String: Verdict.Reason] = [:]
    var testDescription: String { provider.name }
  }

  private static func sender(
    _ name: String, _ scheme: SignatureScheme, secret: String, malformed: [String: Verdict.Reason],
    python: String
  ) -> Sender {
    Sender(
      provider: Provider(
        name: name, title: name, eventHeader: "x-event", deliveryHeader: "x-delivery", scheme: scheme,
        userAgentPrefix: nil, eventIDPath: ["id"], deliveryIDPath: nil, createdAtPath: ["created"],
        hasLivemode: false, deliveryIDNamesChain: false, answerDue: 10, retrySchedule: [], events: []),
      secret: secret, python: python, malformed: malformed)
  }

  static let senders: [Sender] = [
    sender(
      "standard-webhooks",
      SignatureScheme(
        headers: ["webhook-signature", "svix-signature"],
        format: SignatureFormat("v1,{base64}", separator: " ")!, text: SignedTextTemplate("{id}.{t}.{body}")!,
        keyForm: .base64(after: "whsec_"), time: .header("webhook-timestamp"), window: 300,
        idHeaders: ["webhook-id", "svix-id"]),
      secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      malformed: [
        "v1,short": .signatureNotBase64, "v1,YWJj": .signatureLength, "v2,abc": .format, "": .headerEmpty,
      ],
      python: """
        k = base64.b64decode(secret[6:]); t = str(now)
        s = base64.b64encode(hmac.new(k, b'msg_1.' + t.encode() + b'.' + body, 'sha256').digest()).decode()
        h = {'webhook-id': 'msg_1', 'webhook-timestamp': t, 'webhook-signature': 'v1a,x v1,' + s}
        """),
    sender(
      "github",
      SignatureScheme(
        headers: ["X-Hub-Signature-256"], format: SignatureFormat("sha256={hex}")!,
        text: SignedTextTemplate("{body}")!),
      secret: "It's a Secret to Everybody",
      malformed: [
        "sha1=ab": .format, "sha256=ab": .signatureLength, "sha256=zz": .signatureNotHex, "": .headerEmpty,
      ],
      python: """
        h = {'X-Hub-Signature-256': 'sha256=' + hmac.new(secret.encode(), body, 'sha256').hexdigest()}
        """),
    sender(
      "slack",
      SignatureScheme(
        headers: ["X-Slack-Signature"], format: SignatureFormat("v0={hex}")!,
        text: SignedTextTemplate("v0:{t}:{body}")!, time: .header("X-Slack-Request-Timestamp"), window: 300),
      secret: "8f742231b10e8888abcd99yyyzzz85a5",
      malformed: ["v1=ab": .format, "v0=": .signatureLength, "": .headerEmpty],
      python: """
        t = str(now); s = hmac.new(secret.encode(), b'v0:' + t.encode() + b':' + body, 'sha256').hexdigest()
        h = {'X-Slack-Request-Timestamp': t, 'X-Slack-Signature': 'v0=' + s}
        """),
    sender(
      "shopify",
      SignatureScheme(
        headers: ["X-Shopify-Hmac-SHA256"], format: SignatureFormat("{base64}")!,
        text: SignedTextTemplate("{body}")!),
      secret: "hush", malformed: ["YWJj": .signatureLength, "!": .signatureNotBase64, "": .headerEmpty],
      python: """
        h = {'X-Shopify-Hmac-SHA256': base64.b64encode(hmac.new(secret.encode(), body, 'sha256').digest()).decode()}
        """),
    sender(
      "workos",
      SignatureScheme(
        headers: ["WorkOS-Signature"], format: SignatureFormat("t={t}, v1={hex}")!,
        text: SignedTextTemplate("{t}.{body}")!, timeUnit: .milliseconds, window: 180, refusesFuture: false),
      secret: "s3cr3t", malformed: ["t=1": .noV1],
      python: """
        t = str(now * 1000)
        h = {'WorkOS-Signature': 't=' + t + ',v1=' + hmac.new(secret.encode(), t.encode() + b'.' + body, 'sha256').hexdigest()}
        """),
    sender(
      "intercom",
      SignatureScheme(
        headers: ["X-Hub-Signature"], format: SignatureFormat("sha1={hex}")!,
        text: SignedTextTemplate("{body}")!, digest: .sha1),
      secret: "s3cr3t", malformed: ["sha1=ab": .signatureLength],
      python: """
        h = {'X-Hub-Signature': 'sha1=' + hmac.new(secret.encode(), body, 'sha1').hexdigest()}
        """),
    sender(
      "linear",
      SignatureScheme(
        headers: ["Linear-Signature"], format: SignatureFormat("{hex}")!, text: SignedTextTemplate("{body}")!,
        time: .body(["webhookTimestamp"]), timeUnit: .milliseconds, window: 60),
      secret: "s3cr3t", malformed: ["ab": .signatureLength],
      python: """
        h = {'Linear-Signature': hmac.new(secret.encode(), body, 'sha256').hexdigest()}
        """),
  ]

  private static let now = 1_745_518_397
  private static let body = Array(
    #"{"id":"evt_1","text":"é \u2028 <&> 1.0","n":12345678901234567,"webhookTimestamp":1745518397000}"#.utf8)

  private static func signed(_ sender: Sender, secret: String? = nil) throws -> Headers {
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

  private static func verdict(_ sender: Sender, _ headers: Headers, body: [UInt8]? = nil, after: Double = 1)
    throws -> Verdict
  {
    let secret = try SigningSecret(sender.secret, label: sender.provider.name, provider: sender.provider)
    return Verifier(keyring: Keyring([secret])).verify(
      Request(headers: headers, body: body ?? Self.body), provider: sender.provider,
      at: Timestamp(seconds: Double(now) + after))
  }

  @Test("what an independent program signs is valid", arguments: senders)
  func valid(sender: Sender) throws {
    let verdict = try Self.verdict(sender, try Self.signed(sender))
    #expect(verdict.reason == .ok)
    #expect(verdict.secret?.text == sender.provider.name)
  }

  @Test("another secret or another body is a mismatch", arguments: senders)
  func mismatch(sender: Sender) throws {
    let other = sender.secret.hasPrefix("whsec_") ? "whsec_AAAA9r8GKYqrTwjUPD8ILPZIo2LaLaSw" : "another"
    #expect(try Self.verdict(sender, try Self.signed(sender, secret: other)).reason == .noV1Matches)
    let headers = try Self.signed(sender)
    #expect(try Self.verdict(sender, headers, body: Self.body + [0x0A]).reason == .noV1Matches)
  }

  @Test("only a time that is signed or given can be too old", arguments: senders)
  func stale(sender: Sender) throws {
    let verdict = try Self.verdict(sender, try Self.signed(sender), after: 3600)
    let hasTime = sender.provider.scheme.time != .nowhere
    #expect(verdict.reason == (hasTime ? .tooOld : .ok))
    #expect((verdict.ageSeconds != nil) == hasTime)
    let early = try Self.verdict(sender, try Self.signed(sender), after: -3600)
    let isRefused = hasTime && sender.provider.scheme.refusesFuture
    #expect(early.reason == (isRefused ? .inFuture : .ok))
  }

  @Test("a header that is missing, repeated or not in the scheme's form says so", arguments: senders)
  func malformed(sender: Sender) throws {
    let name = sender.provider.scheme.header
    let headers = try Self.signed(sender)
    let others = headers.filter { !$0.name.equalsIgnoringASCIICase(name) }
    #expect(try Self.verdict(sender, Headers(others)).reason == .noHeader)
    #expect(
      try Self.verdict(sender, Headers(headers + headers.filter { $0.name.equalsIgnoringASCIICase(name) }))
        .reason == .headerRepeated)
    for (value, reason) in sender.malformed {
      let verdict = try Self.verdict(sender, Headers(others + [Headers.Field(name, value)]))
      #expect(verdict.reason == reason, "\(value)")
      #expect(verdict.status == .malformed)
    }
  }

  @Test(
    "what is signed here is what the independent program signs, but for the order of fields",
    arguments: senders)
  func signing(sender: Sender) throws {
    let secret = try SigningSecret(sender.secret, label: "a", provider: sender.provider)
    let fields = secret.fields(
      signing: Self.body, at: Timestamp(seconds: Double(Self.now)), id: Array("msg_1".utf8))
    let verdict = try Self.verdict(sender, Headers(fields))
    #expect(verdict.reason == .ok)
    let own = sender.provider.scheme.read(Request(headers: Headers(fields), body: Self.body))
    let theirs = sender.provider.scheme.read(Request(headers: try Self.signed(sender), body: Self.body))
    let mac = try #require(own.candidates.first)
    #expect(theirs.candidates.contains { $0.matches(mac) })
  }

  @Test("a scheme that signs the id or the time needs it")
  func parts() throws {
    let sender = Self.senders[0]
    let headers = try Self.signed(sender)
    func without(_ name: String) throws -> Verdict.Reason {
      try Self.verdict(sender, Headers(headers.filter { $0.name.text != name })).reason
    }
    #expect(try without("webhook-id") == .noID)
    #expect(try without("webhook-timestamp") == .noT)
  }

  @Test(
    "templates that can't be read back are refused",
    arguments: ["", "v1=", "{t}", "t={t}{hex}", "t={t} v1={hex}", "{hex},t={t}", "{hex}x", "t={t},v1={hex}x"])
  func formats(template: String) {
    #expect(SignatureFormat(template) == nil)
  }

  @Test(
    "texts without a body or with an unknown place are refused",
    arguments: ["", "{t}", "{body}{body}", "{x}{body}"])
  func texts(template: String) {
    #expect(SignedTextTemplate(template) == nil)
  }
}
