import Testing
import Webhooks

@testable import hooktop

struct DeliveryRingBatchRecordsTests {
  @Test(
    "deliveries and incidents of a batch stand in the order they came, a delivery first where both came at once",
    arguments: [
      ([], [], ""), ([1, 2], [], "d1 d2"), ([], [1, 2], "i1 i2"), ([2, 4], [1, 3, 5], "i1 d2 i3 d4 i5"),
      ([1, 1, 3], [1, 2, 3], "d1 d1 i1 i2 d3 i3"), ([5], [1, 2], "i1 i2 d5"),
    ] as [([Int64], [Int64], String)])
  func order(deliveries: [Int64], incidents: [Int64], expected: String) {
    let ring = DeliveryRing()
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
    var cursor = DeliveryRing.Cursor()
    let words = ring.read(after: &cursor).records.map { record in
      switch record {
      case .delivery(let delivery): "d\(delivery.receivedAt.microseconds)"
      case .incident(let incident): "i\(incident.receivedAt.microseconds)"
      }
    }
    #expect(words.joined(separator: " ") == expected)
  }
}
