import TestSupport
import Testing

@testable import Monitor

/// The rows of the list, against a list that is sorted anew each time.
@Suite struct ListRowsTests {
  @Test("rows that are put in, taken out and evicted stand as if they were sorted anew each time")
  func rowsAreSorted() {
    for order in ListOrder.Field.allCases.flatMap({
      [ListOrder(field: $0), ListOrder(field: $0, isReversed: true)]
    }) {
      var random = SeededRandom(seed: 7)
      var rows = ListRows(in: order)
      var expected: [ListRows.Place] = []
      for sequence in 1...400 as ClosedRange<UInt64> {
        let key =
          order.isByArrival
          ? 0 : [order.missing, Int64.random(in: -5...5, using: &random)][sequence % 7 == 0 ? 0 : 1]
        let place = ListRows.Place(key: key, sequence: sequence)
        rows.insert(place)
        expected.append(place)
        if sequence % 3 == 0, let gone = expected.randomElement(using: &random) {
          rows.remove(gone)
          expected.removeAll { $0 == gone }
        }
        if sequence % 50 == 0 {
          rows.removeEvicted(before: sequence - 40, unless: { $0 % 10 == 0 })
          expected.removeAll { $0.sequence < sequence - 40 && $0.sequence % 10 != 0 }
        }
        let sorted = expected.sorted { order.isReversed ? $0 < $1 : $0 > $1 }
        #expect((0..<rows.count).map(rows.sequence) == sorted.map(\.sequence))
        #expect(rows.newest == expected.map(\.sequence).max())
        #expect(sorted.indices.allSatisfy { rows.row(at: sorted[$0]) == $0 && rows.contains(sorted[$0]) })
      }
    }
  }
}
