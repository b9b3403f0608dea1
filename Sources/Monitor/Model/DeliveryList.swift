internal import JSON
public import DequeModule
internal import Dispatch
internal import JSON
internal import Synchronization
public import Webhooks

/// The list of deliveries: what is kept, what the filter leaves, and which delivery is selected.
///
/// The selection belongs to a delivery, not to a row, so nothing that arrives can move it.
public struct DeliveryList: Sendable {
  /// Everything the ring keeps, as far as it was read; ascending by sequence.
  public private(set) var kept: Deque<Delivery> = []
  /// What the filter leaves of it, by sequence; ascending, shown newest first.
  ///
  /// Numbers and not the deliveries: to count references to a hundred thousand of them would take longer than to
  /// filter them.
  private var shown: Deque<UInt64> = []
  /// What happened to the kept ones after they came.
  private(set) var outcomes = Outcomes()
  public private(set) var filter: Filter?
  public private(set) var selected: UInt64?
  /// The delivery in the first visible row.
  private(set) var top: UInt64?
  /// The selection goes to each new delivery.
  public private(set) var follows = true
  /// The last delivery that is shown while the view is frozen.
  public private(set) var frozenAt: UInt64?
  /// The newest delivery that the ring has given.
  private(set) var newest: UInt64 = 0
  /// How many of the kept deliveries each secret has signed, by its label.
  private(set) var signed: [ByteString: Int] = [:]
  /// Deliveries that came since the view was frozen, filtered or not; a session's numbers may have gaps.
  private(set) var waiting = 0

  /// The oldest kept delivery's number; none is before it.
  var firstKept: UInt64 { kept.first?.sequence ?? 0 }

  public var isFrozen: Bool { frozenAt != nil }

  /// Whether nothing is left of what was kept when the view was frozen.
  var hasLostFrozen: Bool {
    guard let frozenAt, let oldest = kept.first else { return false }
    return oldest.sequence > frozenAt
  }

  /// The delivery that the other panes show.
  public var selection: Delivery? { selected.flatMap { find($0) } }
}

extension DeliveryList {
  /// Takes a batch from the ring: adds what is new, drops what was pushed out.
  mutating func take(_ batch: Journal.Batch) {
    if isFrozen { waiting += batch.deliveries.count + batch.missed }
    var labels = LabelRun()
    for delivery in batch.deliveries {
      newest = delivery.sequence
      kept.append(delivery)
      labels.add(delivery.verdict.secret, 1, to: &signed)
      if !isFrozen, matches(delivery) { shown.append(delivery.sequence) }
    }
    for change in batch.outcomes { take(change) }
    while let oldest = kept.first, oldest.sequence < batch.firstKept {
      labels.add(oldest.verdict.secret, -1, to: &signed)
      outcomes.forget(oldest.sequence)
      kept.removeFirst()
    }
    labels.end(in: &signed)
    while let oldest = shown.first, oldest < batch.firstKept { shown.removeFirst() }
    settle()
  }

  /// Takes what happened to a delivery, which may make the filter take it or leave it out.
  private mutating func take(_ change: Journal.OutcomeChange) {
    outcomes.take(change)
    guard let filter, filter.asksForOutcomes, change.sequence <= frozenAt ?? .max,
      let delivery = find(change.sequence)
    else { return }
    let place = position(of: change.sequence)
    let isShown = place < shown.count && shown[place] == change.sequence
    guard filter.matches(delivery, outcomes) != isShown else { return }
    if isShown { shown.remove(at: place) } else { shown.insert(change.sequence, at: place) }
  }

  mutating func apply(_ filter: Filter?) {
    self.filter = filter
    rebuild()
  }

  private mutating func rebuild() {
    let (limit, filter, outcomes) = (frozenAt ?? .max, filter, outcomes)
    shown = kept.numbers { $0.sequence <= limit && filter?.matches($0, outcomes) ?? true }
    settle()
  }

  private func matches(_ delivery: Delivery) -> Bool { filter?.matches(delivery, outcomes) ?? true }

  mutating func toggleFreeze() {
    frozenAt = frozenAt == nil ? newest : nil
    waiting = 0
    rebuild()
  }

