import Foundation
import JSON
import TestSupport
import Testing
import Webhooks

/// A sender that no file of the program knows, to show that one value is all that a new one takes.
@Suite struct ProvidersTests {
  private static let acme = Provider(
    "acme", title: "Acme",
    scheme: SignatureScheme(
      headers: ["X-Acme-Signature"], format: SignatureFormat("ts={t};h1={hex}")!,
      text: SignedTextTemplate("{t}:{body}")!)
  ) {
    $0.eventHeader = "X-Acme-Event"
    $0.deliveryHeader = "X-Acme-Delivery"
    $0.eventIDPath = ["meta", "id"]
    $0.eventPath = ["meta", "type"]
    $0.createdAtPath = ["meta", "at"]
    $0.livemodePath = ["environment"]
    $0.liveValue = "production"
    $0.answerDue = 5
    $0.retrySchedule = [60]
    $0.events = ["order.paid"]
  }
  private static let providers = Providers([.parlay, .parable, acme])
  private static let body = Array(
    #"{"event":"no","meta":{"id":"ord_1","type":"order.paid","at":"2026-04-24T18:53:17Z"},"environment":"production"}"#
      .utf8)

  private static func request() throws -> (Request, SigningSecret) {
    let secret = try SigningSecret("s3cr3t", label: "acme", provider: acme)
    let fields = secret.fields(signing: body, at: Timestamp(seconds: 1_745_518_397))
    return (Request(headers: Headers(fields), body: body), secret)
  }

  @Test("a new sender is recognised, read, verified and filtered by as the others are")
  func newSender() throws {
    let (request, secret) = try Self.request()
    let envelope = Envelope(reading: request, providers: Self.providers)
    #expect(envelope.provider == Self.acme)
    #expect(envelope.event == "order.paid")
    #expect(envelope.eventID == "ord_1")
    #expect(envelope.livemode == .live)
    let verdict = Verifier(keyring: Keyring([secret]))
      .verify(request, provider: envelope.provider, at: Timestamp(seconds: 1_745_518_400))
    #expect(verdict.reason == .ok)
    let delivery = Delivery(
      sequence: 1, receivedAt: Timestamp(seconds: 1_745_518_400), request: request, envelope: envelope,
      verdict: verdict, isDuplicate: false, attempt: 1, answer: Answer(status: 200, milliseconds: 1))
    #expect(try Filter("provider:acme live:true", providers: Self.providers).matches(delivery))
    #expect(throws: FilterError.self) { try Filter("provider:acme", providers: .documented) }
  }

  @Test("its signature is written as its format says, and made over its text by openssl, too")
  func signature() throws {
    let (request, _) = try Self.request()
    let printed = try Program.run(
      ["openssl", "dgst", "-sha256", "-hmac", "s3cr3t", "-r"], input: Array("1745518397:".utf8) + Self.body)
    let digits = String(decoding: printed.prefix(64), as: UTF8.self)
    #expect(request.headers.first("x-acme-signature")?.text == "ts=1745518397;h1=\(digits)")
  }

  @Test("a recorded delivery of it is read again where it is known, and named where it is not")
  func session() throws {
    let (request, _) = try Self.request()
    let envelope = Envelope(reading: request, providers: Self.providers)
    var writer = SessionWriter()
    writer.write(
      Delivery(
        sequence: 1, receivedAt: Timestamp(seconds: 1), request: request, envelope: envelope,
        verdict: Verdict(.noSecret), isDuplicate: false, attempt: 1,
        answer: Answer(status: 200, milliseconds: 1)))
    guard case .delivery(let read) = try SessionRecord(line: writer.bytes, providers: Self.providers) else {
      Issue.record("not a delivery")
      return
    }
    #expect(read.envelope == envelope && envelope.createdAt == Timestamp("2026-04-24T18:53:17Z"))
    #expect(throws: SessionError.unexpected(.provider)) { try SessionRecord(line: writer.bytes) }
  }

