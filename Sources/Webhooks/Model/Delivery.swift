public import JSON

/// One webhook delivery as it arrived, with the verdict and the answer of that moment.
///
/// Nothing in it changes after arrival, so the ring, the screen and every writer share one object.
public final class Delivery: Sendable {
  /// The place in the order of arrival, from 1.
  public let sequence: UInt64
  /// When the last byte of the body came.
  public let receivedAt: Timestamp
  /// The request; of one that is in a file, what is known without a look there.
  @usableFromInline let held: Request
  /// Where the request is; nil where it is held in memory.
  public let filed: FiledRequest?
  public let envelope: Envelope
  public let verdict: Verdict
  /// Whether an earlier delivery with the same dedupe key was accepted: a valid one for those that a known secret
  /// signed, an unchecked one for others.
  public let isDuplicate: Bool
  /// Which attempt of its chain this is, from 1, as far as the ring remembers. Those that a known secret signed are
  /// counted apart from others.
  public let attempt: Int
  /// What the sender was told; nil if that was not known when the delivery was kept: `Outcomes.answer(to:)`.
  public let answer: Answer?
  public let origin: Origin
  /// The endpoint that it was sent to; nil if its path is none's.
  public let endpoint: Endpoint?
  /// The bytes that the ring counts for this delivery: what was sent, and the room that the object takes. Counted while
  /// all of it is at hand: when it is evicted, each look at a part of it waits for the memory.
  public let cost: Int

  private init(
    held: Request, filed: FiledRequest?, sequence: UInt64, receivedAt: Timestamp, envelope: Envelope,
    verdict: Verdict, isDuplicate: Bool, attempt: Int, answer: Answer?, origin: Origin, endpoint: Endpoint?,
    cost: Int
  ) {
    self.held = held
    self.filed = filed
    self.sequence = sequence
    self.receivedAt = receivedAt
    self.envelope = envelope
    self.verdict = verdict
    self.isDuplicate = isDuplicate
    self.attempt = attempt
    self.answer = answer
    self.origin = origin
    self.endpoint = endpoint
    self.cost = cost
  }

  public convenience init(
    sequence: UInt64, receivedAt: Timestamp, request: Request, envelope: Envelope, verdict: Verdict,
    isDuplicate: Bool, attempt: Int, answer: Answer?, origin: Origin = .received, endpoint: Endpoint? = nil
  ) {
    let names =
      (envelope.event?.count ?? 0) + (envelope.eventID?.count ?? 0) + (envelope.deliveryID?.count ?? 0)
    self.init(
      held: request, filed: nil, sequence: sequence, receivedAt: receivedAt, envelope: envelope,
      verdict: verdict, isDuplicate: isDuplicate, attempt: attempt, answer: answer, origin: origin,
      endpoint: endpoint, cost: request.byteCount + names + Self.overhead)
  }

  /// A delivery whose request is in a file.
  convenience init(
    _ filed: FiledRequest, target: ByteString, sequence: UInt64, receivedAt: Timestamp, envelope: Envelope,
    verdict: Verdict, isDuplicate: Bool, attempt: Int, answer: Answer?, origin: Origin, endpoint: Endpoint?,
    cost: Int
  ) {
    self.init(
      held: Request(target: target, headers: [], body: []), filed: filed, sequence: sequence,
      receivedAt: receivedAt, envelope: envelope, verdict: verdict, isDuplicate: isDuplicate,
      attempt: attempt, answer: answer, origin: origin, endpoint: endpoint, cost: cost)
  }

  /// The same delivery with something else that is known of it, and with its request wherever that is.
  private convenience init(
    _ other: Delivery, filed: FiledRequest? = nil, sequence: UInt64? = nil, verdict: Verdict? = nil,
    answer: Answer? = nil, endpoint: Endpoint? = nil
  ) {
    self.init(
      held: other.held, filed: filed ?? other.filed, sequence: sequence ?? other.sequence,
      receivedAt: other.receivedAt, envelope: other.envelope, verdict: verdict ?? other.verdict,
      isDuplicate: other.isDuplicate, attempt: other.attempt, answer: answer ?? other.answer,
      origin: other.origin, endpoint: endpoint ?? other.endpoint, cost: other.cost)
  }

  /// Whether its sender was told in time that it is delivered, as far as that was known when it was kept.
  var isAccepted: Bool { answer?.isAccepted(by: envelope.provider) ?? false }

