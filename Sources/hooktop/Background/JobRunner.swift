internal import Glibc
internal import Monitor
internal import Synchronization
internal import OperatingSystem

/// Does the model's jobs in the background, and keeps their results until the main loop takes them.
///
/// A job in hand is not interrupted, so what takes long has a thread of its own: diagnoses, those of them that the user
/// asked for, which take seconds, and what reads all that is kept. What is selected meanwhile is read and diagnosed at
/// once.
final class JobRunner: Sendable {
  private let asked: Worker
  private let diagnoses: Worker
  private let sweeps: Worker
  private let others: Worker
  private var workers: [Worker] { [asked, diagnoses, sweeps, others] }

  /// - Parameters:
  ///   - clock: monotonic, in nanoseconds.
  ///   - wake: is called by any thread whenever there are results to take.
  /// - Throws: `SystemError.noDescriptors`.
  init(
    limits: JobQueue.Limits = JobQueue.Limits(), clock: @escaping Job.Clock = { Clock.now },
    wake: @escaping @Sendable () -> Void
  ) throws(SystemError) {
    asked = try Worker(limits: limits, clock: clock, wake: wake)
    diagnoses = try Worker(limits: limits, clock: clock, wake: wake)
    sweeps = try Worker(limits: limits, clock: clock, wake: wake)
    others = try Worker(limits: limits, clock: clock, wake: wake)
  }

  /// Ends what is done now, and forgets what waits.
  deinit {
    for worker in workers { worker.cancelAll() }
  }

  /// Queues a job, and returns what the model is to be told of those that there was no room for.
  func submit(_ job: Job) -> [Message] {
    guard job.isDiagnosis else {
      let own = job.key.readsAllKept ? sweeps : others
      return own.submit(job).map { .refused($0.key) }
    }
    let (own, other) = job.priority == .asked ? (asked, diagnoses) : (diagnoses, asked)
    guard !other.covers(job) else { return [] }
    other.giveWay(to: job)
    return own.submit(job).map { .refused($0.key) }
  }

  /// Ends the job with that key, and forgets it where it waits; its result is not told.
  func cancel(_ key: Job.Key) {
    for worker in workers { worker.cancel(key) }
  }

  /// What has come of the jobs since it was last asked.
  func takeResults() -> [Message] { workers.flatMap { $0.takeResults() } }
}

/// A thread with its queue of jobs; the thread is there only while there is something to do.
///
/// It gives way to all others and, after jobs that nobody asked for, rests for longer than it worked, so that a flood of
/// forged deliveries costs the receiver next to nothing.
private final class Worker: Sendable {
  private struct State {
    var queue: JobQueue
    /// What is done now; nil once it is needless.
    var current: Job?
    var results: [(key: Job.Key, message: Message)] = []
    var isRunning = false
    var share = ShareOfCore()

    /// A longer search is not given up for a shorter one, which it makes needless; but one that nobody asked for is
    /// about new evidence, which is looked at as well.
    func isDoing(betterThan job: Job) -> Bool {
      guard let current, job.isLesser(than: current) else { return false }
      return job.priority > .unasked
    }
  }

  private let state: Mutex<State>
  private let clock: Job.Clock
  private let wake: @Sendable () -> Void
  /// Ends the thread's rest when the user asks for something. Waited for by `poll`, which no jump of the wall clock
  /// can make longer, as it can the wait for a semaphore.
  private let urgency: Waker

  init(
    limits: JobQueue.Limits, clock: @escaping Job.Clock, wake: @escaping @Sendable () -> Void
  ) throws(SystemError) {
    state = Mutex(State(queue: JobQueue(limits: limits)))
    self.clock = clock
    self.wake = wake
    urgency = try Waker()
  }

  /// Returns the jobs that there is no room for.
  func submit(_ job: Job) -> [Job] {
    let refused = state.withLock { state in
      if state.isDoing(betterThan: job) { return [Job]() }
      if state.current.map(job.replaces) == true { state.current = nil }
      // That an earlier job was given up would be taken for the end of this one.
      state.results.removeAll { $0.key == job.key && $0.message.isOverrun }
      return state.queue.add(job)
    }
    if job.priority.isUrgent { urgency.wake() }
    startIfIdle()
    return refused
  }

