internal import Webhooks

/// What the neighbours say about a `t` outside of the window. Times are in seconds.
enum ClockStory: Sendable, Equatable {
  case allShifted(seconds: Double, others: Int)
  case sameSignature(delivery: UInt64, secondsAgo: Double)
  case burst(deliveries: Int, seconds: Double)
  case onlyThisOne(freshOthers: Int)
  case heldUp(secondsAfterCreation: Double)
  /// `t` is in the future, and that of other deliveries is not.
  case ahead
  /// `t` is so much earlier than the event that the body tells of.
  case beforeItsEvent(seconds: Double)
  case noNeighbours

  init(_ evidence: Evidence, age: Double) {
    let neighbours = evidence.neighbours
    if let first = neighbours.sameSignature {
      let ago = evidence.subject.receivedAt.seconds - first.receivedAt.seconds
      self = .sameSignature(delivery: first.sequence, secondsAgo: ago)
      return
    }
    let ages = neighbours.verified.compactMap(\.verdict.ageSeconds)
    let alike = ages.count { abs($0 - age) <= max(30, abs(age) / 20) }
    let isShifted = alike >= 2 && 2 * alike > ages.count
    self =
      isShifted ? .allShifted(seconds: age, others: alike) : Self.alone(evidence, age: age, others: ages)
  }

  private static func alone(_ evidence: Evidence, age: Double, others: [Double]) -> ClockStory {
    // What was signed ahead of time, or before the event came about, was neither held up nor replayed.
    if age < 0 { return .ahead }
    let late = evidence.facts.clock.signedAfterCreation
    if let late, late < -60 { return .beforeItsEvent(seconds: -late) }
    if let burst = burst(evidence) { return burst }
    let fresh = others.count { abs($0) <= evidence.subject.window }
    if fresh > 0 { return .onlyThisOne(freshOthers: fresh) }
    if let late, age > 0, -60...60 ~= late { return .heldUp(secondsAfterCreation: max(0, late)) }
    return .noNeighbours
  }

  /// Stale deliveries of different age that came close together.
  private static func burst(_ evidence: Evidence) -> ClockStory? {
    let arrival = evidence.subject.receivedAt.seconds
    let near = evidence.neighbours.verified.filter {
      abs($0.receivedAt.seconds - arrival) <= 30 && ($0.verdict.ageSeconds ?? 0) > evidence.subject.window
    }
    guard near.count >= 2 else { return nil }
    let times = near.map(\.receivedAt.seconds) + [arrival]
    let span = (times.max() ?? arrival) - (times.min() ?? arrival)
    return .burst(deliveries: near.count + 1, seconds: max(span, 0.1))
  }

  func words(under scheme: SignatureScheme?) -> String {
    let t = scheme.timeWords
    return switch self {
    case .allShifted(let seconds, let others):
      "the \(others) nearest deliveries are off by about \(Durations.words(abs(seconds))) as well, so this "
        + "machine's clock seems to be \(seconds < 0 ? "behind" : "ahead")"
    case .sameSignature(let delivery, let ago):
      "delivery \(delivery) had the same signature \(Durations.words(ago)) earlier: a retry that was not signed "
        + "again, or a replay"
    case .burst(let count, let seconds):
      "\(count) deliveries of different age came within \(Durations.words(seconds)): a queue seems to have been "
        + "let go"
    case .onlyThisOne(let others):
      "\(others == 1 ? "the delivery next to it is" : "\(others) deliveries near it are") fresh, only this one is "
        + "off: a replay, or it was held up"
    case .heldUp(let seconds):
      "it was signed \(Durations.words(seconds)) after the event, and came much later: it was held up or replayed"
    case .ahead:
      "only this \(scheme?.time == .signature ? t : "time") is ahead: the sender's clock is, or \(t) was made up"
    case .beforeItsEvent(let seconds):
      "it was signed \(Durations.words(seconds)) before its own event: the sender's clocks differ, or \(t) was made up"
    case .noNeighbours: "there are no other verified deliveries to compare with: a clock, a replay or a queue"
    }
  }

  /// nil for the remedy of the cause.
  var remedy: String? {
    switch self {
    case .allShifted: "Set this machine's clock by NTP."
    case .sameSignature: "Have retries signed again, and dedupe by the event's id."
    case .burst: "Have the queue sign when it sends, or widen --tolerance while it drains."
    default: nil
    }
  }
}
