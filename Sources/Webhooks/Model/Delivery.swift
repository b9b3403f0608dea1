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

  public init(
    sequence: UInt64, receivedAt: Timestamp, request: Request, envelope: Envelope, verdict: Verdict,
    isDuplicate: Bool, attempt: Int, answer: Answer?, origin: Origin = .received, endpoint: Endpoint? = nil
  ) {
    held = request
    filed = nil
    self.endpoint = endpoint
    self.sequence = sequence
    self.receivedAt = receivedAt
    self.envelope = envelope
    self.verdict = verdict
    self.isDuplicate = isDuplicate
    self.attempt = attempt
    self.answer = answer
    self.origin = origin
    let names =
      (envelope.event?.count ?? 0) + (envelope.eventID?.count ?? 0) + (envelope.deliveryID?.count ?? 0)
    cost = request.byteCount + names + Self.overhead
  }

  /// A delivery whose request is in a file.
  init(
    _ filed: FiledRequest, target: ByteString, sequence: UInt64, receivedAt: Timestamp, envelope: Envelope,
    verdict: Verdict, isDuplicate: Bool, attempt: Int, answer: Answer?, origin: Origin, endpoint: Endpoint?,
    cost: Int
  ) {
    held = Request(target: target, headers: [], body: [])
    self.filed = filed
    self.endpoint = endpoint
    self.sequence = sequence
    self.receivedAt = receivedAt
    self.envelope = envelope
    self.verdict = verdict
    self.isDuplicate = isDuplicate
    self.attempt = attempt
    self.answer = answer
    self.origin = origin
    self.cost = cost
  }

  /// Another delivery with the request of this one.
  private init(
    _ other: Delivery, filed: FiledRequest?, sequence: UInt64, envelope: Envelope, verdict: Verdict,
    answer: Answer?, endpoint: Endpoint?
  ) {
    held = other.held
    self.filed = filed
    self.sequence = sequence
    self.envelope = envelope
    self.verdict = verdict
    self.answer = answer
    self.endpoint = endpoint
    (receivedAt, origin, cost) = (other.receivedAt, other.origin, other.cost)
    (isDuplicate, attempt) = (other.isDuplicate, other.attempt)
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
    Delivery(
      self, filed: filed, sequence: sequence ?? self.sequence, envelope: envelope,
      verdict: verdict ?? self.verdict, answer: answer ?? self.answer, endpoint: endpoint)
  }

  /// Returns the same delivery as one that was sent to this endpoint.
  public func at(_ endpoint: Endpoint) -> Delivery {
    Delivery(
      self, filed: filed, sequence: sequence, envelope: envelope, verdict: verdict, answer: answer,
      endpoint: endpoint)
  }

  /// Returns the same delivery as one whose request stands in a file.
  public func filed(as request: FiledRequest) -> Delivery {
    Delivery(
      self, filed: request, sequence: sequence, envelope: envelope, verdict: verdict, answer: answer,
      endpoint: endpoint)
  }

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

/// What the receiver told the sender.
public struct Answer: Sendable, Hashable {
  // Every kept delivery holds one.
  private let code: UInt16
  /// From the last byte of the body to the verdict or the app's response that the answer goes by, in milliseconds;
  /// recording and sending come after it.
  public var milliseconds: Double
  /// The rule that made it, or `challenge`; nil if the verdict or an app did.
  public var rule: RuleName?

  /// Returns whether the sender counts it as delivered: any 2xx that comes while it still waits.
  public func isAccepted(by provider: Provider?) -> Bool {
    code.isAcceptedStatus && milliseconds < provider.map { Double($0.answerDue) * 1000 } ?? .infinity
  }

  /// - Parameter status: the HTTP status; nil if the sender gets no answer.
  public init(status: Int?, milliseconds: Double, rule: RuleName? = nil) {
    code = status.flatMap(UInt16.init(exactly:)) ?? 0
    self.milliseconds = milliseconds
    self.rule = rule
  }

  /// The HTTP status; nil if the sender got no answer.
  public var status: Int? { code == 0 ? nil : Int(code) }
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

/// What the receiver tells a sender whose delivery it has stored.
public enum AnswerPolicy: String, Sendable, CaseIterable {
  /// 200 where the verdict is valid or unchecked, else 401, so that the sender sees what its receiver would say.
  case verified
  /// 200 to every delivery.
  case always
  /// What the app says that a delivery is forwarded to; to any other delivery as `verified` does.
  case forward

  /// Returns the HTTP status for a delivery with `verdict` that no app answers.
  public func status(for verdict: Verdict) -> Int {
    switch self {
    case .verified, .forward: verdict.status.isFailure ? 401 : 200
    case .always: 200
    }
  }
}

/// Something that reached the receiver and is not a delivery.
public struct Incident: Sendable, Equatable {
  public enum Reason: String, Sendable, CaseIterable {
    case badRequest = "bad-request"
    case tooLarge = "too-large"
    case headersTooLarge = "headers-too-large"
    case timeout
    case aborted
    case wrongMethod = "wrong-method"
    case notHTTP = "not-http"
    case expectationFailed = "expectation-failed"
    case upgradeRefused = "upgrade-refused"
    case notStored = "not-stored"
    case tooManyConnections = "too-many-connections"
  }

  public var receivedAt: Timestamp
  public var reason: Reason
  /// One sentence on what was seen; it may quote received text and must pass the gate to be shown.
  public var detail: String
  public var peer: String
  /// The HTTP status that was answered; nil if the connection was closed without one.
  public var status: Int?
  /// What came of it; nil if that is nothing, or not known.
  public var received: Received?

  public init(
    receivedAt: Timestamp, reason: Reason, detail: String, peer: String, status: Int?,
    received: Received? = nil
  ) {
    self.received = received
    self.receivedAt = receivedAt
    self.reason = reason
    self.detail = detail
    self.peer = peer
    self.status = status
  }
}

extension Incident {
  /// That something could not be recorded, named by a noun with its article.
  public static func notStored(
    _ what: String, _ error: any Error, at time: Timestamp, peer: String = "", status: Int? = nil
  ) -> Incident {
    Incident(
      receivedAt: time, reason: .notStored, detail: "\(what) could not be stored: \(error)", peer: peer,
      status: status)
  }
}

extension BinaryInteger {
  /// Whether an HTTP status of this number says that the request was accepted: any 2xx.
  public var isAcceptedStatus: Bool { (200..<300).contains(self) }
}
