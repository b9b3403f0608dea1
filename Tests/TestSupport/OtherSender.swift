import Foundation
public import Testing
public import Webhooks

/// A sender that hooktop does not come with: its scheme as a value, and Python's own hmac to sign with, so that nothing
/// of what signs here verifies it.
public struct OtherSender: Sendable, CustomTestStringConvertible {
  public let provider: Provider
  public let secret: String
  /// A secret of the same form, from before a rotation.
  public let old: String
  /// Gives the header fields for `body` at `now` with `secret`: a dictionary `h`.
  private let python: String

  public var testDescription: String { provider.name }

  private init(_ name: String, _ scheme: SignatureScheme, secret: String, old: String, python: String) {
    provider = Provider(name, scheme: scheme) {
      $0.eventHeader = "x-event"
      $0.deliveryHeader = "x-delivery"
      $0.otherPrefixes = ["pk_"]
    }
    (self.secret, self.old, self.python) = (secret, old, python)
  }

  /// The fields that the sender would send with `body`, sorted by name.
  /// - Parameters:
  ///   - secret: the sender's own where it is nil.
  ///   - now: in Unix seconds.
  public func signed(_ body: [UInt8], secret: String? = nil, at now: Int) throws -> Headers {
    let program = """
      import base64, hashlib, hmac, json, sys
      secret, now = sys.argv[1], int(sys.argv[2]); body = sys.stdin.buffer.read()
      \(python)
      print(json.dumps(h))
      """
    let printed = try Program.run(
      ["python3", "-c", program, secret ?? self.secret, String(now)], input: body)
    let fields = try JSONDecoder().decode([String: String].self, from: Data(printed))
    return Headers(fields.sorted { $0.key < $1.key }.map { Headers.Field($0.key, $0.value) })
  }
}

extension OtherSender {
  public static let gitHub = OtherSender(
    "github",
    SignatureScheme(
      headers: ["X-Hub-Signature-256"], format: SignatureFormat("sha256={hex}")!,
      text: SignedTextTemplate("{body}")!),
    secret: "It's a Secret to Everybody", old: "It was a Secret",
    python: """
      h = {'X-Hub-Signature-256': 'sha256=' + hmac.new(secret.encode(), body, 'sha256').hexdigest()}
      """)

  public static let standardWebhooks = standardWebhooks(under: "webhook")
  /// The same under the scheme's other names.
  public static let svix = standardWebhooks(under: "svix")

  private static func standardWebhooks(under prefix: String) -> OtherSender {
    OtherSender(
      "standard-webhooks",
      SignatureScheme(
        headers: ["webhook-signature", "svix-signature"],
        format: SignatureFormat("v1,{base64}", separator: " ")!, text: SignedTextTemplate("{id}.{t}.{body}")!,
        keyForm: .base64(after: "whsec_"), time: .headers(["webhook-timestamp"]), window: 300,
        idHeaders: ["webhook-id", "svix-id"]),
      secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", old: "whsec_AAAA9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      python: """
        k = base64.b64decode(secret[6:]); t = str(now)
        s = base64.b64encode(hmac.new(k, b'msg_1.' + t.encode() + b'.' + body, 'sha256').digest()).decode()
        h = {'\(prefix)-id': 'msg_1', 'webhook-timestamp': t, '\(prefix)-signature': 'v1a,x v1,' + s}
        """)
  }

  public static let slack = OtherSender(
    "slack",
    SignatureScheme(
      headers: ["X-Slack-Signature"], format: SignatureFormat("v0={hex}")!,
      text: SignedTextTemplate("v0:{t}:{body}")!, time: .headers(["X-Slack-Request-Timestamp"]), window: 300),
    secret: "8f742231b10e8888abcd99yyyzzz85a5", old: "1f742231b10e8888abcd99yyyzzz85a5",
    python: """
      t = str(now); s = hmac.new(secret.encode(), b'v0:' + t.encode() + b':' + body, 'sha256').hexdigest()
      h = {'X-Slack-Request-Timestamp': t, 'X-Slack-Signature': 'v0=' + s}
      """)

  public static let shopify = OtherSender(
    "shopify",
    SignatureScheme(
      headers: ["X-Shopify-Hmac-SHA256"], format: SignatureFormat("{base64}")!,
      text: SignedTextTemplate("{body}")!),
    secret: "hush", old: "hash",
    python: """
      s = base64.b64encode(hmac.new(secret.encode(), body, 'sha256').digest()).decode()
      h = {'X-Shopify-Hmac-SHA256': s}
      """)

  public static let workOS = OtherSender(
    "workos",
    SignatureScheme(
      headers: ["WorkOS-Signature"], format: SignatureFormat("t={t}, v1={hex}")!,
      text: SignedTextTemplate("{t}.{body}")!, timeUnit: .milliseconds, window: 180, refusesFuture: false),
    secret: "s3cr3t", old: "s3cr2t",
    python: """
      t = str(now * 1000); s = hmac.new(secret.encode(), t.encode() + b'.' + body, 'sha256').hexdigest()
      h = {'WorkOS-Signature': 't=' + t + ',v1=' + s}
      """)

  public static let intercom = OtherSender(
    "intercom",
    SignatureScheme(
      headers: ["X-Hub-Signature"], format: SignatureFormat("sha1={hex}")!,
      text: SignedTextTemplate("{body}")!, digest: .sha1),
    secret: "s3cr3t", old: "s3cr2t",
    python: """
      h = {'X-Hub-Signature': 'sha1=' + hmac.new(secret.encode(), body, 'sha1').hexdigest()}
      """)

  public static let linear = OtherSender(
    "linear",
    SignatureScheme(
      headers: ["Linear-Signature"], format: SignatureFormat("{hex}")!, text: SignedTextTemplate("{body}")!,
      time: .body(["webhookTimestamp"]), timeUnit: .milliseconds, window: 60),
    secret: "s3cr3t", old: "s3cr2t",
    python: """
      h = {'Linear-Signature': hmac.new(secret.encode(), body, 'sha256').hexdigest()}
      """)

  /// SHA-512 in upper case, under names and signs that no other sender has.
  public static let acme = OtherSender(
    "acme",
    SignatureScheme(
      headers: ["Acme-Sig"], format: SignatureFormat("at={t};h1={HEX}")!,
      text: SignedTextTemplate("{body}#{t}")!, digest: .sha512, timeUnit: .milliseconds),
    secret: "acme-secret-1", old: "acme-secret-0",
    python: """
      t = str(now * 1000); s = hmac.new(secret.encode(), body + b'#' + t.encode(), 'sha512').hexdigest().upper()
      h = {'Acme-Sig': 'at=' + t + ';h1=' + s}
      """)
}
