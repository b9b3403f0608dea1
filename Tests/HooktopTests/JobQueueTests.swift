import Monitor
import Testing

@testable import hooktop

struct JobQueueTests {
  private func job(
    _ number: UInt64, _ priority: Job.Priority = .unasked, generation: Int = 0, bytes: Int = 0
  ) -> Job {
    Job(.diagnosis(number), priority: priority, generation: generation, bytes: bytes) { _ in
      .refused(.diagnosis(number))
    }
  }

  private func numbers(_ jobs: [Job]) -> [UInt64] {
    jobs.compactMap { if case .diagnosis(let number) = $0.key { number } else { nil } }
  }

  /// What is left, in the order in which it is done.
  private func rest(_ queue: JobQueue) -> [UInt64] {
    var queue = queue
    var jobs: [Job] = []
    while let job = queue.next() { jobs.append(job) }
    return numbers(jobs)
  }

  @Test("what nobody asked for is done in its order, after what is selected, after what the user asked for")
  func order() {
    var queue = JobQueue()
    for number in 1...3 as ClosedRange<UInt64> { _ = queue.add(job(number)) }
    _ = queue.add(job(4, .selected))
    _ = queue.add(job(5, .asked))
    _ = queue.add(job(6))
    #expect(rest(queue) == [5, 4, 1, 2, 3, 6])
  }

  @Test("the newest delivery goes before the others that nobody asked for, and after what is selected")
  func followed() {
    var queue = JobQueue()
    for number in 1...3 as ClosedRange<UInt64> { _ = queue.add(job(number)) }
    _ = queue.add(job(9, .selected))
    for number in 2...3 as ClosedRange<UInt64> { _ = queue.add(job(number, .followed)) }
    #expect(rest(queue) == [9, 3, 2, 1])
  }

  @Test("of several that were selected, the last one goes first")
  func selected() {
    var queue = JobQueue()
    for number in 1...3 as ClosedRange<UInt64> { _ = queue.add(job(number, .selected)) }
    #expect(rest(queue) == [3, 2, 1])
  }

  @Test(
    "a job takes the place of one with the same key, and a waiting one is moved forward when it is selected")
  func sameKey() {
    var queue = JobQueue()
    for number in 1...3 as ClosedRange<UInt64> { _ = queue.add(job(number)) }
    _ = queue.add(job(3, .selected))
    #expect(rest(queue) == [3, 1, 2])
  }

  @Test("what the user asked for is not replaced by a less urgent search of the same")
  func askedStays() {
    var queue = JobQueue()
    _ = queue.add(job(1, .asked))
    _ = queue.add(job(1, .selected))
    _ = queue.add(job(1))
    #expect(queue.next()?.priority == .asked)
    #expect(rest(queue) == [])
  }

  @Test("searches with secrets of before are forgotten, and other jobs are not")
  func generations() {
    var queue = JobQueue()
    _ = queue.add(job(1, generation: 1))
    _ = queue.add(Job(.document, priority: .asked, bytes: 0) { _ in .refused(.document) })
    _ = queue.add(job(2, generation: 2))
    #expect(queue.next()?.key == .document)
    #expect(rest(queue) == [2])
  }

  @Test("a job that is cancelled waits no longer, and counts no longer")
  func cancel() {
    var queue = JobQueue(limits: .init(bytes: 100))
    _ = queue.add(job(1, bytes: 60))
    queue.cancel(.diagnosis(1))
    #expect(queue.isEmpty)
    #expect(queue.add(job(2, bytes: 60)).isEmpty)
    queue.cancel(.trial)
    #expect(rest(queue) == [2])
  }

  @Test("where there are too many, those that are the least urgent and came last are refused")
  func count() {
    var queue = JobQueue(limits: .init(jobs: 3))
    for number in 1...3 as ClosedRange<UInt64> { #expect(queue.add(job(number)).isEmpty) }
    #expect(numbers(queue.add(job(4))) == [4])
    #expect(numbers(queue.add(job(5, .asked))) == [3])
    #expect(rest(queue) == [5, 1, 2])
  }

  @Test("where they hold too much memory, too, but one may always wait")
  func memory() {
    var queue = JobQueue(limits: .init(bytes: 100))
    #expect(queue.add(job(1, bytes: 60)).isEmpty)
    #expect(numbers(queue.add(job(2, bytes: 60))) == [2])
    #expect(numbers(queue.add(job(3, .asked, bytes: 1000))) == [1])
    #expect(queue.next()?.key == .diagnosis(3))
    #expect(queue.add(job(4, bytes: 100)).isEmpty, "what was taken counts no longer")
    #expect(queue.add(job(4, bytes: 100)).isEmpty, "nor what was replaced")
    #expect(rest(queue) == [4])
  }
}
