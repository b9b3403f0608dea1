import Synchronization

/// The bytes of body that all connections together may hold before they are deliveries.
///
/// Without it, as many connections as are taken could each send a body of the largest size, and stop at its
/// last byte.
final class BodyBudget: Sendable {
  private let limit: Int
  private let used = Atomic(0)

  /// - Parameter limit: in bytes.
  init(limit: Int) {
    self.limit = limit
  }

  /// Takes room for `bytes` more; false, and nothing is taken, where there is none.
  func claim(_ bytes: Int) -> Bool {
    let total = used.add(bytes, ordering: .relaxed).newValue
    guard total > limit else { return true }
    release(bytes)
    return false
  }

  func release(_ bytes: Int) {
    used.subtract(bytes, ordering: .relaxed)
  }
}

/// The part of the budget that somebody holds; it is given back at the latest when nobody holds it any more.
struct BodyClaim: ~Copyable, Sendable {
  private let budget: BodyBudget
  private var bytes: Int

  /// - Parameter bytes: what is taken of `budget` already.
  init(on budget: BodyBudget, bytes: Int = 0) {
    self.budget = budget
    self.bytes = bytes
  }

  deinit { if bytes > 0 { budget.release(bytes) } }

  /// Takes room for `count` bytes more; false if there is none.
  mutating func grow(by count: Int) -> Bool {
    guard budget.claim(count) else { return false }
    bytes += count
    return true
  }

  /// Passes on what `count` bytes take.
  mutating func split(_ count: Int) -> BodyClaim {
    let part = min(count, bytes)
    bytes -= part
    return BodyClaim(on: budget, bytes: part)
  }

  mutating func release() {
    guard bytes > 0 else { return }
    budget.release(bytes)
    bytes = 0
  }
}
