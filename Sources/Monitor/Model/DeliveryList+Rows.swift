internal import DequeModule
internal import JSON
public import Webhooks

extension DeliveryList {
  /// How many rows there are; row 0 is the newest delivery.
  public var rowCount: Int { shown.count }

  public func delivery(atRow row: Int) -> Delivery { kept[kept.firstIndex(from: sequence(atRow: row))] }

  func sequence(atRow row: Int) -> UInt64 { shown[shown.count - 1 - row] }

  /// The row of the selected delivery; 0 where none is.
  public var selectedRow: Int { selected.map { row(of: $0) } ?? 0 }

  /// The first visible row of `height`, such that the selected one is visible and, when nothing but
  /// arrivals happened, no row moves.
  public func firstRow(height: Int) -> Int {
    guard height > 0, rowCount > height else { return 0 }
    let anchored = follows ? 0 : top.map { row(of: $0) } ?? 0
    let selectedRow = selectedRow
    let visible = min(max(anchored, selectedRow - height + 1), selectedRow)
    return min(visible, rowCount - height)
  }

  /// Whether a delivery that could be shown passes `filter`.
  func holdsAny(of filter: Filter) -> Bool {
    let limit = frozenAt ?? .max
    return kept.contains { $0.sequence <= limit && filter.matches($0, outcomes) }
  }

  func isShown(_ sequence: UInt64) -> Bool {
    let place = position(of: sequence)
    return place < shown.count && shown[place] == sequence
  }

  /// The rows from the selected one on, in `direction` (1: older), and what is folded under them, to be searched apart
  /// from the list.
  func searchedRows(_ direction: Int) -> SearchedRows {
    let all = passing
    return SearchedRows(shown: all, selectedRow: Self.row(of: selected, in: all), direction: direction)
  }

  private static func row(of sequence: UInt64?, in all: Deque<UInt64>) -> Int {
    sequence.map { sequence in
      max(0, all.count - 1 - Bisection.count(below: all.count) { all[$0] < sequence })
    } ?? 0
  }

  func row(of sequence: UInt64) -> Int {
    max(0, shown.count - 1 - position(of: sequence))
  }

  func position(of sequence: UInt64) -> Int {
    Bisection.count(below: shown.count) { shown[$0] < sequence }
  }
}

extension DeliveryList {
  /// Selects the nearest delivery in `direction` (1: older) that passes `test`; false if there is none.
  mutating func selectNext(direction: Int, height: Int, where test: (Delivery) -> Bool) -> Bool {
    next(direction: direction, where: test).map { select($0.sequence, height: height) } ?? false
  }

  /// The nearest delivery in `direction` (1: older) that passes `test`, among the rows and what is folded under them.
  func next(direction: Int, where test: (Delivery) -> Bool) -> Delivery? {
    let all = passing
    var row = Self.row(of: selected, in: all) + direction
    while row >= 0, row < all.count {
      if let delivery = kept.find(all[all.count - 1 - row]), test(delivery) { return delivery }
      row += direction
    }
    return nil
  }
}
