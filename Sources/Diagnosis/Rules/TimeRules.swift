internal import JSON
internal import Webhooks

/// The rules about `t` and the clocks.
enum TimeRules {
  static func unreadableTimestamp(_ evidence: Evidence) -> [Finding] {
    if let source = evidence.proof?.source, case .own = source {} else if evidence.proof != nil { return [] }
    if let time = evidence.proof?.time, let source = source(time.origin) {
      return [Finding(.unreadableTimestamp(.signedOtherwise(source)), .proven)]
    }
    let value = evidence.facts.clock.t
    let scale: Cause.TimestampOddity? = value.flatMap {
      1e11..<1e14 ~= $0 ? .milliseconds : 1e14..<1e17 ~= $0 ? .microseconds : nil
    }
    let isCanonical = evidence.verdict.timestamp != nil
    guard scale != nil || evidence.verdict.reason == .tNotCanonicalDecimal else { return [] }
    guard evidence.isProven, evidence.proof?.form.layout.usesTime != false else {
      return [Finding(.unreadableTimestamp(isCanonical ? scale ?? .unreadable : .unreadable), .seen)]
    }
    let isDate = evidence.proof?.time?.isDate ?? false
    return [Finding(.unreadableTimestamp(scale ?? (isDate ? .date : .otherSpelling)), .proven)]
  }

  private static func source(_ origin: SignedTime.Origin) -> Cause.TimestampSource? {
    switch origin {
    case .asSent: nil
    case .number: .number
    case .secondsOfMilliseconds: .secondsOfMilliseconds
    case .secondsOfMicroseconds: .secondsOfMicroseconds
    case .secondsOfDate: .secondsOfDate
    case .header(let name): .header(name)
    case .guessed(let before): .arrival(secondsBefore: before)
    }
  }

  static func outsideWindow(_ evidence: Evidence) -> [Finding] {
    guard let age = evidence.staleAge else { return [] }
    let isSigned = evidence.isProven && evidence.proof?.form.layout.usesTime != false
    return [
      Finding(
        .outsideWindow(
          age: age, tolerance: evidence.subject.tolerance, isSigned: isSigned,
          isAlone: evidence.verdict.status == .stale),
        isSigned ? .proven : .seen)
    ]
  }

  static func clockReplayOrQueue(_ evidence: Evidence) -> [Finding] {
    // Milliseconds taken for seconds lie millennia ahead: no clock is that wrong.
    guard evidence.isProven, let age = evidence.staleAge, age > -1e10 else { return [] }
    return [Finding(.clockReplayOrQueue(story(evidence, age: age)), .likely)]
  }

  private static func story(_ evidence: Evidence, age: Double) -> Cause.ClockStory {
    let neighbours = evidence.neighbours
    if let first = neighbours.sameSignature {
      let ago = evidence.subject.receivedAt.seconds - first.receivedAt.seconds
      return .sameSignature(delivery: first.sequence, secondsAgo: ago)
    }
    let ages = neighbours.verified.compactMap(\.verdict.ageSeconds)
    let alike = ages.filter { abs($0 - age) <= max(30, abs(age) / 20) }
    if alike.count >= 2, 2 * alike.count > ages.count {
      return .allShifted(seconds: age, others: alike.count)
    }
    // What was signed ahead of time, or before the event came about, was neither held up nor replayed.
    if age < 0 { return .ahead }
    if let late = evidence.facts.clock.signedAfterCreation, late < -60 {
      return .beforeItsEvent(seconds: -late)
    }
    if let burst = burst(evidence, age: age) { return burst }
    let fresh = ages.filter { abs($0) <= evidence.subject.tolerance }
    if !fresh.isEmpty { return .onlyThisOne(freshOthers: fresh.count) }
    if let late = evidence.facts.clock.signedAfterCreation, age > 0, -60...60 ~= late {
      return .heldUp(secondsAfterCreation: max(0, late))
    }
    return .noNeighbours
  }

  /// Stale deliveries of different age that came close together.
  private static func burst(_ evidence: Evidence, age: Double) -> Cause.ClockStory? {
    guard age > 0 else { return nil }
    let arrival = evidence.subject.receivedAt.seconds
    let near = evidence.neighbours.verified.filter {
      abs($0.receivedAt.seconds - arrival) <= 30 && ($0.verdict.ageSeconds ?? 0) > evidence.subject.tolerance
    }
    guard near.count >= 2 else { return nil }
    let times = near.map(\.receivedAt.seconds) + [arrival]
    let span = (times.max() ?? arrival) - (times.min() ?? arrival)
    return .burst(deliveries: near.count + 1, seconds: max(span, 0.1))
  }
}

extension Evidence {
  /// The age in seconds where it lies outside of the window, and the `t` that was sent is the one signed.
  fileprivate var staleAge: Double? {
    // Beside a mismatch that nothing explains, the time is not what the delivery failed by.
    guard verdict.status == .stale || isProven else { return nil }
    if let time = proof?.time, time.origin != .asSent { return nil }
    return verdict.ageSeconds.flatMap { abs($0) > subject.tolerance ? $0 : nil }
  }
}

extension SignedTime {
  /// Whether it is a date rather than a number.
  fileprivate var isDate: Bool {
    let text = String(decoding: text, as: UTF8.self)
    return ScriptNumber.parsed(text).isNaN && Timestamp(text) != nil
  }
}
