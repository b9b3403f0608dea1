internal import JSON

/// The attempts to deliver one event, oldest first: how each stands to the one before and to the sender's schedule, and
/// when the next one is due.
///
/// Those that a known secret signed are held apart from all others, as the journal counts them: what anybody can send
/// must not stand between two attempts of the sender.
public struct Attempts: Sendable, Equatable {
  /// One delivery of the event.
  public struct Attempt: Sendable, Equatable {
    public let sequence: UInt64
    /// Which attempt it is, from 1.
    public let number: Int
    public let receivedAt: Timestamp
    public let verdict: Verdict
    /// What the sender was told; nil if that was not known when the delivery was kept.
    public let answer: Answer?
    /// How it stands to the attempt before; nil if there is none, or it is not kept.
    public let step: Step?
  }

  /// From one attempt to the next.
  public struct Step: Sendable, Equatable {
    /// The number of the delivery before.
    public let previous: UInt64
    /// Between the two, in seconds.
    public let gap: Double
    /// What the sender documents for it, in seconds; nil if it documents nothing.
    public let due: Double?
    /// Whether the sender signed another time; nil if one of them has no readable one, and if
    /// both were signed within the same second.
    public let isTimeRenewed: Bool?
    public let hasSameBody: Bool
  }

  /// The attempt that the sender is to make next.
  public struct Next: Sendable, Equatable {
    public let due: Timestamp
    /// Which retry it is, from 1, and of how many.
    public let retry: Int
    public let retries: Int
  }

  public let attempts: [Attempt]
  private let provider: Provider?
  private var schedule: [Double] { provider?.retrySchedule ?? [] }

  /// - Parameters:
  ///   - chain: kept deliveries of one event, oldest first.
  ///   - isCancelled: asked at each delivery; what comes of it once it says so is of no use.
  public init(_ chain: [Delivery], isCancelled: () -> Bool = { false }) {
    provider = chain.last?.envelope.provider
    let schedule = provider?.retrySchedule ?? []
    var (attempts, last): ([Attempt], [Bool: Delivery]) = ([], [:])
    for delivery in chain where !isCancelled() {
      let group = delivery.verdict.isVerified
      attempts.append(Attempt(delivery, after: last[group], schedule))
      last[group] = delivery
    }
    self.attempts = attempts
  }

  /// Returns the next attempt at what `attempt` delivers, or nil if the sender was told a 2xx last, waits for its
  /// answer, or has made all its attempts.
  /// - Parameter answer: what a delivery's sender was told; nil if it still waits.
  public func next(after attempt: Attempt, answer: (Attempt) -> Answer?) -> Next? {
    let isVerified = attempt.verdict.isVerified
    guard let last = attempts.last(where: { $0.verdict.isVerified == isVerified }),
      let told = answer(last), !isAccepted(told), schedule.indices.contains(last.number - 1)
    else { return nil }
    // What anybody can send is not tried again where the sender itself has been told that it is delivered.
    let isOver = attempts.contains { $0.verdict.isVerified && answer($0).map(isAccepted) == true }
    guard isVerified || !isOver else { return nil }
    let gap = Timestamp(seconds: schedule[last.number - 1]).microseconds
    let (due, isBeyond) = last.receivedAt.microseconds.addingReportingOverflow(gap)
    return Next(
      due: Timestamp(microseconds: isBeyond ? .max : due), retry: last.number, retries: schedule.count)
  }

  /// Returns whether the sender counts it as delivered after such an answer.
  public func isAccepted(_ answer: Answer) -> Bool { answer.isAccepted(by: provider) }

  /// How many retries the sender documents.
  public var retries: Int { schedule.count }

  public subscript(sequence: UInt64) -> Attempt? { attempts.first { $0.sequence == sequence } }
}

extension Attempts.Attempt {
  fileprivate init(_ delivery: Delivery, after previous: Delivery?, _ schedule: [Double]) {
    sequence = delivery.sequence
    number = delivery.attempt
    receivedAt = delivery.receivedAt
    verdict = delivery.verdict
    answer = delivery.answer
    step = previous.map { Attempts.Step(from: $0, to: delivery, schedule) }
  }
}

extension Attempts.Step {
  fileprivate init(from first: Delivery, to second: Delivery, _ schedule: [Double]) {
    previous = first.sequence
    gap = second.receivedAt.seconds - first.receivedAt.seconds
    // A session of several runs counts from 1 in each of them.
    let place = second.attempt - 2
    due = first.attempt == second.attempt - 1 && schedule.indices.contains(place) ? schedule[place] : nil
    let (before, now) = (first.verdict.timestamp, second.verdict.timestamp)
    // Times are signed in whole seconds: within one of them the same time may be a new one.
    let isTooClose = before == now && abs(gap) < 1
    isTimeRenewed = isTooClose ? nil : before.flatMap { before in now.map { $0 != before } }
    hasSameBody = first.request.body == second.request.body
  }
}
