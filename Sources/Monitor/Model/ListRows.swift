internal import DequeModule
internal import JSON

/// The deliveries that the list shows, in its order, by their numbers.
///
/// Numbers and not the deliveries: to count references to a hundred thousand of them would take longer than to filter
/// them.
struct ListRows: Sendable {
  /// Where a delivery stands among the others: by what the list is ordered by, and among equals by arrival.
  struct Place: Sendable, Comparable {
    let key: Int64
    let sequence: UInt64

    static func < (left: Place, right: Place) -> Bool {
      left.key == right.key ? left.sequence < right.sequence : left.key < right.key
    }
  }

  let order: ListOrder
  /// Ascending: the first row is the last of them, or the first where the order is reversed.
  private var places: Deque<Place> = []
  /// The delivery of them that arrived last.
  private(set) var newest: UInt64?

  /// - Parameter places: in any order, but ascending where the list is ordered by arrival.
  init(_ places: some Sequence<Place> = EmptyCollection<Place>(), in order: ListOrder = ListOrder()) {
    self.order = order
    self.places = order.isByArrival ? Deque(places) : Deque(places.sorted())
    newest = last
  }

  /// The one of all that arrived last.
  private var last: UInt64? {
    order.isByArrival ? places.last?.sequence : places.lazy.map(\.sequence).max()
  }

  var count: Int { places.count }
  var isEmpty: Bool { places.isEmpty }

  /// The rows' deliveries, the first row's as the last.
  var numbers: Deque<UInt64> {
    order.isReversed
      ? Deque(places.lazy.reversed().map(\.sequence)) : Deque(places.lazy.map(\.sequence))
  }

  /// The same as they arrived.
  var arrived: Deque<UInt64> {
    let numbers = places.lazy.map(\.sequence)
    return order.isByArrival ? Deque(numbers) : Deque(numbers.sorted())
  }

  /// The lowest and the highest value that they are ordered by; nil where none has one.
  var values: ClosedRange<Int64>? {
    let first = Bisection.count(below: count) { places[$0].key == .min }
    let end = Bisection.count(below: count) { places[$0].key < .max }
    return first < end ? places[first].key...places[end - 1].key : nil
  }
}

extension ListRows {
  func sequence(atRow row: Int) -> UInt64 { places[index(ofRow: row)].sequence }

  /// The row at a place, or the nearest one where the place is not among the rows.
  func row(at place: Place) -> Int {
    let position = min(position(of: place), max(0, count - 1))
    return max(0, index(ofRow: position))
  }

  /// Rows are counted from one end and places from the other, unless the order is reversed.
  private func index(ofRow row: Int) -> Int { order.isReversed ? row : count - 1 - row }

  func contains(_ place: Place) -> Bool {
    let position = position(of: place)
    return position < count && places[position] == place
  }

  /// The delivery at a place, or the nearest one where the place is not among the rows.
  func nearest(to place: Place) -> UInt64? {
    isEmpty ? nil : places[min(position(of: place), count - 1)].sequence
  }

  /// The nearest to a delivery's row that passes `test`.
  func nearest(to sequence: UInt64, where test: (UInt64) -> Bool) -> UInt64? {
    guard let position = places.firstIndex(where: { $0.sequence == sequence }) else { return nil }
    let found =
      places[position...].first { test($0.sequence) } ?? places[..<position].last { test($0.sequence) }
    return found?.sequence
  }

  /// How many places are before one.
  private func position(of place: Place) -> Int {
    Bisection.count(below: count) { places[$0] < place }
  }
}

extension ListRows {
  mutating func insert(_ place: Place) {
    // By arrival it is nearly always the newest.
    if let last = places.last, place < last {
      places.insert(place, at: position(of: place))
    } else {
      places.append(place)
    }
    newest = max(newest ?? 0, place.sequence)
  }

  mutating func remove(_ place: Place) {
    guard contains(place) else { return }
    places.remove(at: position(of: place))
    findNewest(without: place.sequence)
  }

  mutating func removeAll(where isGone: (UInt64) -> Bool) {
    places.removeAll { isGone($0.sequence) }
    if let newest, isGone(newest) { findNewest(without: newest) }
  }

  /// Takes out what has been evicted: all that arrived before `first`.
  /// - Parameter isSpared: whether one of those is kept; nil if none is.
  mutating func removeEvicted(before first: UInt64, unless isSpared: ((UInt64) -> Bool)?) {
    guard order.isByArrival else {
      return removeAll { $0 < first && isSpared?($0) != true }
    }
    let end = position(of: Place(key: 0, sequence: first))
    if let isSpared {
      let left = places[..<end].filter { isSpared($0.sequence) }
      if left.count < end { places.replaceSubrange(..<end, with: left) }
    } else {
      places.removeFirst(end)
    }
    newest = last
  }

  private mutating func findNewest(without sequence: UInt64) {
    if newest == sequence { newest = last }
  }
}
