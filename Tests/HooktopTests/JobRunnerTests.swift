import Dispatch
import Glibc
import Monitor
import Synchronization
import Testing

@testable import hooktop

@Suite(.timeLimit(.minutes(1))) struct JobRunnerTests {
  /// A runner, a clock that stands still until it is moved, and what it has woken for.
  private final class Bench: Sendable {
    private let reading = Reading()
    private let woken = DispatchSemaphore(value: 0)
    let runner: JobRunner

    init(limits: JobQueue.Limits = .init()) throws {
      let (reading, woken) = (reading, woken)
      runner = try JobRunner(limits: limits, clock: { reading.now }, wake: { woken.signal() })
    }

    func pass(_ nanoseconds: UInt64) { reading.pass(nanoseconds) }

    /// Waits until there is something to take.
    func wait() { woken.wait() }

    /// Waits for the next message.
    func message() throws -> Message? {
      woken.wait()
      return runner.takeResults().first
    }

    /// Waits for `count` more results.
    func results(_ count: Int) -> [UInt64] {
      var results: [Message] = []
      while results.count < count {
        woken.wait()
        results += runner.takeResults()
      }
      return results.compactMap { if case .refused(.diagnosis(let number)) = $0 { number } else { nil } }
    }
  }

  private final class Reading: Sendable {
    private let time = Mutex<UInt64>(1)
    var now: UInt64 { time.withLock { $0 } }
    func pass(_ nanoseconds: UInt64) { time.withLock { $0 += nanoseconds } }
  }

  /// A job that says when it has begun, and ends when it is let go.
  private struct Gate: Sendable {
    let begun = DispatchSemaphore(value: 0)
    let open = DispatchSemaphore(value: 0)
  }

  private func job(
    _ number: UInt64, _ priority: Job.Priority = .asked, generation: Int = 0, gate: Gate? = nil,
    _ work: @escaping @Sendable (Job.Clock) -> Void = { _ in }
  ) -> Job {
    Job(.diagnosis(number), priority: priority, generation: generation, bytes: 0) {
      gate?.begun.signal()
      gate?.open.wait()
      work($0)
      return .refused(.diagnosis(number))
    }
  }

  /// Work that signals once nothing holds it any more, be it done or dropped.
  private func work(
    signalling gone: DispatchSemaphore, _ work: @escaping @Sendable (Job.Clock) -> Void
  ) -> @Sendable (Job.Clock) -> Void {
    final class Held: Sendable {
      let gone: DispatchSemaphore
      init(_ gone: DispatchSemaphore) { self.gone = gone }
      deinit { gone.signal() }
    }
    let held = Held(gone)
    return { clock in
      work(clock)
      _ = held
    }
  }

  @Test("the result of a job is a message, and is given once")
  func result() throws {
    let bench = try Bench()
    #expect(bench.runner.submit(job(1)).isEmpty)
    #expect(bench.results(1) == [1])
    #expect(bench.runner.takeResults().isEmpty)
  }

  @Test("while a job is done, the others wait in the order of their urgency, and too many are refused")
  func order() throws {
    let bench = try Bench(limits: .init(jobs: 3))
    let gate = Gate()
    _ = bench.runner.submit(job(1, .selected, gate: gate))
    gate.begun.wait()
    for (number, priority) in [(2, .unasked), (3, .unasked), (4, .selected)] as [(UInt64, Job.Priority)] {
      #expect(bench.runner.submit(job(number, priority)).isEmpty)
    }
    let refused = bench.runner.submit(job(5, .selected))
    guard case .refused(.diagnosis(3))? = refused.first, refused.count == 1 else {
      Issue.record("\(refused) was refused")
      return
    }
    gate.open.signal()
    #expect(bench.results(4) == [1, 5, 4, 2])
  }

  @Test("what is not a search does not wait for one")
  func lanes() throws {
    let bench = try Bench()
    let gate = Gate()
    _ = bench.runner.submit(job(1, gate: gate))
    gate.begun.wait()
    _ = bench.runner.submit(Job(.trial, priority: .asked, bytes: 0) { _ in .refused(.diagnosis(2)) })
    #expect(bench.results(1) == [2])
    gate.open.signal()
    #expect(bench.results(1) == [1])
  }

  @Test("what is selected is looked into while a search that the user asked for goes on")
  func selectedBesideAsked() throws {
    let bench = try Bench()
    let gate = Gate()
    _ = bench.runner.submit(job(1, gate: gate))
    gate.begun.wait()
    _ = bench.runner.submit(job(2, .selected))
    #expect(bench.results(1) == [2])
    gate.open.signal()
    #expect(bench.results(1) == [1])
  }

  @Test("a shorter search for what the user asked about is not done beside the longer one")
  func coveredByAsked() throws {
    let bench = try Bench()
    let gate = Gate()
    _ = bench.runner.submit(job(1, gate: gate))
    gate.begun.wait()
    _ = bench.runner.submit(job(3))
    for number in [1, 3] as [UInt64] { _ = bench.runner.submit(job(number, .selected)) }
    _ = bench.runner.submit(job(2, .selected))
    #expect(bench.results(1) == [2])
    gate.open.signal()
    #expect(bench.results(2) == [1, 3])
  }

  @Test(
    "a search with other secrets cancels those of before, whether they were asked for or not",
    arguments: [Job.Priority.asked, .selected])
  func generations(priority: Job.Priority) throws {
    let bench = try Bench()
    let begun = DispatchSemaphore(value: 0)
    let gone = DispatchSemaphore(value: 0)
    _ = bench.runner.submit(
      job(
        1, priority,
        work(signalling: gone) { clock in
          begun.signal()
          untilCancelled(clock)
        }))
    begun.wait()
    _ = bench.runner.submit(job(3, priority, work(signalling: gone) { _ in }))
    _ = bench.runner.submit(job(2, priority == .asked ? .selected : .asked, generation: 1))
    #expect(bench.results(1) == [2])
    for _ in 1...2 { #expect(gone.wait(timeout: .now() + 20) == .success) }
    #expect(bench.runner.takeResults().isEmpty)
  }

  /// Looks at the clock until it says that all time is over, as a search does.
  private func untilCancelled(_ clock: Job.Clock) {
    while clock() < .max { usleep(100) }
  }

  @Test("a job that another one replaces is cancelled, and its result is not told", arguments: [false, true])
  func cancelled(isOfOtherSecrets: Bool) throws {
    let bench = try Bench()
    let begun = DispatchSemaphore(value: 0)
    _ = bench.runner.submit(
      job(1) { clock in
        begun.signal()
        untilCancelled(clock)
      })
    begun.wait()
    _ = bench.runner.submit(isOfOtherSecrets ? job(2, generation: 1) : job(1))
    #expect(bench.results(1) == [isOfOtherSecrets ? 2 : 1])
    #expect(bench.runner.takeResults().isEmpty)
  }

  @Test("a job that nobody waits for any more is ended, or forgotten where it waits; others are done")
  func cancel() throws {
    let bench = try Bench()
    let begun = DispatchSemaphore(value: 0)
    let gone = DispatchSemaphore(value: 0)
    func submit(_ key: Job.Key, _ number: UInt64, _ work: @escaping @Sendable (Job.Clock) -> Void) {
      _ = bench.runner.submit(
        Job(key, priority: .asked, bytes: 0) {
          work($0)
          return .refused(.diagnosis(number))
        })
    }
    submit(
      .trial, 1,
      work(signalling: gone) { clock in
        begun.signal()
        untilCancelled(clock)
      })
    begun.wait()
    submit(.fold, 2, work(signalling: gone) { _ in })
    submit(.search, 3) { _ in }
    bench.runner.cancel(.fold)
    bench.runner.cancel(.trial)
    for _ in 1...2 { #expect(gone.wait(timeout: .now() + 20) == .success) }
    #expect(bench.results(1) == [3])
    #expect(bench.runner.takeResults().isEmpty)
  }

  @Test(
    "a job that takes longer than one of its kind may is ended, and the model is told so",
    arguments: Job.Key.kinds.filter { $0.limit != nil })
  func overrun(key: Job.Key) throws {
    let bench = try Bench()
    let limit = try #require(key.limit)
    _ = bench.runner.submit(overrunning(key, on: bench, after: UInt64(limit) * 1_000_000_000))
    guard case .overran(key)? = try bench.message() else {
      Issue.record("the job's result was told")
      return
    }
  }

  /// A job that is in time until `limit` is over, in nanoseconds, and then goes on until it is cancelled.
  private func overrunning(_ key: Job.Key, on bench: Bench, after limit: UInt64) -> Job {
    Job(key, priority: .asked, bytes: 0) { clock in
      bench.pass(limit)
      if clock() == .max { return .refused(key) }
      bench.pass(1)
      untilCancelled(clock)
      return .refused(key)
    }
  }

  @Test("a diagnosis and a slice of filtering have bounds of their own")
  func unlimited() {
    #expect(Job.Key.kinds.filter { $0.limit == nil } == [.diagnosis(0), .filter])
  }

  @Test(
    "the end of a job that was cancelled, or that is asked for anew, is not told of the next one",
    arguments: [false, true])
  func staleEnd(isCancelled: Bool) throws {
    let bench = try Bench()
    _ = bench.runner.submit(overrunning(.fold, on: bench, after: 30_000_000_000))
    bench.wait()
    if isCancelled { bench.runner.cancel(.fold) }
    _ = bench.runner.submit(Job(.fold, priority: .asked, bytes: 0) { _ in .refused(.diagnosis(2)) })
    #expect(bench.results(1) == [2])
    #expect(bench.runner.takeResults().isEmpty)
  }

  @Test(
    "the selected body does not wait for what reads all that is kept",
    arguments: Job.Key.kinds.filter(\.readsAllKept))
  func bodyBesideSweep(sweep: Job.Key) throws {
    let bench = try Bench()
    let gate = Gate()
    _ = bench.runner.submit(
      Job(sweep, priority: .asked, bytes: 0) { _ in
        gate.begun.signal()
        gate.open.wait()
        return .refused(.diagnosis(1))
      })
    gate.begun.wait()
    _ = bench.runner.submit(Job(.document, priority: .selected, bytes: 0) { _ in .refused(.diagnosis(2)) })
    #expect(bench.results(1) == [2])
    gate.open.signal()
    #expect(bench.results(1) == [1])
  }

  @Test("a runner that is let go cancels what is done, and drops what waits")
  func letGo() throws {
    let ended = DispatchSemaphore(value: 0)
    let hasDoneMore = Mutex(false)
    var bench: Bench? = try Bench()
    let begun = DispatchSemaphore(value: 0)
    _ = bench?.runner.submit(
      job(1, .selected) { clock in
        begun.signal()
        untilCancelled(clock)
        ended.signal()
      })
    let gone = DispatchSemaphore(value: 0)
    _ = bench?.runner.submit(
      job(2, .unasked, work(signalling: gone) { _ in hasDoneMore.withLock { $0 = true } }))
    begun.wait()
    bench = nil
    ended.wait()
    gone.wait()
    #expect(!hasDoneMore.withLock { $0 })
  }

  @Test("jobs are done at the lowest priority of the system")
  func priority() throws {
    let bench = try Bench()
    let found = Mutex<Int32>(0)
    _ = bench.runner.submit(
      job(1) { _ in found.withLock { $0 = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) } })
    _ = bench.results(1)
    #expect(found.withLock { $0 } == 19)
  }

  @Test("what nobody asked for is done without a rest for two seconds, and then for a twentieth of the time")
  func share() {
    let second: UInt64 = 1_000_000_000
    var share = ShareOfCore()
    #expect(share.rest(after: second, at: 100 * second) == 0)
    #expect(share.rest(after: second, at: 101 * second) == 0)
    #expect(share.rest(after: second, at: 102 * second) == 19 * second)
    // That was rested, and a second of work follows.
    #expect(share.rest(after: second, at: 122 * second) == 19 * second)
    // After 57 seconds nothing is due any more.
    #expect(share.rest(after: second, at: 180 * second) == 0)
    #expect(share.rest(after: second, at: 181 * second) == 0)
    #expect(share.rest(after: .max / 4, at: 182 * second) > 1000 * second)
  }

  @Test(
    "after two seconds of jobs that nobody asked for comes a rest 19 times as long as the work",
    arguments: [Job.Priority.unasked, .followed])
  func rest(priority: Job.Priority) throws {
    let bench = try Bench()
    let clock = ContinuousClock()
    // Read before the rest can begin: a machine that is slow makes the time longer, never shorter.
    let start = clock.now
    _ = bench.runner.submit(job(1, priority) { _ in bench.pass(ShareOfCore.burst + 10_000_000) })
    _ = bench.results(1)
    _ = bench.runner.submit(job(2, priority))
    #expect(bench.results(1) == [2])
    #expect(clock.now - start >= .milliseconds(190))
  }

  @Test(
    "what the user asks for or selects does not wait for the rest to end",
    arguments: [Job.Priority.asked, .selected])
  func urgent(priority: Job.Priority) throws {
    let bench = try Bench()
    // A rest of five hours.
    _ = bench.runner.submit(job(1, .unasked) { _ in bench.pass(1_000_000_000_000) })
    _ = bench.results(1)
    _ = bench.runner.submit(job(2, priority))
    #expect(bench.results(1) == [2])
  }

  @Test("after what is selected there is no rest")
  func noRest() throws {
    let bench = try Bench()
    _ = bench.runner.submit(job(1, .selected) { _ in bench.pass(1_000_000_000_000) })
    _ = bench.results(1)
    _ = bench.runner.submit(job(2, .unasked))
    #expect(bench.results(1) == [2])
  }

  @Test("an idle runner holds nothing of the jobs that it has done")
  func idle() throws {
    final class Held: Sendable {}
    let bench = try Bench()
    weak var held: Held?
    do {
      let delivery = Held()
      held = delivery
      _ = bench.runner.submit(job(1) { [delivery] _ in _ = delivery })
    }
    _ = bench.results(1)
    let start = ContinuousClock.now
    // The thread lets go of it just after it has told of it.
    while held != nil, start.duration(to: .now) < .seconds(20) { usleep(100) }
    #expect(held == nil)
  }
}
