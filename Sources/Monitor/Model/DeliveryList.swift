public import DequeModule
internal import JSON
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
  ///
  /// Attempts that are folded under another one are not among them.
  var shown: Deque<UInt64> = []
  var folds = Folds()
  /// What happened to the kept ones after they came.
  private(set) var outcomes = Outcomes()
  public private(set) var filter: Filter?
  public private(set) var selected: UInt64?
  /// The delivery that was selected until a filter left it out: it is selected again once it is shown.
  private var displaced: UInt64?
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
  /// The oldest delivery in the ring; what is before it is kept for being marked.
  private(set) var firstInRing: UInt64 = 0

  public var isFrozen: Bool { frozenAt != nil }

  /// Whether nothing is left of what was kept when the view was frozen.
  var hasLostFrozen: Bool {
    guard let frozenAt, let oldest = kept.first else { return false }
    return oldest.sequence > frozenAt
  }

  /// The delivery that the other panes show.
  public var selection: Delivery? { selected.flatMap { kept.find($0) } }
}

extension DeliveryList {
  /// Takes a batch from the ring: adds what is new, drops what was pushed out.
  mutating func take(_ batch: Journal.Batch) {
    if isFrozen { waiting += batch.deliveries.count + batch.missed }
    var labels = LabelRun()
    for delivery in batch.deliveries {
      newest = max(newest, delivery.sequence)
      kept.add(delivery)
      labels.add(delivery.verdict.secret, 1, to: &signed)
      bodyBytes += delivery.request.body.count
      if !isFrozen { show(delivery) }
    }
    for change in batch.outcomes { take(change) }
    drop(before: batch.firstKept, but: batch.spared, &labels)
    labels.end(in: &signed)
    dropShown()
    if folds.isBroken { refold(passing) }
    settle()
  }

  /// Drops what has been evicted: all before `first` that is not spared.
  private mutating func drop(before first: UInt64, but spared: Deque<Delivery>, _ labels: inout LabelRun) {
    firstInRing = first
    let end = kept.firstIndex(from: first)
    guard end > spared.count else { return }
    var left: [Delivery] = []
    for delivery in kept[..<end] {
      if left.count < spared.count, spared[left.count].sequence == delivery.sequence {
        left.append(delivery)
        continue
      }
      labels.add(delivery.verdict.secret, -1, to: &signed)
      outcomes.forget(delivery.sequence)
      folds.forget(delivery)
      bodyBytes -= delivery.request.body.count
    }
    kept.replaceSubrange(..<end, with: left)
  }

  /// Shows no more what has been evicted.
  private mutating func dropShown() {
    let end = position(of: firstInRing)
    let left = shown[..<end].filter { kept.find($0) != nil }
    if left.count < end { shown.replaceSubrange(..<end, with: left) }
  }

  /// Takes what happened to a delivery, which may make the filter take it or leave it out.
  private mutating func take(_ change: Journal.OutcomeChange) {
    outcomes.take(change)
    guard filter?.asksForOutcomes == true else { return }
    // The filter may just be asked of this one, with what was known before.
    if sieve == nil { askAgain(change.sequence) } else { sieve?.changed.append(change.sequence) }
  }

  /// Asks the filter of a delivery anew; where its body is large, of it and all after it in the background.
  private mutating func askAgain(_ sequence: UInt64) {
    guard sequence <= frozenAt ?? .max, let delivery = kept.find(sequence) else { return }
    guard !filterSearchesText || delivery.request.body.count <= Job.inlineLimit else {
      return beginSieve(found: Deque(passing.prefix { $0 < sequence }), after: sequence - 1)
    }
    let isPassing = isShown(sequence) || folds.hidden.contains(sequence)
    guard matches(delivery) != isPassing else { return }
    let isFolded = folds.chain(of: delivery) != nil
    if isFolded { shown = passing }
    let place = position(of: sequence)
    if isPassing { shown.remove(at: place) } else { shown.insert(sequence, at: place) }
    if isFolded { refold(shown) }
  }

