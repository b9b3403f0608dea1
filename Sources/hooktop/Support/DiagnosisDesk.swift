internal import Foundation
internal import Glibc
internal import Monitor
internal import Synchronization
internal import System

/// Does jobs on a thread of its own with a bounded queue.
///
/// The thread gives way to all others and, after a job that nobody asked for, rests for longer than it worked, so
/// that a flood of forged deliveries costs the receiver next to nothing.
final class DiagnosisDesk: Sendable {
  private struct State {
    /// What waits, the most urgent first.
    var jobs: [Job] = []
    var results: [Message] = []
    var isRunning = false
  }

  /// How much longer the thread rests after a job that nobody asked for than it took.
  private static let restFactor: UInt64 = 19

  /// How many jobs that nobody asked for may wait; more are refused.
  private static let queueLimit = 64

  private let state = Mutex(State())
  private let waker: Waker
  /// Ends the thread's rest when the user asks for something. Waited for by `poll`, which no jump of the wall clock
  /// can make longer, as it can the wait for a semaphore.
  private let urgency: Waker

  /// - Parameter waker: is woken whenever there are results to take.
  /// - Throws: `SystemError.noDescriptors`.
  init(waking waker: Waker) throws(SystemError) {
    urgency = try Waker()
    self.waker = waker
  }

  /// Queues a job behind those that are as urgent, in place of one that waits with the same key; gives the refusal
  /// where there is no room for it.
  func submit(_ job: Job) -> Message? {
    let isTaken = state.withLock { state in
      state.jobs.removeAll { $0.key == job.key || $0.generation < job.generation }
      guard job.priority > .unasked || state.jobs.count < Self.queueLimit else { return false }
      let place = state.jobs.firstIndex { $0.priority < job.priority } ?? state.jobs.count
      state.jobs.insert(job, at: place)
      if job.priority > .unasked { urgency.wake() }
      return true
    }
    guard isTaken else { return job.refusal }
    startIfIdle()
    return nil
  }

  /// What was found since it was last asked.
  func takeResults() -> [Message] {
    state.withLock { state in
      defer { state.results = [] }
      return state.results
    }
  }

  private func startIfIdle() {
    let isNeeded = state.withLock { state in
      defer { state.isRunning = true }
      return !state.isRunning
    }
    guard isNeeded else { return }
    let thread = Thread { [self] in work() }
    thread.start()
  }

  private func work() {
    // On Linux this is the thread's own priority, the lowest there is.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
    while let job = nextJob() {
      let start = Clock.now
      let message = job.work { Clock.now }
      state.withLock { $0.results.append(message) }
      waker.wake()
      if job.priority == .unasked { rest(after: Clock.now - start) }
    }
  }

  private func rest(after nanoseconds: UInt64) {
    var awaited = pollfd(fd: urgency.descriptor, events: Int16(POLLIN), revents: 0)
    poll(&awaited, 1, Int32(clamping: nanoseconds * Self.restFactor / 1_000_000))
  }

  private func nextJob() -> Job? {
    state.withLock { state in
      guard !state.jobs.isEmpty else {
        state.isRunning = false
        return nil
      }
      // What was asked for so far is first in the queue; only what is asked for from now on ends the next rest.
      urgency.drain()
      return state.jobs.removeFirst()
    }
  }
}
