internal import DequeModule
public import JSON

/// Something that happened to a delivery after it was kept.
public enum Outcome: Sendable, Equatable {
  /// The search for why the signature failed found these causes, the surest first; it takes the place of an earlier
  /// search.
  case diagnosed([Finding])

  /// A cause that a search found.
  public struct Finding: Sendable, Equatable {
    /// The cause's id, as in files: `body-reserialised`.
    public let cause: ByteString
    /// How sure it is, as in files: `proven`.
    public let level: String

    public init(cause: ByteString, level: String) {
      self.cause = cause
      self.level = level
    }
  }

  fileprivate func replaces(_ earlier: Outcome) -> Bool {
    switch (self, earlier) {
    case (.diagnosed, .diagnosed): true
    }
  }
}

/// What happened to the kept deliveries, by their sequence numbers.
public struct Outcomes: Sendable {
  /// How many outcomes are kept for one delivery; the oldest go first.
  public static let limit = 32

  private var table: [UInt64: [Outcome]] = [:]

  public init() {}

  public var isEmpty: Bool { table.isEmpty }
  /// How many deliveries have outcomes.
  public var count: Int { table.count }
  /// About as much as the table takes, in bytes.
  public var bytes: Int { table.count * 256 }

  /// The outcomes of a delivery, oldest first.
  public subscript(sequence: UInt64) -> [Outcome] { table[sequence] ?? [] }

  public mutating func append(_ outcome: Outcome, to sequence: UInt64) {
    var kept = self[sequence].filter { !outcome.replaces($0) }
    kept.append(outcome)
    table[sequence] = kept.suffix(Self.limit)
  }

  /// Takes over all that is known of a delivery.
  public mutating func take(_ change: Journal.OutcomeChange) { table[change.sequence] = change.outcomes }

  /// Forgets a delivery that is evicted.
  public mutating func forget(_ sequence: UInt64) {
    if !table.isEmpty { table[sequence] = nil }
  }
}

extension Journal {
  /// A delivery's outcomes after one was added.
  public struct OutcomeChange: Sendable, Equatable {
    public let sequence: UInt64
    /// All of them, oldest first.
    public let outcomes: [Outcome]

    public init(sequence: UInt64, outcomes: [Outcome]) {
      self.sequence = sequence
      self.outcomes = outcomes
    }
  }

  /// The outcomes of the kept deliveries, and the order in which they changed.
  ///
  /// Each change is numbered, so that a reader can go on where it stopped; one that stalls misses only what has been
  /// evicted meanwhile.
  struct OutcomeLog: Sendable {
    private struct Change: Sendable {
      let number: UInt64
      let sequence: UInt64
    }

    private var outcomes = Outcomes()
    private var changes: Deque<Change> = []
    private var last: UInt64 = 0

    mutating func append(_ outcome: Outcome, to sequence: UInt64) {
      outcomes.append(outcome, to: sequence)
      last += 1
      changes.append(Change(number: last, sequence: sequence))
      if changes.count > 2 * outcomes.count + 64 { dropSuperseded() }
    }

    mutating func forget(_ sequence: UInt64) { outcomes.forget(sequence) }

    /// Keeps the last change of each delivery that is kept: a reader is given all its outcomes at once.
    private mutating func dropSuperseded() {
      var seen: Set<UInt64> = []
      let newestFirst = changes.reversed().filter {
        !outcomes[$0.sequence].isEmpty && seen.insert($0.sequence).inserted
      }
      changes = Deque(newestFirst.reversed())
    }

    /// The changes after number `cursor`, up to the first one of a delivery after `sequence`, which the reader does
    /// not have yet. Moves the cursor past them.
    func read(after cursor: inout UInt64, upTo sequence: UInt64) -> [OutcomeChange] {
      guard cursor < last else { return [] }
      var read: [OutcomeChange] = []
      for change in changes[Bisection.count(below: changes.count) { changes[$0].number <= cursor }...] {
        guard change.sequence <= sequence else { return read }
        cursor = change.number
        let outcomes = outcomes[change.sequence]
        if !outcomes.isEmpty { read.append(OutcomeChange(sequence: change.sequence, outcomes: outcomes)) }
      }
      cursor = last
      return read
    }
  }
}