  /// Shows a new delivery that the filter matches. A large one, and all after it, are matched in the background.
  private mutating func show(_ delivery: Delivery) {
    guard sieve == nil else { return }
    if filterSearchesText, delivery.request.body.count > Job.inlineLimit {
      beginSieve(found: passing, after: delivery.sequence - 1)
    } else if matches(delivery) {
      // Nearly always it is the newest.
      let place =
        shown.last.map { $0 < delivery.sequence } ?? true ? shown.count : position(of: delivery.sequence)
      shown.insert(delivery.sequence, at: place)
      if !folds.isEmpty { tuck(under: delivery) }
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
    refold(kept.numbers { $0.sequence <= limit && filter?.matches($0, outcomes) ?? true })
    settle()
  }

  private func matches(_ delivery: Delivery) -> Bool { filter?.matches(delivery, outcomes) ?? true }

  mutating func toggleFreeze() {
    frozenAt = frozenAt == nil ? newest : nil
    waiting = 0
    rebuild()
  }

  mutating func follow(_ follows: Bool = true) {
    self.follows = follows
    settle()
  }

  /// Leaves the selection where it is from now on.
  mutating func stopFollowing() {
    follows = false
    if top == nil { top = selected }
  }

  /// What keeps its row whatever changes; nil where the selection goes to what is newest.
  var heldSelection: UInt64? { follows ? nil : displaced ?? selected }

  /// Puts the selection where it belongs after the list has changed.
  private mutating func settle() {
    let before = selected
    placeSelection()
    if !folds.isEmpty { tuckLeft(before) }
  }

  private mutating func placeSelection() {
    if follows {
      (selected, displaced) = (shown.last, nil)
      return
    }
    guard let wanted = displaced ?? selected else {
      selected = shown.last
      return
    }
    if isShown(wanted) {
      (selected, displaced) = (wanted, nil)
      return
    }
    displaced = kept.find(wanted) != nil ? wanted : nil
    // What took its place stays as long as it can: nothing that arrives moves the selection.
    if let selected, isShown(selected) { return }
    selected = shown.isEmpty ? nil : shown[min(position(of: wanted), shown.count - 1)]
  }
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
  /// - Parameter ring: what keeps the deliveries, which may have more than was read of it.
  mutating func nextSlice(of ring: any Kindred) -> (@Sendable (Job.Clock) -> SiftedDeliveries)? {
    guard let filter else { return nil }
    let (outcomes, limit) = (outcomes, frozenAt ?? .max)
    return sieve?.nextSlice(of: ring, through: newest, upTo: inlineBytes / 4) {
      $0.sequence <= limit && filter.matches($0, outcomes)
    }
  }

  mutating func refuseSlice() { sieve?.refuse() }

  /// Takes what a slice has found; shows all that was found once next to nothing is left. Returns whether that is so.
  mutating func take(_ sifted: SiftedDeliveries) -> Bool {
    guard sieve?.take(sifted) == true, let sieve else { return false }
    let rest = kept.firstIndex(from: sieve.last + 1)..<kept.count
    // A few always come while a slice is worked on: left to the next one, they would put the end off for ever.
    // These are searched in a millisecond or two.
    guard kept.bodies(rest, holdAtMost: inlineBytes / 16) else { return false }
    self.sieve = nil
    shown = sieve.found
    dropShown()
    for place in rest where kept[place].sequence <= frozenAt ?? .max && matches(kept[place]) {
      shown.append(kept[place].sequence)
    }
    refold(shown)
    // What a new sieve begins with comes before all that is left.
    for sequence in sieve.changed.sorted() where self.sieve == nil { askAgain(sequence) }
    settle()
    return true
  }
}

extension DeliveryList {
  /// Moves the selection by rows; leaves following as soon as it leaves the newest.
  mutating func move(by rows: Int, height: Int) {
    select(row: selectedRow + rows, height: height)
  }

  mutating func select(row: Int, height: Int) {
    guard rowCount > 0 else { return }
    let target = min(max(0, row), rowCount - 1)
    let first = firstRow(height: height)
    if target != 0 { follows = false }
    let before = selected
    (selected, displaced) = (sequence(atRow: target), nil)
    top = sequence(atRow: min(first, rowCount - 1))
    if !folds.isEmpty { tuckLeft(before) }
    top = sequence(atRow: firstRow(height: height))
  }

  /// Selects a delivery, which is unfolded where it must be; false where the filter leaves it out.
  mutating func select(_ sequence: UInt64, height: Int) -> Bool {
    if folds.hidden.contains(sequence), let chain = kept.find(sequence).flatMap(folds.chain) { unfold(chain) }
    guard isShown(sequence) else { return false }
    select(row: row(of: sequence), height: height)
    return true
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