  /// Whether the job would add nothing to what is done or waits here.
  func covers(_ job: Job) -> Bool {
    state.withLock { $0.isDoing(betterThan: job) || $0.queue.covers(job) }
  }

  /// Gives up what the job makes needless.
  func giveWay(to job: Job) {
    state.withLock { state in
      if state.current.map(job.replaces) == true { state.current = nil }
      state.queue.giveWay(to: job)
    }
  }

  func takeResults() -> [Message] {
    state.withLock { state in
      defer { state.results = [] }
      return state.results.map(\.message)
    }
  }

  func cancel(_ key: Job.Key) {
    state.withLock { state in
      state.queue.cancel(key)
      state.results.removeAll { $0.key == key }
      if state.current?.key == key { state.current = nil }
    }
  }

  func cancelAll() {
    state.withLock { state in
      state.queue.removeAll()
      state.current = nil
    }
    urgency.wake()
  }

  private func startIfIdle() {
    let isNeeded = state.withLock { state in
      guard !state.isRunning, !state.queue.isEmpty else { return false }
      state.isRunning = true
      return true
    }
    guard isNeeded else { return }
    BackgroundThread.start { [self] in work() }
  }

  private func work() {
    // On Linux this is the thread's own priority, the lowest there is.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
    while let time = doNextJob() { rest(after: time) }
  }

  /// Does a job and lets go of it; returns how long that took where nobody asked for it, else 0; nil if there is
  /// no job.
  private func doNextJob() -> UInt64? {
    guard let job = nextJob() else { return nil }
    let start = clock()
    finish(job, with: job.work { [self] in isCancelled ? .max : clock() })
    return job.priority.isUrgent ? 0 : clock() - start
  }

  private func nextJob() -> Job? {
    state.withLock { state in
      // What was asked for so far is first in the queue; only what is asked for from now on ends the next rest.
      urgency.drain()
      state.current = state.queue.next()
      if state.current == nil { state.isRunning = false }
      return state.current
    }
  }

  private var isCancelled: Bool { state.withLock { $0.current == nil } }

  /// Keeps the result, unless the job has become needless meanwhile.
  private func finish(_ job: Job, with message: Message) {
    let isWanted = state.withLock { state in
      guard state.current != nil else { return false }
      state.current = nil
      state.results.append((job.key, message))
      return true
    }
    if isWanted { wake() }
  }

  private func rest(after nanoseconds: UInt64) {
    guard nanoseconds > 0 else { return }
    let now = clock()
    let rest = state.withLock { $0.share.rest(after: nanoseconds, at: now) }
    guard rest > 0 else { return }
    var awaited = pollfd(fd: urgency.descriptor, events: Int16(POLLIN), revents: 0)
    poll(&awaited, 1, Int32(clamping: rest / 1_000_000))
  }
}

/// How long to rest after work, so that it takes a twentieth of a core: a few jobs after a calm are done without any
/// rest, and only a flood of them has to wait.
struct ShareOfCore: Sendable {
  /// How much longer the rest is than the work.
  private static let factor: UInt64 = 19
  /// How much work is done without a rest, in nanoseconds.
  static let burst: UInt64 = 2_000_000_000

  /// The rest that is due for the work so far, as of `moment`, in nanoseconds.
  private var due: UInt64 = 0
  private var moment: UInt64 = 0

  /// The rest in nanoseconds that is due now.
  /// - Parameters:
  ///   - work: in nanoseconds.
  ///   - now: a monotonic clock's reading in nanoseconds.
  mutating func rest(after work: UInt64, at now: UInt64) -> UInt64 {
    let passed = now > moment ? now - moment : 0
    // The work itself is no rest.
    let rested = passed > work ? passed - work : 0
    let added = work.multipliedReportingOverflow(by: Self.factor)
    let left = due > rested ? due - rested : 0
    let sum = left.addingReportingOverflow(added.overflow ? .max : added.partialValue)
    due = sum.overflow ? .max : sum.partialValue
    moment = now
    let free = Self.burst * Self.factor
    return due > free ? due - free : 0
  }
}

extension Message {
  fileprivate var isOverrun: Bool { if case .overran = self { true } else { false } }
}
