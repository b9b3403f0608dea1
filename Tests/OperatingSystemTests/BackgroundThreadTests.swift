import Dispatch
import Glibc
import Synchronization
import Testing

@testable import OperatingSystem

struct BackgroundThreadTests {
  @Test("each work has a thread of its own, and what it holds is let go at its end")
  func threads() {
    final class Held: Sendable {}
    let threads = Mutex<Set<pthread_t>>([pthread_self()])
    let (begun, goOn, done) = (
      DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
    )
    weak var held: Held?
    do {
      let object = Held()
      held = object
      for _ in 1...3 {
        BackgroundThread.start {
          threads.withLock { _ = $0.insert(pthread_self()) }
          begun.signal()
          goOn.wait()
          withExtendedLifetime(object) {}
          done.signal()
        }
      }
    }
    // All three wait at once, so that none can have had the thread of another.
    for _ in 1...3 { begun.wait() }
    #expect(threads.withLock { $0.count } == 4)
    #expect(held != nil)
    for _ in 1...3 { goOn.signal() }
    for _ in 1...3 { done.wait() }
    // It may still be letting go.
    let deadline = Clock.now + 10_000_000_000
    while held != nil, Clock.now < deadline { usleep(100) }
    #expect(held == nil)
  }
}
