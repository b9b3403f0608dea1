internal import Curses
internal import Foundation
internal import Glibc
internal import Monitor
internal import Synchronization
internal import Webhooks

/// Looks into failed deliveries and works what-ifs out, on a thread of its own with a bounded queue.
///
/// The thread gives way to all others and rests for longer than it works, so that a flood of forged deliveries
/// costs the receiver next to nothing.
final class DiagnosisDesk: Sendable {
  private enum Job: Sendable {
    case diagnosis(Delivery, DiagnosisOrder)
    case trial(TrialOrder)

    /// Whether an order makes the job needless: the secrets have changed, or the user asks for the same.
    func isReplaced(by order: DiagnosisOrder) -> Bool {
      guard case .diagnosis(let delivery, let own) = self else { return false }
      return own.generation < order.generation
        || (order.isOnDemand && order.deliveries.contains { $0.sequence == delivery.sequence })
    }
  }

  private struct State {
    var jobs: [Job] = []
    /// What the waiting deliveries are compared with.
    var neighbours: [Delivery] = []
    var results: [Message] = []
    var isRunning = false
  }

  /// How much longer the thread rests after a delivery that nobody asked about than it took.
  private static let restFactor: UInt64 = 19

  /// How many deliveries may wait; more are refused.
  private static let queueLimit = 64

  private let state = Mutex(State())
  private let tolerance: Double
  private let utcOffset: Int
  private let waker: Waker
  /// Ends the thread's rest when the user asks for something. Waited for by `poll`, which no jump of the wall clock
  /// can make longer, as it can the wait for a semaphore.
  private let urgency: Waker

  /// - Parameter waker: is woken whenever there are results to take.
  /// - Throws: `TerminalError.noDescriptors`.
  init(tolerance: Double, utcOffset: Int, waking waker: Waker) throws(TerminalError) {
    urgency = try Waker()
    self.tolerance = tolerance
    self.utcOffset = utcOffset
    self.waker = waker
  }

  /// Queues deliveries, those that the user asks about first; gives the ones that there was no room for.
  func submit(_ order: DiagnosisOrder) -> [UInt64] {
    let refused = state.withLock { state in
      // One snapshot serves all that wait, so that a long queue does not keep what the ring has let go.
      state.neighbours = order.neighbours
      state.jobs.removeAll { $0.isReplaced(by: order) }
      let jobs = order.deliveries.map { Job.diagnosis($0, order.withoutNeighbours) }
      if order.isOnDemand {
        state.jobs.insert(contentsOf: jobs, at: 0)
        urgency.wake()
        return ArraySlice<Delivery>()
      }
      let room = max(0, Self.queueLimit - state.jobs.count)
      state.jobs += jobs.prefix(room)
      return order.deliveries.dropFirst(room)
    }
    startIfIdle()
    return refused.map(\.sequence)
  }

  /// Queues a what-if in place of an earlier one that still waits.
  func submit(_ order: TrialOrder) {
    state.withLock { state in
      state.jobs.removeAll { if case .trial = $0 { true } else { false } }
      state.jobs.insert(.trial(order), at: 0)
      urgency.wake()
    }
    startIfIdle()
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
      let message = result(of: job)
      state.withLock { $0.results.append(message) }
      waker.wake()
      if case .diagnosis(_, let order) = job, !order.isOnDemand { rest(after: Clock.now - start) }
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
        state.neighbours = []
        return nil
      }
      // What was asked for so far is first in the queue; only what is asked for from now on ends the next rest.
      urgency.drain()
      return state.jobs.removeFirst()
    }
  }

  private func result(of job: Job) -> Message {
    switch job {
    case .trial(let order): return order.workedOut()
    case .diagnosis(let delivery, let order):
      let subject = DiagnosisSubject(delivery, tolerance: tolerance, utcOffset: utcOffset)
      let budget: DiagnosisBudget = order.isOnDemand ? .onDemand { Clock.now } : .automatic { Clock.now }
      let diagnosis = Diagnosis(
        of: subject, keyring: order.keyring, neighbours: state.withLock { $0.neighbours }, budget: budget)
      return .diagnosed(sequence: delivery.sequence, generation: order.generation, diagnosis)
    }
  }
}
