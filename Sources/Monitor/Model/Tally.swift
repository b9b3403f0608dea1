internal import DequeModule
internal import JSON
internal import Webhooks

/// Counts the kept deliveries by verdict, type, endpoint and cause, and how long their verdicts and the app took: each delivery
/// that arrives or is evicted changes the counts by one. It holds no delivery, so that one that is evicted is freed.
public struct Tally: Sendable {
  /// What deliveries are counted by.
  enum Subject: Hashable, Sendable {
    /// A reason stands for all that the list has the same word for.
    case verdict(Verdict.Reason)
    /// nil for those without a type.
    case type(ByteString?)
    /// nil for those that were sent to none.
    case endpoint(ByteString?)
    case cause(ByteString)
  }

  typealias Count = (subject: Subject, count: Int)

  private(set) var counts: [Subject: Int] = [:]
  private(set) var times = TimeSpread()
  /// How long the app took for its whole response.
  private(set) var appTimes = TimeSpread()
  private var counted: Deque<Counted> = []
  private var causes: [UInt64: Set<ByteString>] = [:]
  /// In milliseconds.
  private var responses: [UInt64: Double] = [:]

  /// What a delivery was counted as; its type shares the bytes of the count's.
  private struct Counted: Sendable {
    let sequence: UInt64
    let verdict: Subject
    let type: Subject
    let endpoint: Subject
    /// nil if its answer was not known yet, or there was none.
    let milliseconds: Double?
  }

  /// How many deliveries are counted.
  var count: Int { counted.count }
  /// The number of the newest one; 0 before the first.
  var newest: UInt64 { counted.last?.sequence ?? 0 }

  /// Counts the kept deliveries up to a number and what is known of them, or some of them where nobody waits for it any
  /// more.
  init(
    _ kept: any Kindred, through last: UInt64, _ outcomes: Outcomes, isCancelled: () -> Bool = { false }
  ) {
    kept.walk { delivery in
      guard delivery.sequence <= last, count % 1024 > 0 || !isCancelled() else { return false }
      add(delivery)
      take(outcomes[delivery.sequence], of: delivery.sequence)
      return true
    }
  }

  /// Counts a delivery that is newer than those before.
  mutating func add(_ delivery: Delivery) {
    let verdict = change(.verdict(delivery.verdict.reasonForWord), by: 1)
    let type = change(.type(delivery.envelope.event), by: 1)
    let endpoint = change(.endpoint(delivery.endpoint?.nameBytes), by: 1)
    // Nobody was answered for a replay.
    let milliseconds = delivery.replayOf == nil ? delivery.answer?.milliseconds : nil
    if let milliseconds { times.add(milliseconds, 1) }
    counted.append(
      Counted(
        sequence: delivery.sequence, verdict: verdict, type: type, endpoint: endpoint,
        milliseconds: milliseconds))
  }

  /// Takes what happened to a delivery, in place of what was known of it.
  mutating func take(_ outcomes: [Outcome], of sequence: UInt64) {
    let place = place(of: sequence)
    guard place < counted.count, counted[place].sequence == sequence else { return }
    var found: Set<ByteString> = []
    for case .diagnosed(let findings) in outcomes { found.formUnion(findings.map(\.cause)) }
    for cause in causes[sequence] ?? [] { change(.cause(cause), by: -1) }
    for cause in found { change(.cause(cause), by: 1) }
    causes[sequence] = found.isEmpty ? nil : found
    takeResponse(
      outcomes.lastExchange.flatMap { $0.status == nil ? nil : $0.milliseconds.total }, of: sequence)
  }

  private mutating func takeResponse(_ milliseconds: Double?, of sequence: UInt64) {
    if let before = responses[sequence] { appTimes.add(before, -1) }
    if let milliseconds { appTimes.add(milliseconds, 1) }
    responses[sequence] = milliseconds
  }

  /// Forgets the deliveries before a number that are kept no more.
  mutating func forget(before first: UInt64, but isKept: (UInt64) -> Bool) {
    let end = place(of: first)
    let left = counted[..<end].filter { isKept($0.sequence) }
    guard left.count < end else { return }
    for oldest in counted[..<end] where !isKept(oldest.sequence) {
      take([], of: oldest.sequence)
      change(oldest.verdict, by: -1)
      change(oldest.type, by: -1)
      change(oldest.endpoint, by: -1)
      if let milliseconds = oldest.milliseconds { times.add(milliseconds, -1) }
    }
    counted.replaceSubrange(..<end, with: left)
  }

  /// Where a number stands among the counted ones, or would stand.
  private func place(of sequence: UInt64) -> Int {
    Bisection.count(below: counted.count) { counted[$0].sequence < sequence }
  }

  /// Returns the subject as it is kept.
  @discardableResult
  private mutating func change(_ subject: Subject, by step: Int) -> Subject {
    guard let place = counts.index(forKey: subject) else {
      let copied = subject.copied
      counts[copied] = step
      return copied
    }
    let kept = counts[place].key
    counts.values[place] += step
    if counts.values[place] == 0 { counts.remove(at: place) }
    return kept
  }
}

extension Tally {
  /// The greatest of the counts, in order; those that tie by name, as far as there are few of them.
  static func greatest(_ limit: Int, of counts: [Count]) -> [Count] {
    var counts = counts
    if counts.count > 10 * limit {
      // To sort as many as a sender can make up would hold up the keys.
      var left = limit
      let frequencies = Dictionary(grouping: counts, by: \.count).mapValues(\.count)
      let least = frequencies.keys.sorted(by: >).first { count in
        left -= frequencies[count] ?? 0
        return left <= 0
      }
      let most = counts.filter { $0.count > least ?? 0 }
      counts = most + counts.lazy.filter { $0.count == least }.prefix(limit - most.count)
    }
    return Array(counts.sorted { ($1.count, $0.subject.order) < ($0.count, $1.subject.order) }.prefix(limit))
  }
}

extension Verdict {
  /// The first reason that the list has this verdict's word for.
  fileprivate var reasonForWord: Reason {
    if reason == .inFuture { return reason }
    return Self.firstReasons[status] ?? reason
  }

  private static let firstReasons = Dictionary(
    Reason.allCases.filter { $0 != .inFuture }.map { (Verdict($0).status, $0) }
  ) { first, _ in first }
}

extension Tally.Subject {
  /// What those that tie are sorted by.
  fileprivate var order: ByteString {
    switch self {
    case .verdict(let reason): ByteString(reason.rawValue)
    case .type(let name), .endpoint(let name): name ?? ""
    case .cause(let cause): cause
    }
  }

  /// The same without the delivery that its bytes are a part of, which it would keep alive.
  fileprivate var copied: Tally.Subject {
    if case .type(let type?) = self { .type(type.copied) } else { self }
  }
}
