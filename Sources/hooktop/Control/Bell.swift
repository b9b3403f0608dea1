internal import OperatingSystem
internal import Synchronization

/// Wakes all who wait for something to come. While nobody does, it costs next to nothing.
final class Bell: Sendable {
  private let count = Atomic(0)
  private let wakers = Mutex<[ObjectIdentifier: Waker]>([:])

  /// Called by any thread.
  func ring() {
    guard count.load(ordering: .sequentiallyConsistent) > 0 else { return }
    wakers.withLock { for waker in $0.values { waker.wake() } }
  }

  /// Does `work`, during which the waker is woken.
  func listening<Result>(with waker: Waker, _ work: () throws -> Result) rethrows -> Result {
    wakers.withLock { $0[ObjectIdentifier(waker)] = waker }
    count.add(1, ordering: .sequentiallyConsistent)
    defer {
      count.subtract(1, ordering: .sequentiallyConsistent)
      wakers.withLock { $0[ObjectIdentifier(waker)] = nil }
    }
    return try work()
  }
}
