internal import DequeModule
internal import JSON
public import Webhooks

extension DeliveryList {
  /// How many rows there are; row 0 is the newest delivery, unless another order was chosen.
  public var rowCount: Int { shown.count }

  public func delivery(atRow row: Int) -> Delivery {
    let sequence = sequence(atRow: row)
    return kept.find(sequence) ?? kept[kept.firstIndex(from: sequence)]
  }

  func sequence(atRow row: Int) -> UInt64 { shown.sequence(atRow: row) }

  /// The row of the selected delivery; 0 where none is.
  public var selectedRow: Int { selected.map { row(of: $0) } ?? 0 }

  /// The first visible row of `height`, such that the selected one is visible and, when nothing but
  /// arrivals happened, no row moves; in another order than that of arrival, the selected one does not.
  public func firstRow(height: Int) -> Int {
    guard height > 0, rowCount > height else { return 0 }
    let selectedRow = selectedRow
    let visible = min(max(anchoredRow, selectedRow - height + 1), selectedRow)
    return max(0, min(visible, rowCount - height))
  }

  /// The first row that would be visible if the selected one could be anywhere.
  private var anchoredRow: Int {
    guard order.isByArrival else { return selectedRow - rowsAbove }
    return follows ? 0 : top.map { row(of: $0) } ?? 0
  }

  /// How many rows that are not visible are newer than those that are; 0 where the rows are in another order.
  func newerRows(height: Int) -> Int {
    guard order.isByArrival else { return 0 }
    let first = firstRow(height: height)
    return order.isReversed ? max(0, rowCount - first - height) : first
  }

  /// Whether a delivery that could be shown passes `filter`; of a long session, whether it may.
  func mayHoldAny(of filter: Filter) -> Bool {
    let limit = frozenAt ?? .max
    let asked = kept.areFiled ? kept.suffix(askedAtOnce) : kept[...]
    return asked.contains { $0.sequence <= limit && filter.matches($0, outcomes) } || asked.count < kept.count
  }

  func isShown(_ sequence: UInt64) -> Bool { place(of: sequence).map(shown.contains) ?? false }

  /// The rows from the selected one on, in `direction` (1: down), and what is folded under them, to be searched apart
  /// from the list.
  func searchedRows(_ direction: Int) -> SearchedRows {
    let all = unfolded.numbers
    return SearchedRows(
      shown: all, order: order, selectedRow: Self.row(of: selected, in: all), direction: direction)
  }

  private static func row(of sequence: UInt64?, in all: Deque<UInt64>) -> Int {
    sequence.flatMap { all.lastIndex(of: $0) }.map { all.count - 1 - $0 } ?? 0
  }

  /// The row of a delivery that is shown, or the nearest one.
  func row(of sequence: UInt64) -> Int { place(of: sequence).map(shown.row) ?? 0 }

  /// Where a delivery stands, shown or not; nil if it is not kept and only it could tell.
  func place(of sequence: UInt64) -> ListRows.Place? {
    order.isByArrival ? ListRows.Place(key: 0, sequence: sequence) : kept.look(at: sequence).map(place)
  }

  func place(of delivery: Delivery) -> ListRows.Place {
    order.place(of: delivery, outcomes[delivery.sequence])
  }

  /// Rows of these deliveries, ascending by number, of which all are kept.
  func rows(of numbers: Deque<UInt64>) -> ListRows {
    guard order.isByArrival else { return ListRows(numbers.lazy.compactMap(place), in: order) }
    return ListRows(numbers.lazy.map { ListRows.Place(key: 0, sequence: $0) }, in: order)
  }
}

extension DeliveryList {
  /// Selects the nearest delivery in `direction` (1: down) that passes `test`; false if there is none.
  mutating func selectNext(direction: Int, height: Int, where test: (Delivery) -> Bool) -> Bool {
    next(direction: direction, where: test).map { select($0.sequence, height: height) } ?? false
  }

  /// The nearest delivery in `direction` (1: down) that passes `test`, among the rows and what is folded under them.
  /// - Parameter test: is given deliveries as they were received, and must tell nothing of them.
  func next(direction: Int, where test: (Delivery) -> Bool) -> Delivery? {
    let all = unfolded.numbers
    var row = Self.row(of: selected, in: all) + direction
    while row >= 0, row < all.count {
      if let delivery = kept.received(all[all.count - 1 - row]), test(delivery) { return delivery }
      row += direction
    }
    return nil
  }
}

// MARK: The order

extension DeliveryList {
  var order: ListOrder { shown.order }

  /// Puts the rows in another order; what is selected stays so, unless the selection only followed the newest.
  ///
  /// The filter is not asked again.
  mutating func order(by order: ListOrder) {
    let passing = passing
    if follows, order.field != self.order.field, !order.isByArrival {
      // Whoever orders by size wants to see the largest.
      stopFollowing()
      releaseSelection()
    }
    shown = ListRows(in: order)
    refold(passing)
    settle()
  }

  /// Moves a delivery to where it belongs by what has happened to it.
  mutating func move(from old: ListRows.Place) {
    guard let new = place(of: old.sequence), new != old, shown.contains(old) else { return }
    shown.remove(old)
    shown.insert(new)
  }
}
