/// How long, how far and with how much memory a diagnosis may search, so that no sender can keep the machine busy.
public struct DiagnosisBudget: Sendable {
  /// The most candidates that are tried.
  public var candidates: Int
  /// The most time that is spent, in nanoseconds.
  public var nanoseconds: UInt64
  /// The most memory in bytes that what is made of a body may take at once, beside the body itself.
  public var bytes: Int
  /// Whether all orders of keys are tried, too, and what else takes seconds.
  public var isThorough = false
  /// A monotonic clock's reading in nanoseconds.
  public var clock: @Sendable () -> UInt64

  public init(
    candidates: Int, nanoseconds: UInt64, bytes: Int = 64 << 20, clock: @escaping @Sendable () -> UInt64
  ) {
    self.candidates = candidates
    self.nanoseconds = nanoseconds
    self.bytes = bytes
    self.clock = clock
  }

  /// For a delivery that failed just now: half a second.
  public static func automatic(clock: @escaping @Sendable () -> UInt64) -> DiagnosisBudget {
    DiagnosisBudget(candidates: 100_000, nanoseconds: 500_000_000, clock: clock)
  }

  /// For a delivery that the user asks about: five seconds.
  public static func onDemand(clock: @escaping @Sendable () -> UInt64) -> DiagnosisBudget {
    var budget = DiagnosisBudget(candidates: 2_000_000, nanoseconds: 5_000_000_000, clock: clock)
    budget.isThorough = true
    return budget
  }

  /// The largest body in bytes that is diagnosed without being asked for.
  public static let automaticBodyLimit = 64 << 10
}

/// A share of a memory budget for each thing that a search makes of a body.
///
/// The search makes one candidate at a time and keeps small ones only, but each may be made of another one, and an
/// outline of a body stands beside both.
struct SearchMemory: Sendable {
  /// The largest candidate, in bytes.
  let candidate: Int
  /// The largest body that several copies are made of, in bytes.
  var copied: Int { candidate / 16 }
  /// How many bytes of bodies are kept in all, for others to be made of.
  var kept: Int { candidate / 16 }
  /// The most tokens of an outline: each takes 32 bytes, as many again while the outline grows, and its part in the
  /// orders of keys that are tried.
  let tokens: Int

  init(_ bytes: Int) {
    candidate = bytes / 5
    tokens = bytes / 192
  }

  /// For what a user tries by hand.
  static let byHand = SearchMemory(64 << 20)
}

/// Says that something was not made of a body, since it would take more memory than is allowed.
struct BodyTooLarge: Error {}

/// Counts candidates, and the time since a diagnosis began, against a budget.
struct SearchTally: Sendable {
  private let budget: DiagnosisBudget
  private let start: UInt64
  private(set) var count = 0
  private(set) var limit: Diagnosis.Limit?
  private var isOver = false
  /// For every how many candidates the clock is read.
  private let stride: Int

  /// - Parameter bodySize: the size of the body that candidates are made of, in bytes.
  init(_ budget: DiagnosisBudget, bodySize: Int) {
    self.budget = budget
    // To read the clock takes a tenth as long as to try a small body.
    stride = bodySize > 4096 ? 1 : 8
    start = budget.clock()
  }

  /// Whether one more candidate may be tried; counts it if so.
  mutating func admit() -> Bool {
    guard !isOver else { return false }
    if count >= budget.candidates {
      limit = .candidates
      isOver = true
    } else if count % stride == 0, elapsed > budget.nanoseconds {
      limit = .time
      isOver = true
    } else {
      count += 1
    }
    return !isOver
  }

  /// Notes that something could not be tried for want of memory; what is smaller is tried all the same.
  mutating func noteTooLarge() {
    if limit == nil { limit = .memory }
  }

  /// Takes over what an earlier search of the same has used.
  mutating func take(count: Int, limit: Diagnosis.Limit?) { (self.count, self.limit) = (count, limit) }

  /// Whether the time was used up before anything was tried.
  var wasSpentBefore: Bool { limit == .time && count == 0 }

  /// Whether so many quarters of the time are used up.
  func hasUsed(quarters: UInt64) -> Bool { elapsed > budget.nanoseconds / 4 * quarters }

  /// Nanoseconds since the start; a clock that goes backwards counts as not moving, and one at its end as over.
  var elapsed: UInt64 {
    let now = budget.clock()
    guard now < .max else { return .max }
    return now > start ? now - start : 0
  }
}