  mutating func toggleFollow() {
    follows.toggle()
    settle()
  }

  /// Leaves the selection where it is from now on.
  mutating func stopFollowing() {
    follows = false
    if top == nil { top = selected }
  }

  /// Puts the selection where it belongs after the list has changed.
  private mutating func settle() {
    if follows { selected = shown.last }
    guard let wanted = selected else {
      selected = shown.last
      return
    }
    // A delivery that was pushed out or filtered away hands the selection to its nearest neighbour.
    let index = position(of: wanted)
    if index == shown.count || shown[index] != wanted {
      selected = shown.isEmpty ? nil : shown[min(index, shown.count - 1)]
    }
  }
}

/// Deliveries in a row that the same secret has signed, which are counted at once.
private struct LabelRun {
  private var label: ByteString?
  private var count = 0

  mutating func add(_ next: ByteString?, _ change: Int, to counts: inout [ByteString: Int]) {
    if next != label {
      end(in: &counts)
      label = next
    }
    count += change
  }

  mutating func end(in counts: inout [ByteString: Int]) {
    if let label, count != 0 { counts[label, default: 0] += count }
    count = 0
  }
}

extension DeliveryList {
  /// How many rows there are; row 0 is the newest delivery.
  public var rowCount: Int { shown.count }

  public func delivery(atRow row: Int) -> Delivery { kept[kept.firstIndex(from: sequence(atRow: row))] }

  private func sequence(atRow row: Int) -> UInt64 { shown[shown.count - 1 - row] }

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

  /// Moves the selection by rows; leaves following as soon as it leaves the newest.
  mutating func move(by rows: Int, height: Int) {
    select(row: selectedRow + rows, height: height)
  }

  mutating func select(row: Int, height: Int) {
    guard rowCount > 0 else { return }
    let target = min(max(0, row), rowCount - 1)
    let first = firstRow(height: height)
    if target != 0 { follows = false }
    selected = sequence(atRow: target)
    top = sequence(atRow: min(first, rowCount - 1))
    top = sequence(atRow: firstRow(height: height))
  }

  /// Selects the nearest delivery in `direction` (1: older) that passes `test`; false where there is none.
  mutating func selectNext(direction: Int, height: Int, where test: (Delivery) -> Bool) -> Bool {
    var row = selectedRow + direction
    while row >= 0, row < rowCount {
      if test(delivery(atRow: row)) {
        select(row: row, height: height)
        return true
      }
      row += direction
    }
    return false
  }

  private func row(of sequence: UInt64) -> Int {
    max(0, shown.count - 1 - position(of: sequence))
  }

  private func position(of sequence: UInt64) -> Int { shown.bisect { $0 < sequence } }

  private func find(_ sequence: UInt64) -> Delivery? { kept.find(sequence) }
}

extension Deque {
  /// How many elements satisfy `isBefore`, which holds for the first ones only.
  fileprivate func bisect(_ isBefore: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension Deque<Delivery> {
  /// How many deliveries one processor looks at in one go: fewer would not be worth handing them over.
  private static var share: Int { 4096 }

  /// The numbers of the deliveries that pass `test`, in order; where there are many, all processors look at once.
  func numbers(where test: @Sendable (Delivery) -> Bool) -> Deque<UInt64> {
    let shares = stride(from: 0, to: count, by: Self.share).map { $0..<Swift.min($0 + Self.share, count) }
    guard shares.count > 1 else { return Deque<UInt64>(numbers(in: indices, where: test)) }
    let found = Mutex([[UInt64]](repeating: [], count: shares.count))
    DispatchQueue.concurrentPerform(iterations: shares.count) { share in
      let numbers = numbers(in: shares[share], where: test)
      found.withLock { $0[share] = numbers }
    }
    return Deque<UInt64>(found.withLock { $0 }.joined())
  }

  private func numbers(in places: Range<Int>, where test: (Delivery) -> Bool) -> [UInt64] {
    var numbers: [UInt64] = []
    for place in places {
      // Taken out once: each time counts a reference to it.
      let delivery = self[place]
      if test(delivery) { numbers.append(delivery.sequence) }
    }
    return numbers
  }
}