  @Test("a sender is read from the facts that a file gives, as the built-in ones are written")
  func decoding() throws {
    let json = """
      {"name": "acme", "title": "Acme", "event-header": "X-Acme-Event", "delivery-header": "X-Acme-Delivery",
       "signature": {"header": "X-Acme-Signature", "format": "ts={t};h1={hex}", "text": "{t}:{body}"},
       "id": "body.meta.id", "created-at": "body.at", "started-at": "body.meta.start", "event": "body.meta.type",
       "livemode": {"at": "body.environment", "live": "production"}, "answer-within": "5s",
       "retries": ["1m"], "events": ["order.paid"], "documented-bodies": [{"event": "order.paid", "body": "{}"}],
       "sample-verifiers": ["parlay_ts"], "sends": ["user-agent: acme/1", "Content-Type: text/x"]}
      """
    let read = try JSONDecoder().decode(Provider.self, from: Data(json.utf8))
    #expect(read == Self.acme)
    #expect(read.scheme == Self.acme.scheme)
    #expect(read.eventIDPath == Self.acme.eventIDPath)
    #expect(read.eventPath == Self.acme.eventPath)
    #expect(read.createdAtPath == ["at"] && read.startedAtPath == ["meta", "start"])
    #expect(read.livemodePath == ["environment"] && read.liveValue == "production")
    #expect(read.retrySchedule == [60])
    #expect(read.answerDue == 5)
    #expect(read.documentedBodies == [DocumentedBody("order.paid", "{}")])
    #expect(read.sampleVerifiers == ["parlay_ts"])
    #expect(
      read.constantFields == [.init("user-agent", "acme/1"), .init("Content-Type", "text/x")])
    let standard = """
      {"header": ["webhook-signature", "svix-signature"], "format": "v1,{base64}", "separator": " ",
       "text": "{id}.{t}.{body}", "key": "base64", "prefix": "whsec_", "time": "webhook-timestamp",
       "window": 300, "id": ["webhook-id", "svix-id"]}
      """
    #expect(
      try JSONDecoder().decode(SignatureScheme.self, from: Data(standard.utf8))
        == SignatureSchemeTests.senders[0].provider.scheme)
  }

  @Test(
    "facts that can't be are refused, with what is expected",
    arguments: [
      (#""format": "{t}", "text": "{t}.{body}""#, "such as t={t},v1={hex}"),
      (#""format": "{hex}", "text": "{t}""#, "such as {t}.{body}"),
      (#""format": "{hex}", "text": "{body}", "key": "rot13""#, "expected utf8, base64 or hex"),
    ])
  func refused(facts: String, words: String) {
    let json = "{\"header\": \"X\", \(facts)}"
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(SignatureScheme.self, from: Data(json.utf8))
    }
    #expect(error.map { "\($0)".contains(words) } == true)
  }

  @Test("two of one name are the same, whatever else they say")
  func equality() {
    let other = Provider("acme", title: "Other", scheme: Provider.parlay.scheme) { $0.answerDue = 1 }
    #expect(other == Self.acme)
    #expect(Set([other, Self.acme, .parlay]).count == 2)
  }
}

@Suite("A time scale")
struct TimeScaleTests {
  @Test("divides retry schedules and nothing else, and leaves senders who they are")
  func scaled() {
    let scaled = Providers.documented.scaled(by: 600)
    #expect(scaled["parlay"]?.retrySchedule == [0.1, 0.5, 2.5, 12, 48])
    #expect(scaled["parable"]?.retrySchedule == [0.1, 0.5, 1.5, 6, 36, 144])
    #expect(scaled == .documented && scaled["parable"]?.answerDue == 10)
    #expect(Providers.documented["parlay"]?.retrySchedule == [60, 300, 1500, 7200, 28800])
    #expect(Providers.documented.scaled(by: 1)["parlay"]?.retrySchedule.first == 60)
  }

  @Test("a schedule that lies beyond all time is no trap")
  func beyond() {
    let slow = Providers.documented.scaled(by: 1e-15)
    let envelope = Envelope(provider: slow["parlay"], eventID: "e")
    let delivery = Delivery(
      sequence: 1, receivedAt: Timestamp(seconds: 1_745_518_400),
      request: Request(headers: Headers(), body: []),
      envelope: envelope, verdict: Verdict(.ok), isDuplicate: false, attempt: 1,
      answer: Answer(status: 500, milliseconds: 1))
    let attempts = Attempts([delivery])
    #expect(
      attempts.next(after: attempts.attempts[0], answer: \.answer)?.due == Timestamp(microseconds: .max))
  }
}
