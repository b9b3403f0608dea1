import Dispatch
import Synchronization

/// Verifies and keeps deliveries that take too long for the connections' threads, on a queue, while their senders wait.
/// What must follow them in the journal goes through the same queue.
///
/// A kept delivery must match the answer that its sender got: nothing is kept after the fallback was sent, and the
/// fallback is cancelled before anything is kept.
final class LargeDeliveries: Sendable {
  private enum Phase: Int, AtomicRepresentable {
    case open
    /// What waits is given up.
    case stopping
    /// Nothing is touched any more.
    case over
  }

  /// One after the other, so that large bodies take one processor at most.
  private let queue = DispatchQueue(label: "large deliveries")
  /// How many wait, the one at work among them.
  private let waiting = Atomic(0)
  private let phase = Atomic(Phase.open)

  var isEmpty: Bool { waiting.load(ordering: .relaxed) == 0 }
  /// Whether deliveries are taken: until `stop` is called.
  var isOpen: Bool { isIn(.open) }

  /// Verifies in its turn, keeps what comes of that, and answers.
  /// - Parameters:
  ///   - keep: called where the sender still waits; returns the answer.
  ///   - giveUp: called where nobody waits, before the verifying or after it.
  func take<Verified>(
    _ reply: Reply, verify: @escaping @Sendable () -> Verified,
    keep: @escaping @Sendable (Verified) -> Response, giveUp: @escaping @Sendable () -> Void
  ) {
    waiting.add(1, ordering: .relaxed)
    queue.async {
      defer { self.waiting.subtract(1, ordering: .relaxed) }
      // What was answered by the fallback comes again, and whoever is gone must not hold up those who wait.
      guard reply.isAwaited, self.isIn(.open) else { return self.unlessOver(giveUp) }
      let verified = verify()
      guard !self.isIn(.over), reply.claim() else { return self.unlessOver(giveUp) }
      reply(keep(verified))
    }
  }

  /// Does `work`, which nobody waits for, after all that was taken before it; false where `limit` wait already, and it
  /// is not done.
  func follow(limit: Int, _ work: @escaping @Sendable () -> Void) -> Bool {
    guard waiting.load(ordering: .relaxed) < limit else { return false }
    waiting.add(1, ordering: .relaxed)
    queue.async {
      defer { self.waiting.subtract(1, ordering: .relaxed) }
      self.unlessOver(work)
    }
    return true
  }

  /// Drops queued and new deliveries. Returns true when the current one is kept and answered, and false after `limit`,
  /// which drops that one, too.
  func stop(within limit: Duration = .seconds(2)) -> Bool {
    guard !isIn(.over) else { return false }
    phase.store(.stopping, ordering: .sequentiallyConsistent)
    let done = DispatchSemaphore(value: 0)
    queue.async { done.signal() }
    guard done.wait(timeout: .now() + limit / .seconds(1)) == .timedOut else { return true }
    phase.store(.over, ordering: .sequentiallyConsistent)
    return false
  }

  private func unlessOver(_ giveUp: () -> Void) {
    if !isIn(.over) { giveUp() }
  }

  private func isIn(_ phase: Phase) -> Bool { self.phase.load(ordering: .sequentiallyConsistent) == phase }
}
