import Dispatch
import Synchronization

/// Verifies and keeps deliveries that take too long for the connections' threads, on a queue, while their senders wait.
///
/// What else comes while one of them is kept waits for the recorder on a second queue, and so for one record, not for
/// the verifying of all large deliveries before it.
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
  let queue = DispatchQueue(label: "large deliveries")
  let followers = DispatchQueue(label: "what follows large deliveries")
  private let isKeeping = Atomic(false)
  /// How many follow, the one at work among them.
  let following = Atomic(0)
  private let phase = Atomic(Phase.open)

  /// Whether what is recorded now must wait for its turn: while a large delivery is kept, and after it until all that
  /// followed is.
  var holdsUp: Bool { isKeeping.load(ordering: .relaxed) || following.load(ordering: .relaxed) > 0 }
  /// Whether deliveries are taken: until `stop` is called.
  var isOpen: Bool { isIn(.open) }

  /// Verifies in its turn, keeps what comes of that, and answers.
  /// - Parameters:
  ///   - keep: called where the sender still waits; it sees to it that the reply is given.
  ///   - giveUp: called where nobody waits, before the verifying or after it.
  func take<Verified>(
    _ reply: Reply, verify: @escaping @Sendable () -> Verified,
    keep: @escaping @Sendable (Verified) -> Void, giveUp: @escaping @Sendable () -> Void
  ) {
    queue.async {
      self.handle(reply, verify: verify, giveUp: giveUp) { verified in
        self.isKeeping.store(true, ordering: .relaxed)
        defer { self.isKeeping.store(false, ordering: .relaxed) }
        keep(verified)
      }
    }
  }

  /// Does the same with a small one that follows.
  func follow<Verified>(
    _ reply: Reply, verify: @escaping @Sendable () -> Verified,
    keep: @escaping @Sendable (Verified) -> Void, giveUp: @escaping @Sendable () -> Void
  ) {
    enqueueFollower { self.handle(reply, verify: verify, giveUp: giveUp, keep: keep) }
  }

  /// Does `work`, which nobody waits for, after all that followed before it; false if `limit` wait already, and it
  /// is not done.
  func follow(limit: Int, _ work: @escaping @Sendable () -> Void) -> Bool {
    guard following.load(ordering: .relaxed) < limit else { return false }
    enqueueFollower { self.unlessOver(work) }
    return true
  }

  /// Drops queued and new deliveries. Returns true when the current ones are kept and answered, and false after
  /// `limit`, which drops those, too.
  func stop(within limit: Duration = .seconds(2)) -> Bool {
    guard !isIn(.over) else { return false }
    phase.store(.stopping, ordering: .sequentiallyConsistent)
    let done = DispatchSemaphore(value: 0)
    queue.async { self.followers.async { done.signal() } }
    guard done.wait(timeout: .now() + limit / .seconds(1)) == .timedOut else { return true }
    phase.store(.over, ordering: .sequentiallyConsistent)
    return false
  }

  private func enqueueFollower(_ work: @escaping @Sendable () -> Void) {
    following.add(1, ordering: .relaxed)
    followers.async {
      work()
      self.following.subtract(1, ordering: .relaxed)
    }
  }

  private func handle<Verified>(
    _ reply: Reply, verify: () -> Verified, giveUp: () -> Void, keep: (Verified) -> Void
  ) {
    // What was answered by the fallback comes again, and whoever is gone must not hold up those who wait.
    guard reply.isAwaited, isIn(.open) else { return unlessOver(giveUp) }
    let verified = verify()
    guard !isIn(.over), reply.claim() else { return unlessOver(giveUp) }
    keep(verified)
  }

  private func unlessOver(_ giveUp: () -> Void) {
    if !isIn(.over) { giveUp() }
  }

  private func isIn(_ phase: Phase) -> Bool { self.phase.load(ordering: .sequentiallyConsistent) == phase }
}
