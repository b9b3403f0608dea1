internal import JSON

/// The attempts to deliver one event, oldest first: how each stands to the one before and to the sender's schedule, and
/// when the next one is due.
///
/// Those that a known secret signed are held apart from all others, as the journal counts them: what anybody can send
/// must not stand between two attempts of the sender. One that was refused since its secret was not known yet is among
/// them once it is.
public struct Attempts: Sendable, Equatable {
  /// One delivery of the event.
  public struct Attempt: Sendable, Equatable {
    public let sequence: UInt64
    /// Which attempt it is, from 1.
    public let number: Int
    public let receivedAt: Timestamp
    public let verdict: Verdict
    /// Whether a secret that is known now made its signature.
    let isVerified: Bool
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
  ///   - isVerifiedNow: whether a secret that became known later has signed a delivery that was not verified when it
  ///     arrived.
  ///   - isCancelled: called for each delivery; once it returns true, the result is incomplete.
  public init(
    _ chain: [Delivery], isVerifiedNow: (Delivery) -> Bool = { _ in false },
    isCancelled: () -> Bool = { false }
  ) {
    provider = chain.last?.envelope.provider
    let schedule = provider?.retrySchedule ?? []
    var (attempts, last): ([Attempt], [Bool: Numbered]) = ([], [:])
    for delivery in chain where !isCancelled() {
      let hasJoined = !delivery.verdict.isVerified && isVerifiedNow(delivery)
      let isVerified = delivery.verdict.isVerified || hasJoined
      let numbered = Numbered(delivery, hasJoined: hasJoined, after: last[isVerified])
      attempts.append(Attempt(numbered, isVerified: isVerified, after: last[isVerified], schedule))
      last[isVerified] = numbered
    }
    self.attempts = attempts
  }

  /// Returns the next attempt at what `attempt` delivers, or nil if the sender was told a 2xx last, waits for its
  /// answer, or has made all its attempts.
  /// - Parameter answer: what a delivery's sender was told; nil if it still waits.
  public func next(after attempt: Attempt, answer: (Attempt) -> Answer?) -> Next? {
    let isVerified = attempt.isVerified
    guard let last = attempts.last(where: { $0.isVerified == isVerified }),
      let told = answer(last), !isAccepted(told), schedule.indices.contains(last.number - 1)
    else { return nil }
    // What anybody can send is not tried again where the sender itself has been told that it is delivered.
    let isOver = attempts.contains { $0.isVerified && answer($0).map(isAccepted) == true }
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

/// A delivery with which attempt it is of those that it is counted with.
private struct Numbered {
  let delivery: Delivery
  let number: Int
  /// Whether it or one before it was counted elsewhere when it arrived.
  private let isRecounted: Bool

  init(_ delivery: Delivery, hasJoined: Bool, after previous: Numbered?) {
    self.delivery = delivery
    isRecounted = hasJoined || previous?.isRecounted == true
    let next = (previous?.number ?? 0) + 1
    // What others have sent was counted with one that has joined later.
    number = hasJoined ? next : isRecounted ? max(next, delivery.attempt) : delivery.attempt
  }
}

extension Attempts.Attempt {
  fileprivate init(_ own: Numbered, isVerified: Bool, after previous: Numbered?, _ schedule: [Double]) {
    sequence = own.delivery.sequence
    number = own.number
    receivedAt = own.delivery.receivedAt
    verdict = own.delivery.verdict
    self.isVerified = isVerified
    answer = own.delivery.answer
    step = previous.map { Attempts.Step(from: $0, to: own, schedule) }
  }
}

extension Attempts.Step {
  fileprivate init(from before: Numbered, to now: Numbered, _ schedule: [Double]) {
    let (first, second) = (before.delivery, now.delivery)
    previous = first.sequence
    gap = second.receivedAt.seconds - first.receivedAt.seconds
    // A session of several runs counts from 1 in each of them.
    let place = now.number - 2
    due = before.number == now.number - 1 && schedule.indices.contains(place) ? schedule[place] : nil
    let times = (first.verdict.timestamp, second.verdict.timestamp)
    // Times are signed in whole seconds: within one of them the same time may be a new one.
    let isTooClose = times.0 == times.1 && abs(gap) < 1
    isTimeRenewed = isTooClose ? nil : times.0.flatMap { before in times.1.map { $0 != before } }
    hasSameBody = first.request.body == second.request.body
  }
}
