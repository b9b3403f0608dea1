import Foundation
import JSON
import TestSupport
import Testing

@testable import Webhooks

/// Other senders' schemes as values, signed by Python's own hmac: nothing of what signs here verifies it.
@Suite struct SignatureSchemeTests {
  static let senders: [OtherSender] = [
    .standardWebhooks, .svix, .gitHub, .slack, .shopify, .workOS, .intercom, .linear, .acme,
  ]

  private static let now = 1_745_518_397
  private static let body = Array(
    #"{"id":"evt_1","text":"é \u2028 <&> 1.0","n":12345678901234567,"webhookTimestamp":1745518397000}"#.utf8)

  private static func signed(_ sender: OtherSender, secret: String? = nil) throws -> Headers {
    try sender.signed(body, secret: secret, at: now)
  }

  private static func verdict(
    _ sender: OtherSender, _ headers: Headers, body: [UInt8]? = nil, after: Double = 1
  )
    throws -> Verdict
  {
    let secret = try SigningSecret(sender.secret, label: sender.provider.name, provider: sender.provider)
    return Verifier(keyring: Keyring([secret])).verify(
      Request(headers: headers, body: body ?? Self.body), provider: sender.provider,
      at: Timestamp(seconds: Double(now) + after))
  }

  @Test("what an independent program signs is valid", arguments: senders)
  func valid(sender: OtherSender) throws {
    let verdict = try Self.verdict(sender, try Self.signed(sender))
    #expect(verdict.reason == .ok)
    #expect(verdict.secret?.text == sender.provider.name)
  }

  @Test("another secret or another body is a mismatch", arguments: senders)
  func mismatch(sender: OtherSender) throws {
    #expect(try Self.verdict(sender, try Self.signed(sender, secret: sender.old)).reason == .noV1Matches)
    let headers = try Self.signed(sender)
    #expect(try Self.verdict(sender, headers, body: Self.body + [0x0A]).reason == .noV1Matches)
  }

  @Test("only a time that is signed or given can be too old", arguments: senders)
  func stale(sender: OtherSender) throws {
    let verdict = try Self.verdict(sender, try Self.signed(sender), after: 3600)
    let hasTime = sender.provider.scheme.time != .nowhere
    #expect(verdict.reason == (hasTime ? .tooOld : .ok))
    #expect((verdict.ageSeconds != nil) == hasTime)
    let early = try Self.verdict(sender, try Self.signed(sender), after: -3600)
    let isRefused = hasTime && sender.provider.scheme.refusesFuture
    #expect(early.reason == (isRefused ? .inFuture : .ok))
  }

  @Test("a header that is missing or repeated says so", arguments: senders)
  func header(sender: OtherSender) throws {
    let headers = try Self.signed(sender)
    let scheme = sender.provider.scheme
    let own = headers.filter { field in scheme.headers.contains { field.name.equalsIgnoringASCIICase($0) } }
    let others = headers.filter { field in !own.contains(field) }
    #expect(try Self.verdict(sender, Headers(others)).reason == .noHeader)
    #expect(try Self.verdict(sender, Headers(headers + own)).reason == .headerRepeated)
  }

  static let malformed: [(OtherSender, value: String, reason: Verdict.Reason)] = [
    (.standardWebhooks, "v1,short", .signatureNotBase64), (.standardWebhooks, "v1,YWJj", .signatureLength),
    (.standardWebhooks, "v2,abc", .format), (.standardWebhooks, "", .headerEmpty),
    (.gitHub, "sha1=ab", .format), (.gitHub, "sha256=ab", .signatureLength),
    (.gitHub, "sha256=zz", .signatureNotHex), (.gitHub, "", .headerEmpty), (.slack, "v1=ab", .format),
    (.slack, "v0=", .signatureLength), (.slack, "", .headerEmpty), (.shopify, "YWJj", .signatureLength),
    (.shopify, "!", .signatureNotBase64), (.shopify, "", .headerEmpty), (.workOS, "t=1", .noV1),
    (.intercom, "sha1=ab", .signatureLength), (.linear, "ab", .signatureLength),
  ]

  @Test("a header that is not in the scheme's form says so", arguments: malformed.indices)
  func form(index: Int) throws {
    let (sender, value, reason) = Self.malformed[index]
    let name = sender.provider.scheme.header
    let others = try Self.signed(sender).filter { !$0.name.equalsIgnoringASCIICase(name) }
    let verdict = try Self.verdict(sender, Headers(others + [Headers.Field(name, value)]))
    #expect(verdict.reason == reason)
    #expect(verdict.status == .malformed)
  }

  @Test(
    "what is signed here is what the independent program signs, but for the order of fields",
    arguments: senders)
  func signing(sender: OtherSender) throws {
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
    let sender = OtherSender.standardWebhooks
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
