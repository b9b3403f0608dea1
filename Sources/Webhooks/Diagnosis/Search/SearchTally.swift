/// Counts candidates against a budget.
struct SearchTally: Sendable {
  private let budget: DiagnosisBudget
  private let start: UInt64
  private(set) var count = 0
  private(set) var limit: Diagnosis.Limit?

  init(_ budget: DiagnosisBudget) {
    self.budget = budget
    start = budget.clock()
  }

  /// Whether one more candidate may be tried; counts it if so.
  mutating func admit() -> Bool {
    guard limit == nil else { return false }
    if count >= budget.candidates {
      limit = .candidates
    } else if elapsed > budget.nanoseconds {
      limit = .time
    } else {
      count += 1
    }
    return limit == nil
  }

  /// Nanoseconds since the start; a clock that goes backwards counts as not moving.
  var elapsed: UInt64 {
    let now = budget.clock()
    return now > start ? now - start : 0
  }
}
