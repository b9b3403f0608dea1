import TestSupport
import Testing
import Webhooks

@testable import hooktop

struct AscendingNumbersTests {
  @Test(
    "numbers stay as recorded while they ascend; another gets the one after the last",
    arguments: [
      ([1, 2, 3], [1, 2, 3]), ([5, 9, 10], [5, 9, 10]), ([1, 2, 1, 2], [1, 2, 3, 4]),
      ([7, 7, 8, 8, 20], [7, 8, 9, 10, 20]), ([3, 1, 2, 5], [3, 1, 2, 5]), ([2, 1, 2, 1], [2, 1, 3, 4]),
      ([.max, 1, .max, 4], [1, 2, 3, 4]),
      ([UInt64(Int.max), UInt64(Int.max), 1], [UInt64(Int.max), UInt64(Int.max) + 1, UInt64(Int.max) + 2]),
    ] as [([UInt64], [UInt64])])
  func ascending(recorded: [UInt64], expected: [UInt64]) throws {
    var numbers = AscendingNumbers()
    for (sequence, number) in zip(recorded, expected) {
      let record = try SessionRecord(line: SampleSession.delivery(sequence))
      guard case .delivery(let delivery) = record else {
        Issue.record("no delivery")
        return
      }
      let numbered = numbers.numbered(delivery)
      #expect(numbered.sequence == number)
      #expect(numbered.request.body == delivery.request.body)
    }
  }

  private func delivery(_ sequence: UInt64, at seconds: Double) -> Delivery {
    Delivery(
      sequence: sequence, receivedAt: Timestamp(seconds: seconds), request: Request(headers: [], body: []),
      envelope: Envelope(), verdict: Verdict(.noSecret), isDuplicate: false, attempt: 1,
      answer: Answer(status: 200, milliseconds: 1))
  }

  @Test("one whose app was slow keeps its number, though it is recorded behind later ones")
  func slow() {
    var numbers = AscendingNumbers()
    let recorded = ([1, 4, 3, 5, 2] as [UInt64]).map { delivery($0, at: Double($0)) }
    #expect(recorded.map { numbers.numbered($0).sequence } == [1, 4, 3, 5, 2])
    // Each number is given once.
    #expect(numbers.numbered(delivery(2, at: 2)).sequence == 6)
  }

  @Test(
    "nor is one renumbered that arrived no earlier than those before it in the file", arguments: [3, 3.5, 20])
  func late(arrival: Double) {
    var numbers = AscendingNumbers()
    // The third is large: it was received first, got its number once it was verified, and was answered at once.
    let recorded = [(1, 1), (3, 3), (2, arrival), (4, 21)].map { delivery($0.0, at: $0.1) }
    #expect(recorded.map { numbers.numbered($0).sequence } == [1, 3, 2, 4])
    #expect(numbers.number(ofRecorded: 2) == 2)
  }

  @Test("a second run fills no gap that the first has left, whatever it begins with")
  func gapOfFirstRun() {
    var numbers = AscendingNumbers()
    let recorded = [(1, 1), (5, 5), (3, 100), (1, 101), (2, 102)] as [(UInt64, Double)]
    #expect(recorded.map { numbers.numbered(delivery($0.0, at: $0.1)).sequence } == [1, 5, 6, 7, 8])
    #expect(numbers.number(ofRecorded: 3) == 6 && numbers.number(ofRecorded: 5) == 5)
  }

  @Test("a second run that fills no gap of the first has numbers of its own, which its exchanges follow")
  func secondRun() {
    var numbers = AscendingNumbers()
    for (number, time) in [(1, 1), (2, 2), (5, 5)] as [(UInt64, Double)] {
      _ = numbers.numbered(delivery(number, at: time))
    }
    let second = ([(1, 10), (3, 12), (2, 11)] as [(UInt64, Double)]).map {
      numbers.numbered(delivery($0.0, at: $0.1)).sequence
    }
    #expect(second == [6, 7, 8])
    #expect(([1, 2, 3, 5] as [UInt64]).map { numbers.number(ofRecorded: $0) } == [6, 8, 7, 5])
  }
}
