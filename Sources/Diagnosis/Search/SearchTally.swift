/// Counts candidates, and the time since a diagnosis began, against a budget.
struct SearchTally: Sendable {
  private let budget: DiagnosisBudget
  private let start: UInt64
  private(set) var count = 0
  private(set) var limit: Diagnosis.Limit?
  private var isOver = false

  init(_ budget: DiagnosisBudget) {
    self.budget = budget
    start = budget.clock()
  }

  /// Whether one more candidate may be tried; counts it if so.
  mutating func admit() -> Bool {
    guard !isOver else { return false }
    if count >= budget.candidates {
      limit = .candidates
      isOver = true
    } else if elapsed > budget.nanoseconds {
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

  /// Whether the time was used up before anything was tried.
  var wasSpentBefore: Bool { limit == .time && count == 0 }

  /// Nanoseconds since the start; a clock that goes backwards counts as not moving.
  var elapsed: UInt64 {
    let now = budget.clock()
    return now > start ? now - start : 0
  }
}
