internal import DequeModule
public import JSON

/// Something that happened to a delivery after it was kept.
public enum Outcome: Sendable, Equatable {
  /// The search for why the signature failed found these causes, the surest first; it takes the place of an earlier
  /// search.
  case diagnosed([Finding])
  /// The sender was told this, which was not known yet when the delivery was kept.
  case answered(Answer)
  /// It goes on to an app, which has not answered yet, while its sender has been answered.
  case asked
  /// hooktop sent it to an app.
  case exchanged(Exchange)
  /// The user has marked it, or taken the mark away.
  case marked(Bool)

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
    case (.diagnosed, .diagnosed), (.answered, .answered), (.marked, .marked): true
    case (.exchanged(let exchange), .asked): exchange.purpose == .forward
    default: false
    }
  }

  /// About how many bytes it takes in memory.
  fileprivate var cost: Int {
    switch self {
    case .diagnosed, .answered, .asked, .marked: 100
    case .exchanged(let exchange): exchange.cost
    }
  }

  fileprivate var isExchange: Bool { if case .exchanged = self { true } else { false } }
}

/// What happened to the kept deliveries, by their sequence numbers.
public struct Outcomes: Sendable {
  /// How many exchanges are kept for one delivery; the oldest go first.
  public static let limit = 32

  private var table: [UInt64: [Outcome]] = [:]

  public init() {}

  public var isEmpty: Bool { table.isEmpty }
  /// How many deliveries have outcomes.
  public var count: Int { table.count }
  /// The numbers of those deliveries, in no order.
  public var numbers: some Collection<UInt64> { table.keys }
  /// Whether hooktop has sent anything to an app.
  public private(set) var hasExchanges = false
  /// The numbers of the deliveries that the user has marked.
  public private(set) var marked: Set<UInt64> = []
  /// About as much as all of them take, in bytes.
  public private(set) var bytes = 0

  /// The outcomes of a delivery, oldest first.
  public subscript(sequence: UInt64) -> [Outcome] { table[sequence] ?? [] }

  public mutating func append(_ outcome: Outcome, to sequence: UInt64) { append([outcome], to: sequence) }

  /// Adds outcomes of one delivery, the newest last.
  public mutating func append(_ outcomes: [Outcome], to sequence: UInt64) {
    var kept = self[sequence]
    for outcome in outcomes {
      kept.removeAll { outcome.replaces($0) }
      if outcome.isExchange, kept.count(where: \.isExchange) == Self.limit,
        let oldest = kept.firstIndex(where: \.isExchange)
      {
        kept.remove(at: oldest)
      }
      kept.append(outcome)
    }
    set(kept, of: sequence)
  }

  /// Takes over all that is known of a delivery.
  public mutating func take(_ change: Journal.OutcomeChange) { set(change.outcomes, of: change.sequence) }

  /// Forgets a delivery that is evicted.
  public mutating func forget(_ sequence: UInt64) {
    if !table.isEmpty { set(nil, of: sequence) }
  }

  private mutating func set(_ outcomes: [Outcome]?, of sequence: UInt64) {
    let old = table[sequence]
    table[sequence] = outcomes
    hasExchanges = hasExchanges || outcomes?.contains(where: \.isExchange) == true
    bytes += Self.cost(outcomes) - Self.cost(old)
    if outcomes?.isMarked == true {
      marked.insert(sequence)
    } else if !marked.isEmpty {
      marked.remove(sequence)
    }
  }

  /// About what the outcomes of one delivery take, its place in the table included.
  private static func cost(_ outcomes: [Outcome]?) -> Int {
    outcomes.map { $0.reduce(156) { $0 + $1.cost } } ?? 0
  }
}

/// What happened to one delivery, oldest first.
extension [Outcome] {
  /// Returns what the sender was told, or nil if it still waits.
  public func answer(to delivery: Delivery) -> Answer? {
    delivery.answer ?? answer
  }

  /// What the sender was told after the delivery was kept; nil if it was told before, or still waits.
  public var answer: Answer? {
    for case .answered(let answer) in self { return answer }
    return nil
  }

  /// What hooktop sent to apps, and what came of it.
  public var exchanges: [Exchange] {
    compactMap { if case .exchanged(let exchange) = $0 { exchange } else { nil } }
  }

  /// The newest exchange, but for the probes of a check; nil if there is none.
  public var lastExchange: Exchange? {
    for case .exchanged(let exchange) in reversed() where exchange.purpose != .check { return exchange }
    return nil
  }

  /// Whether the user has marked it.
  public var isMarked: Bool {
    contains { if case .marked(let isMarked) = $0 { isMarked } else { false } }
  }

  /// Returns whether the delivery goes on to an app that has not answered yet.
  public func awaitApp(for delivery: Delivery) -> Bool {
    contains(.asked)
      || (delivery.origin == .received && lastExchange == nil && answer(to: delivery) == nil)
  }
}

extension Outcomes {
  /// Returns what the sender was told, or nil if it still waits.
  public func answer(to delivery: Delivery) -> Answer? {
    delivery.answer ?? self[delivery.sequence].answer(to: delivery)
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

    mutating func append(_ outcomes: [Outcome], to sequence: UInt64) {
      self.outcomes.append(outcomes, to: sequence)
      last += 1
      changes.append(Change(number: last, sequence: sequence))
      if changes.count > 2 * self.outcomes.count + 64 { dropSuperseded() }
    }

    /// The outcomes of a delivery, oldest first.
    subscript(sequence: UInt64) -> [Outcome] { outcomes[sequence] }

    /// About as much as the outcomes take, in bytes.
    var bytes: Int { outcomes.bytes }
    var marked: Set<UInt64> { outcomes.marked }

    /// What the sender of a delivery was told after that was kept.
    func answer(to sequence: UInt64) -> Answer? { outcomes[sequence].answer }

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
