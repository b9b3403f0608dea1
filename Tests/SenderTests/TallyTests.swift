import Testing
import Webhooks

@testable import Sender

@Suite struct TallyTests {
  private func report(_ result: Result<PostAnswer, PostError>) -> PostReport {
    PostReport(number: 1, delivery: OutgoingDelivery(label: "", headers: [], body: []), result: result)
  }

  @Test("answers count by status, and errors apart")
  func counts() {
    var tally = Tally()
    for status in [200, 204, 301, 401, 500] {
      tally.add(report(.success(PostAnswer(status: status, milliseconds: 1))))
    }
    tally.add(report(.failure(.closedEarly(url: "u"))))
    #expect((tally.answered, tally.accepted, tally.failed) == (5, 2, 1))
    #expect(tally.stoppedBy == nil)
  }

  @Test("the first error about the address is what stopped the volley")
  func stopped() {
    var tally = Tally()
    tally.add(report(.failure(.cancelled)))
    tally.add(report(.failure(.nothingListens(url: "u"))))
    tally.add(report(.failure(.unknownHost(url: "u"))))
    #expect(tally.stoppedBy == .nothingListens(url: "u"))
    #expect(tally.failed == 3)
  }
}
