import Synchronization
import Testing
import Webhooks

@testable import Sender

@Suite struct DemoSenderTests {
  /// A clock that stands still but for the waits of the sender.
  private final class Clock: Sendable {
    private let state = Mutex<(waits: [Double], now: Timestamp)>(([], Support.now))

    var waits: [Double] { state.withLock { $0.waits } }
    var now: Timestamp { state.withLock { $0.now } }

    func wait(_ seconds: Double) throws {
      try Task.checkCancellation()
      state.withLock {
        $0.waits.append(seconds)
        $0.now = Timestamp(microseconds: $0.now.microseconds + Int64(seconds * 1e6))
      }
    }
  }

  private func sender(_ clock: Clock) -> DemoSender {
    DemoSender(
      feed: DemoFeed(secrets: Support.demo, seed: 7), url: "http://127.0.0.1:1", now: { clock.now },
      sleep: { try clock.wait($0) })
  }

  /// Runs a sender in a task of its own until it has reported `count` times.
  private func run(_ clock: Clock, _ poster: StandInPoster, reports count: Int) async -> [PostReport] {
    let sender = sender(clock)
    return await Task {
      var reports: [PostReport] = []
      await sender.run(through: poster) {
        reports.append($0)
        if reports.count == count { withUnsafeCurrentTask { $0?.cancel() } }
      }
      return reports
    }.value
  }

  @Test("the feed is posted step by step, each after its delay, until the task is cancelled")
  func feed() async {
    let clock = Clock()
    let poster = StandInPoster { $0.isMultiple(of: 2) ? 200 : 401 }
    let reports = await run(clock, poster, reports: 60)
    #expect(reports.map(\.number) == Array(1...60))
    #expect(poster.deliveries.count == 60)
    var feed = DemoFeed(secrets: Support.demo, seed: 7)
    let steps = (0..<60).map { _ in feed.next(at: Support.now) }
    #expect(poster.deliveries.map(\.label) == steps.map(\.delivery.label))
    #expect(clock.waits == steps.map(\.delay))
  }

  @Test("while nothing listens the same delivery is tried again, later each time, and signed anew")
  func notListening() async throws {
    let clock = Clock()
    let poster = StandInPoster { position throws(PostError) in
      if position <= 6 { throw .nothingListens(url: "http://127.0.0.1:1") }
      return 200
    }
    let reports = await run(clock, poster, reports: 8)
    #expect(reports.map(\.number) == [1, 1, 1, 1, 1, 1, 1, 2])
    #expect(clock.waits.filter { $0 >= 1 } == [1, 2, 4, 8, 8, 8])
    #expect(Set(poster.deliveries.prefix(7).map(\.label)).count == 1)
    let ids = poster.deliveries.prefix(7).compactMap { $0.headers.first("X-Parlay-Delivery") }
    #expect(ids.count == 7 && Set(ids).count == 1)
    let last = poster.deliveries[6]
    let verdict = Support.verdict(on: last, at: clock.now, keyring: Support.demo.keyring)
    #expect(verdict.reason == .ok)
    #expect(abs(try #require(verdict.ageSeconds)) < 2)
  }

  @Test(
    "an error with one delivery is reported and the next one follows",
    arguments: [
      PostError.closedEarly(url: "u"), .answerTimedOut(url: "u", seconds: 30), .other(url: "u", detail: "d"),
    ])
  func goesOn(error: PostError) async {
    let poster = StandInPoster { position throws(PostError) in
      if position == 2 { throw error }
      return 200
    }
    let reports = await run(Clock(), poster, reports: 3)
    #expect(reports.map(\.number) == [1, 2, 3])
    #expect(throws: error) { try reports[1].result.get() }
  }
}
