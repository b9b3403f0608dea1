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
  /// How many bytes of bodies are searched while the keys wait.
  var inlineBytes = 64 << 20
  /// Of all the kept bodies.
  private(set) var bodyBytes = 0
  /// What the filter is asked in the background; nil where it has been asked of everything.
  private(set) var sieve: Sieve?
  private var lastSieve = 0
  private var filterSearchesText = false
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
      bodyBytes += delivery.request.body.count
      if !isFrozen { show(delivery) }
    }
    for change in batch.outcomes { take(change) }
    while let oldest = kept.first, oldest.sequence < batch.firstKept {
      labels.add(oldest.verdict.secret, -1, to: &signed)
      outcomes.forget(oldest.sequence)
      bodyBytes -= oldest.request.body.count
      kept.removeFirst()
    }
    labels.end(in: &signed)
    while let oldest = shown.first, oldest < batch.firstKept { shown.removeFirst() }
    settle()
  }

  /// Takes what happened to a delivery, which may make the filter take it or leave it out.
  private mutating func take(_ change: Journal.OutcomeChange) {
    outcomes.take(change)
    guard filter?.asksForOutcomes == true else { return }
    // The filter may just be asked of this one, with what was known before.
    if sieve == nil { askAgain(change.sequence) } else { sieve?.changed.append(change.sequence) }
  }

  private mutating func askAgain(_ sequence: UInt64) {
    guard sequence <= frozenAt ?? .max, let delivery = find(sequence) else { return }
    let place = position(of: sequence)
    let isShown = isShown(sequence)
    guard matches(delivery) != isShown else { return }
    if isShown { shown.remove(at: place) } else { shown.insert(sequence, at: place) }
  }

  private func isShown(_ sequence: UInt64) -> Bool {
    let place = position(of: sequence)
    return place < shown.count && shown[place] == sequence
  }

  /// Shows a new delivery where the filter takes it; one that takes long to ask of, and those behind it, are left to the
  /// background.
  private mutating func show(_ delivery: Delivery) {
    guard sieve == nil else { return }
    if filterSearchesText, delivery.request.body.count > Job.inlineLimit {
      beginSieve(found: shown, after: delivery.sequence - 1)
    } else if matches(delivery) {
      shown.append(delivery.sequence)
    }
  }

  mutating func apply(_ filter: Filter?) {
    self.filter = filter
    filterSearchesText = filter?.searchesText ?? false
    rebuild()
  }

  /// What is shown stays until the filter has been asked of everything, and the selection with it.
  private mutating func rebuild() {
    sieve = nil
    guard !filterSearchesText || bodyBytes <= inlineBytes else { return beginSieve(found: [], after: 0) }
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

/// How far a filter that takes long has been asked, in the background and slice by slice.
struct Sieve: Sendable {
  let number: Int
  fileprivate(set) var found: Deque<UInt64>
  /// The last delivery that it was asked of.
  fileprivate(set) var last: UInt64
  fileprivate var isAtWork = false
  /// Deliveries to which something happened meanwhile.
  fileprivate var changed: [UInt64] = []
}

/// What a filter leaves of some deliveries.
public struct SiftedDeliveries: Sendable {
  fileprivate let sieve: Int
  fileprivate let found: Deque<UInt64>
  fileprivate let last: UInt64
}

extension DeliveryList {
  private mutating func beginSieve(found: Deque<UInt64>, after sequence: UInt64) {
    lastSieve += 1
    sieve = Sieve(number: lastSieve, found: found, last: sequence)
  }

  /// In percent of the kept deliveries.
  var progress: Int? {
    sieve.map { kept.firstIndex(from: $0.last + 1) * 100 / max(1, kept.count) }
  }

  /// The work that is to be done in the background next; nil where it is being done, or there is none.
  mutating func nextSlice() -> (@Sendable (Job.Clock) -> SiftedDeliveries)? {
    guard let sieve, !sieve.isAtWork, let filter else { return nil }
    self.sieve?.isAtWork = true
    let (kept, outcomes, limit, bytes) = (kept, outcomes, frozenAt ?? .max, inlineBytes / 4)
    let (number, before) = (sieve.number, sieve.last)
    return { clock in
      let start = clock()
      var found: Deque<UInt64> = []
      var last = before
      repeat {
        let rest = kept.firstIndex(from: last + 1)..<kept.count
        guard let slice = kept.slice(rest, upTo: bytes), let end = slice.last else { break }
        found += slice.numbers { $0.sequence <= limit && filter.matches($0, outcomes) }
        last = end.sequence
      } while clock() < start.addingReportingOverflow(Sieve.pause).partialValue
      return SiftedDeliveries(sieve: number, found: found, last: last)
    }
  }

  /// Takes what a slice has found; shows all that was found once there is no more. Returns whether that is so.
  mutating func take(_ sifted: SiftedDeliveries) -> Bool {
    guard sieve?.number == sifted.sieve else { return false }
    sieve?.found += sifted.found
    sieve?.last = sifted.last
    sieve?.isAtWork = false
    guard let sieve, sieve.last >= kept.last?.sequence ?? 0 else { return false }
    self.sieve = nil
    shown = sieve.found
    while let oldest = shown.first, oldest < firstKept { shown.removeFirst() }
    for sequence in sieve.changed { askAgain(sequence) }
    settle()
    return true
  }
}

extension Sieve {
  /// After how many nanoseconds it is told how far the filter has been asked.
  fileprivate static let pause: UInt64 = 100_000_000
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
    next(direction: direction, where: test).map { select($0.sequence, height: height) } ?? false
  }

  /// The nearest delivery in `direction` (1: older) that passes `test`.
  func next(direction: Int, where test: (Delivery) -> Bool) -> Delivery? {
    var row = selectedRow + direction
    while row >= 0, row < rowCount {
      let delivery = delivery(atRow: row)
      if test(delivery) { return delivery }
      row += direction
    }
    return nil
  }

  /// Selects a delivery; false where it is not shown.
  mutating func select(_ sequence: UInt64, height: Int) -> Bool {
    guard isShown(sequence) else { return false }
    select(row: row(of: sequence), height: height)
    return true
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

  /// The first deliveries in `places` whose bodies hold about so many bytes; nil where there are none.
  fileprivate func slice(_ places: Range<Int>, upTo bytes: Int) -> Deque<Delivery>? {
    guard !places.isEmpty else { return nil }
    var left = bytes
    let end = places.first { place in
      left -= self[place].request.body.count
      return left <= 0
    }
    let last = Swift.min(end ?? places.upperBound - 1, places.lowerBound + 16 * Self.share - 1)
    return Deque<Delivery>(self[places.lowerBound...last])
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
