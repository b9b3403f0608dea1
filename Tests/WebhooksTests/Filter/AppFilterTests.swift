import JSON
import TestSupport
import Testing

@testable import Webhooks

@Suite("Filters by what the app answered")
struct AppFilterTests {
  /// Delivery 1 was taken in 250 ms; 2 got no answer in 10 s; 3 was probed, and not sent on; 4 is valid and was
  /// refused at first; of 6 and 7 nobody has heard yet: the sender of 7 still waits, and 6 was probed meanwhile.
  private let outcomes = {
    var outcomes = Outcomes()
    func add(_ sequence: UInt64, _ status: Int?, _ failure: Exchange.Failure?, _ milliseconds: Double) {
      outcomes.append(
        .exchanged(
          Exchange(
            at: Samples.now, purpose: [3, 6].contains(sequence) ? .check : .forward, url: "u",
            response: status.map { .init(status: $0) }, failure: failure,
            milliseconds: .init(total: milliseconds))), to: sequence)
    }
    add(1, 204, nil, 250)
    add(2, nil, .timeout, 10_000)
    add(3, 200, nil, 1)
    outcomes.append(.asked, to: 4)
    outcomes.append(.asked, to: 6)
    add(4, 401, nil, 5)
    add(6, 200, nil, 1)
    outcomes.append(.answered(Answer(status: 504, milliseconds: 10_000)), to: 2)
    return outcomes
  }()

  private func taken(_ expression: String) throws -> [UInt64] {
    let filter = try Filter(expression, providers: .documented)
    #expect(filter.asksForOutcomes)
    return (1...7).filter { sequence in
      let answer = [2, 7].contains(sequence) ? nil : Answer(status: 200, milliseconds: 1)
      let delivery = Delivery(
        sequence: sequence, receivedAt: Samples.now, request: Request(headers: [], body: []),
        envelope: Envelope(provider: .parlay), verdict: Verdict(sequence == 4 ? .ok : .noV1Matches),
        isDuplicate: false, attempt: 1, answer: answer)
      return filter.matches(delivery, outcomes)
    }
  }

  @Test(
    "take a delivery by its last exchange, which a probe is not",
    arguments: [
      ("app:2xx", [1]), ("app:204", [1]), ("app:timeout", [2]), ("app:none", [3, 5]),
      ("app:4xx|timeout", [2, 4]),
      ("-app:none", [1, 2, 4, 6, 7]), ("app:refused", []), ("took:>200ms", [1, 2]), ("took:>1s", [2]),
      ("took:<=0.25", [1, 4]), ("disagree", [1, 4]), ("disagree sig:ok", [4]), ("answer:504", [2]),
      ("answer:2xx", [1, 3, 4, 5, 6]), ("answer:5xx", [2]),
    ] as [(String, [UInt64])])
  func taken(expression: String, due: [UInt64]) throws {
    #expect(try taken(expression) == due)
  }

  @Test(
    "what an app can't have said is an error",
    arguments: ["app:6xx", "app:ok", "app:20", "took:fast", "took:>1d"])
  func errors(expression: String) {
    #expect(throws: FilterError.self) { try Filter(expression, providers: .documented) }
  }
}
