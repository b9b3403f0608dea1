import Synchronization
import Testing
import Webhooks

@testable import Sender

@Suite(.timeLimit(.minutes(1))) struct VolleyTests {
  private func make(_ number: Int) -> OutgoingDelivery {
    OutgoingDelivery(label: "delivery \(number)", headers: Headers(), body: [])
  }

  @Test("each delivery is made and reported once", arguments: [0, 1, 3, 100])
  func all(count: Int) async {
    let poster = StandInPoster { $0 == 2 ? 401 : 200 }
    var made: [Int] = []
    var reported: [Int] = []
    let tally = await Volley(count: count).run(to: "u", through: poster) {
      made.append($0)
      return make($0)
    } progress: {
      reported.append($0.number)
      #expect($0.label == "delivery \($0.number)")
    }
    #expect(made == Array(0..<count).map { $0 + 1 })
    #expect(reported.sorted() == made)
    #expect(tally.answered == count)
    #expect(tally.accepted == (count < 2 ? count : count - 1))
    #expect(!tally.wasCancelled)
  }

  /// Holds every delivery until `width` are waiting at once.
  private actor Gate: Posting {
    let width: Int
    private(set) var most = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(width: Int) {
      self.width = width
    }

    func post(_ delivery: OutgoingDelivery, to url: String) async throws(PostError) -> PostAnswer {
      await withCheckedContinuation {
        waiting.append($0)
        most = max(most, waiting.count)
        if waiting.count == width {
          for one in waiting { one.resume() }
          waiting = []
        }
      }
      return PostAnswer(status: 200, milliseconds: 1)
    }
  }

  @Test("as many are on the way at once as are allowed, and no more", arguments: [1, 2, 5])
  func concurrency(width: Int) async {
    let gate = Gate(width: width)
    let tally = await Volley(count: width * 4, concurrency: width).run(to: "u", through: gate, make: make)
    #expect(tally.answered == width * 4)
    #expect(await gate.most == width)
  }

  @Test("a rate spreads the deliveries over time")
  func rate() async {
    let start = ContinuousClock.now
    _ = await Volley(count: 5, rate: 40).run(to: "u", through: StandInPoster(), make: make)
    #expect(start.duration(to: .now) >= .milliseconds(100))
  }

  @Test("progress comes while later deliveries still wait for their turn")
  func progressIsPrompt() async {
    // At this rate the second delivery is due in 17 minutes, so the test ends only by the cancellation.
    let tally = await Task {
      await Volley(count: 2, rate: 0.001).run(to: "u", through: StandInPoster(), make: make) { _ in
        withUnsafeCurrentTask { $0?.cancel() }
      }
    }.value
    #expect(tally.answered == 1)
    #expect(tally.wasCancelled)
  }

  @Test("a cancelled volley sends nothing more and tells what was sent")
  func cancellation() async {
    let poster = StandInPoster()
    let tally = await Task {
      await Volley(count: 1_000_000, concurrency: 2).run(to: "u", through: poster, make: make) {
        if $0.number == 10 { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }.value
    #expect(tally.wasCancelled)
    #expect(tally.answered == poster.deliveries.count)
    #expect((10...12).contains(tally.answered))
  }

  @Test("an address that is no use ends the volley at once, whatever the rate")
  func uselessAddress() async {
    let poster = StandInPoster { _ throws(PostError) in throw .nothingListens(url: "u") }
    let tally = await Volley(count: 1000, rate: 0.001).run(to: "u", through: poster, make: make)
    #expect(tally.stoppedBy == .nothingListens(url: "u"))
    #expect(tally.failed == 1)
    #expect(!tally.wasCancelled)
  }

  @Test("an error with one delivery does not keep the others back")
  func oneError() async {
    let poster = StandInPoster { position throws(PostError) in
      if position == 3 { throw .closedEarly(url: "u") }
      return 200
    }
    let tally = await Volley(count: 6, concurrency: 1).run(to: "u", through: poster, make: make)
    #expect((tally.answered, tally.failed) == (5, 1))
  }
}
