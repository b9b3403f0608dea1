internal import JSON
internal import Sender
public import Webhooks

/// An attempt that is to be made now: all that it takes to post it.
struct Departure: Sendable {
  let number: UInt64
  let endpoint: String
  let provider: Provider
  let url: AppURL
  let event: String
  let eventID: String
  let deliveryID: String
  /// 1 for the first one.
  let attempt: Int
  let body: [UInt8]
  let signedAt: Timestamp
  let at: Timestamp
  private let secret: SigningSecret

  init(
    shipment: Shipment, endpoint: Endpoint, deliveryID: String, body: [UInt8], signedAt: Timestamp,
    at: Timestamp
  ) {
    number = shipment.number
    self.endpoint = endpoint.id
    provider = endpoint.provider
    url = endpoint.url
    secret = endpoint.secret
    event = shipment.happening.type
    eventID = shipment.happening.id
    attempt = shipment.failures + 1
    self.deliveryID = deliveryID
    self.body = body
    self.signedAt = signedAt
    self.at = at
  }

  /// How long an answer is waited for, in seconds, which no time scale changes.
  var limit: Double { Double(provider.answerDue) }

  /// The request with the documented headers, signed.
  var request: Request {
    let delivery = OutgoingDelivery(provider: provider, event: event, deliveryID: deliveryID, body: body)
    return SampleSigner(secret).sign(delivery, at: signedAt).request
  }
}

/// What came of an attempt, and how long it took.
struct AttemptOutcome: Sendable {
  let result: AttemptResult
  let milliseconds: Double

  init(_ result: AttemptResult, milliseconds: Double) {
    self.result = result
    self.milliseconds = milliseconds
  }

  /// A response counts by its head, unless the rest of it took too long.
  init(_ exchange: Exchange) {
    milliseconds = exchange.milliseconds.total
    if let response = exchange.response, exchange.failure != .timeout {
      result = .status(response.status)
    } else {
      result = .failure(exchange.failure ?? .reset)
    }
  }
}

/// One attempt at a delivery, and what came of it.
public struct AttemptRecord: Sendable {
  /// When it began.
  public let at: Timestamp
  public let provider: Provider
  public let url: String
  public let event: String
  public let eventID: String
  public let deliveryID: String
  /// 1 for the first one.
  public let attempt: Int
  /// The HTTP status; nil if there was no response.
  public let status: Int?
  /// Why there was none, as files say it.
  public let error: String?
  public let milliseconds: Double
  /// When the next attempt is due; nil if there is none.
  public let next: Timestamp?
  let endpoint: String

  init(_ departure: Departure, _ outcome: AttemptOutcome, next: Timestamp?) {
    at = departure.at
    provider = departure.provider
    endpoint = departure.endpoint
    url = departure.url.text
    event = departure.event
    eventID = departure.eventID
    deliveryID = departure.deliveryID
    attempt = departure.attempt
    status = outcome.result.status
    error = outcome.result.error
    milliseconds = outcome.milliseconds
    self.next = next
  }

  /// Whether the receiver took the delivery.
  public var isAccepted: Bool { status?.isAcceptedStatus ?? false }

  /// Whether the delivery was not taken, and will not be tried again.
  public var isGivenUp: Bool { !isAccepted && next == nil }

  func write(to writer: inout JSONWriter) {
    writer.field("delivery_id", deliveryID)
    writer.field("event", event)
    writer.field("event_id", eventID)
    writer.field("attempt", attempt)
    writer.field("at", at.withMicrosecondsAndOffset)
    writer.field("status", status)
    writer.field("error", error)
    writer.field("milliseconds", milliseconds, decimals: 3)
    writer.field("next_attempt_at", next?.withMicrosecondsAndOffset)
    writer.field("given_up", isGivenUp)
  }
}
