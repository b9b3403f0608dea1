import TestSupport
import Testing
import Webhooks

@testable import hooktop

struct AscendingNumbersTests {
  @Test(
    "numbers stay as recorded while they ascend; another gets the one after the last",
    arguments: [
      ([1, 2, 3], [1, 2, 3]), ([5, 9, 10], [5, 9, 10]), ([1, 2, 1, 2], [1, 2, 3, 4]),
      ([7, 7, 8, 8, 20], [7, 8, 9, 10, 20]), ([3, 1, 2, 5], [3, 4, 5, 6]),
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
}