  /// What a kept delivery takes beyond what was sent, in bytes, as the benchmark measures it: the object, the heads
  /// of its arrays, and its places in the lists.
  private static let overhead = 600
}

extension Delivery {
  /// The request as it came. One that is in a file is read there when it is asked for first: with an empty body where
  /// the file does not hold it any more, which `isLost` tells.
  @inlinable
  public var request: Request {
    guard let filed else { return held }
    return filed.request ?? held
  }

  /// The header fields of the request, handed over in less time than all of it.
  public var headers: Headers { filed == nil ? held.headers : request.headers }

  /// How long the body is, in bytes; known without a look at the request.
  @inlinable
  public var bodySize: Int { filed?.bodySize ?? held.body.count }

  /// The target of the request, known without a look at the rest of it.
  @inlinable
  public var target: ByteString { held.target }

  /// What the request says of its body's type, known without a look at the rest of it.
  public var contentType: ByteString? { filed?.contentType ?? held.headers.first("content-type") }

  /// Whether its request can be had at once: it is in memory, or its line is no longer than `limit` bytes.
  public func isAtHand(reading limit: Int) -> Bool { filed?.isAtHand(reading: limit) ?? true }

  /// Whether its request can be had; what is in a file is read for that.
  public var isReadable: Bool { filed.map { $0.request != nil } ?? true }

  /// Whether its request was in a file that does not hold it any more, as far as somebody has looked.
  public var isLost: Bool { filed?.isLost ?? false }
}

extension Delivery {
  /// Returns the same delivery with another number, a later verdict, or the answer that is known by now.
  public func with(sequence: UInt64? = nil, verdict: Verdict? = nil, answer: Answer? = nil) -> Delivery {
    Delivery(self, sequence: sequence, verdict: verdict, answer: answer)
  }

  /// Returns the same delivery as one that was sent to this endpoint.
  public func at(_ endpoint: Endpoint) -> Delivery { Delivery(self, endpoint: endpoint) }

  /// Returns the same delivery as one whose request stands in a file.
  public func filed(as request: FiledRequest) -> Delivery { Delivery(self, filed: request) }

  /// Returns the same delivery with some of its request left out, or with what is known of it by now.
  public func with(request: Request, envelope: Envelope? = nil) -> Delivery {
    Delivery(
      sequence: sequence, receivedAt: receivedAt, request: request, envelope: envelope ?? self.envelope,
      verdict: verdict, isDuplicate: isDuplicate, attempt: attempt, answer: answer, origin: origin,
      endpoint: endpoint)
  }
}

/// Where a delivery comes from.
public enum Origin: Sendable, Equatable {
  /// From its sender, by this run's receiver.
  case received
  /// From the user, who had the delivery of this number sent to an app again.
  case replay(of: UInt64)
  /// From a line of a recorded session, counted from 1; where the user had sent it, the number of the delivery that it
  /// was made from.
  case recorded(line: Int, replayOf: UInt64? = nil)
}

extension Delivery {
  /// The number of the delivery that this one was made from; nil if it came from its sender.
  public var replayOf: UInt64? {
    switch origin {
    case .received: nil
    case .replay(let sequence): sequence
    case .recorded(_, let sequence): sequence
    }
  }
}

/// Where a delivery comes from, in the words of the filter.
enum DeliverySource: String, Sendable {
  /// From its sender.
  case wire
  /// From the user.
  case replay
  /// From a recorded session.
  case file
}

extension Delivery {
  var source: DeliverySource {
    if replayOf != nil { return .replay }
    return if case .recorded = origin { .file } else { .wire }
  }
}

/// A delivery that the receiver has verified and answered for, before the ring gives it its place.
public struct Arrival: Sendable {
  public var receivedAt: Timestamp
  public var request: Request
  public var envelope: Envelope
  public var verdict: Verdict
  /// What its sender is told; nil if that depends on what an app says.
  public var answer: Answer?
  public var origin: Origin
  /// The endpoint that it was sent to.
  public var endpoint: Endpoint?
  /// What is asked for where it is a challenge of its sender.
  public var challenge: ChallengeAnswer?

  public init(
    receivedAt: Timestamp, request: Request, envelope: Envelope, verdict: Verdict, answer: Answer?,
    origin: Origin = .received, endpoint: Endpoint? = nil, challenge: ChallengeAnswer? = nil
  ) {
    self.challenge = challenge
    self.endpoint = endpoint
    self.origin = origin
    self.receivedAt = receivedAt
    self.request = request
    self.envelope = envelope
    self.verdict = verdict
    self.answer = answer
  }
}
