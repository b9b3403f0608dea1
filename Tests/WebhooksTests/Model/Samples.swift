import JSON
import Webhooks

/// Deliveries and what they are made of, for tests that care about one or two of their properties.
enum Samples {
  static let secretText = "whsec_test_secret"
  static let now = Timestamp(microseconds: 1_745_518_397_000_000)

  static func secret(
    _ text: String = secretText, label: String = "parlay", provider: Provider = .parlay
  ) -> SigningSecret {
    (try? SigningSecret(text, label: label, provider: provider))!
  }

  static func verdict(_ reason: Verdict.Reason, age: Double? = nil, secret: ByteString? = nil) -> Verdict {
    var verdict = Verdict(reason)
    verdict.ageSeconds = age
    verdict.secret = secret
    return verdict
  }

  static func delivery(
    sequence: UInt64 = 1, receivedAt: Timestamp = now, headers: [(String, String)] = [],
    body: String = "{}", provider: Provider? = .parlay, event: ByteString? = "webhook.test",
    eventID: ByteString? = "evt_1", deliveryID: ByteString? = "del_1", livemode: Livemode = .test,
    verdict: Verdict = Verdict(.ok), isDuplicate: Bool = false, attempt: Int = 1,
    answer: Answer = Answer(status: 200, milliseconds: 0.4)
  ) -> Delivery {
    Delivery(
      sequence: sequence, receivedAt: receivedAt,
      request: Request(
        headers: Headers(headers.map { Headers.Field($0.0, $0.1) }), body: Array(body.utf8),
        peer: "127.0.0.1:51234"),
      envelope: Envelope(
        provider: provider, event: event, eventID: eventID, deliveryID: deliveryID, livemode: livemode),
      verdict: verdict, isDuplicate: isDuplicate, attempt: attempt, answer: answer)
  }

  static func arrival(
    provider: Provider? = .parlay, eventID: ByteString? = "evt_1", deliveryID: ByteString? = "del_1",
    reason: Verdict.Reason = .ok, body: String = "{}"
  ) -> Arrival {
    Arrival(
      receivedAt: now, request: Request(headers: Headers(), body: Array(body.utf8)),
      envelope: Envelope(
        provider: provider, event: "webhook.test", eventID: eventID, deliveryID: deliveryID),
      verdict: Verdict(reason), answer: Answer(status: 200, milliseconds: 0))
  }

  static let incident = Incident(
    receivedAt: now, reason: .badRequest, detail: "two lengths", peer: "127.0.0.1:9", status: 400)
}
