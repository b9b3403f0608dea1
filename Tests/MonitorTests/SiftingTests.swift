import Testing
import Webhooks

@testable import Monitor

@Suite struct SiftingTests {
  @Test(
    "what passes keeps its order, however many processors look at it",
    arguments: [0, 1, 4095, 4096, 4097, 20_000])
  func order(count: Int) throws {
    let request = try Fixture.parlay()
    var deliveries = Deliveries()
    var expected: [UInt64] = []
    for number in 0..<count {
      let reason: Verdict.Reason = number.isMultiple(of: 3) ? .ok : .noHeader
      let delivery = Delivery(
        sequence: UInt64(2 * number + 1), receivedAt: Fixture.start, request: request, envelope: Envelope(),
        verdict: Verdict(reason), isDuplicate: false, attempt: 1, answer: Answer(status: 200, milliseconds: 0)
      )
      deliveries.add(delivery)
      if reason == .ok { expected.append(delivery.sequence) }
    }
    let passing = deliveries.numbers { $0.verdict.status == .valid }
    #expect(Array(passing) == expected)
    let start = count / 3
    let later = deliveries.numbers(from: start) { $0.verdict.status == .valid }
    #expect(Array(later) == expected.filter { $0 > UInt64(2 * start) })
  }
}
