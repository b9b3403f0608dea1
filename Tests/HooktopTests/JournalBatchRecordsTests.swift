import Testing
import Webhooks

@testable import hooktop

struct JournalBatchRecordsTests {
  @Test(
    "deliveries and incidents of a batch stand in the order they came, a delivery first where both came at once",
    arguments: [
      ([], [], ""), ([1, 2], [], "d1 d2"), ([], [1, 2], "i1 i2"), ([2, 4], [1, 3, 5], "i1 d2 i3 d4 i5"),
      ([1, 1, 3], [1, 2, 3], "d1 d1 i1 i2 d3 i3"), ([5], [1, 2], "i1 i2 d5"),
    ] as [([Int64], [Int64], String)])
  func order(deliveries: [Int64], incidents: [Int64], expected: String) {
    let ring = Self.ring(deliveries, incidents)
    var cursor = Journal.Cursor()
    #expect(Self.words(ring.read(after: &cursor)) == expected)
  }

  @Test("they do so however few are read at a time", arguments: 1...4)
  func piecemeal(limit: Int) {
    let ring = Self.ring([2, 4, 6, 8], [1, 3, 5, 7, 9])
    var cursor = Journal.Cursor()
    var read: [String] = []
    while case let batch = ring.read(after: &cursor, limit: limit), !batch.isEmpty {
      read.append(Self.words(batch))
    }
    #expect(read.joined(separator: " ") == "i1 d2 i3 d4 i5 d6 i7 d8 i9")
  }

  private static func ring(_ deliveries: [Int64], _ incidents: [Int64]) -> Journal {
    let ring = Journal()
    for time in deliveries {
      ring.append(
        Arrival(
          receivedAt: Timestamp(microseconds: time), request: Request(headers: Headers([]), body: []),
          envelope: Envelope(), verdict: Verdict(.noHeader), answer: Answer(status: 200, milliseconds: 0)))
    }
    for time in incidents {
      ring.append(
        Incident(
          receivedAt: Timestamp(microseconds: time), reason: .timeout, detail: "", peer: "", status: nil))
    }
    return ring
  }

  private static func words(_ batch: Journal.Batch) -> String {
    let words = batch.records.map { record in
      switch record {
      case .delivery(let delivery): "d\(delivery.receivedAt.microseconds)"
      case .incident(let incident): "i\(incident.receivedAt.microseconds)"
      }
    }
    return words.joined(separator: " ")
  }
}
