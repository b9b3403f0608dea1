internal import Dispatch
internal import Synchronization

/// A thread that looks whenever something is due, or somebody says that something is new.
final class Clockwork: Sendable {
  private let bell = DispatchSemaphore(value: 0)
  private let hasEnded = DispatchSemaphore(value: 0)
  /// Whether the bell has rung and nobody has looked since.
  private let isRung = Atomic(false)
  private let isStopped = Atomic(false)

  /// Begins to look; `turn` says after how many seconds it is to be called again, nil for once the bell rings.
  func start(_ turn: @escaping @Sendable () -> Double?) {
    DispatchQueue(label: "hooktop.sandbox.clock").async { [self] in
      while !isStopped.load(ordering: .acquiring) {
        let pause = turn()
        // What is a nanosecond away would be looked at in vain.
        let limit = pause.map { DispatchTime.now() + max(0.0005, min($0, 3600)) } ?? .distantFuture
        _ = bell.wait(timeout: limit)
        _ = isRung.exchange(false, ordering: .acquiringAndReleasing)
      }
      hasEnded.signal()
    }
  }

  /// Has it look now.
  func ring() {
    if !isRung.exchange(true, ordering: .acquiringAndReleasing) { bell.signal() }
  }

  /// Ends the thread, and waits for that.
  func stop() {
    isStopped.store(true, ordering: .releasing)
    ring()
    hasEnded.wait()
  }
}
