internal import DequeModule
internal import JSON
public import Webhooks

/// The list of deliveries: what is kept, what the filter leaves, and which delivery is selected.
///
/// The selection belongs to a delivery, not to a row, so nothing that arrives can move it.
public struct DeliveryList: Sendable {
  /// Everything the ring keeps, as far as it was read; ascending by sequence.
  public internal(set) var kept = Deliveries()
  /// What the filter leaves of it, but for attempts that are folded under another one.
  var shown = ListRows()
  var folds = Folds()
  /// What happened to the kept ones after they came.
  var outcomes = Outcomes()
  public internal(set) var filter: Filter?
  public private(set) var selected: UInt64?
  /// The delivery that was selected until a filter left it out: it is selected again once it is shown.
  private var displaced: UInt64?
  /// The delivery in the first visible row.
  private(set) var top: UInt64?
  /// How many visible rows are above the selected one.
  private(set) var rowsAbove = 0
  /// The selection goes to each new delivery.
  public private(set) var follows = true
  /// The last delivery that is shown while the view is frozen.
  public private(set) var frozenAt: UInt64?
  /// The newest delivery that the ring has given.
  private(set) var newest: UInt64 = 0
  /// How many of the kept deliveries each secret has signed.
  private var signed: [Signer: Int] = [:]
  /// How many bytes of bodies are searched while the keys wait, and a sixteenth of them where what is found at once need
  /// not be all.
  var inlineBytes = 64 << 20
  /// How many deliveries a filter is asked of while the keys wait.
  var inlineCount = 1 << 14

  /// How many bytes of bodies are searched while the keys wait, wherever they are: to read a delivery from a file takes
  /// as long as to search some dozens in memory.
  var searchedAtOnce: Int { kept.areFiled ? inlineBytes / 32 : inlineBytes }
  /// How many deliveries are read from a file while the keys wait.
  var readAtOnce: Int { kept.areFiled ? askedAtOnce / 16 : .max }
  /// How many deliveries a filter is asked of while the keys wait, whatever has to be made of them first.
  var askedAtOnce: Int { kept.isSeenThroughLens ? inlineCount / 128 : inlineCount }
  /// Of all the kept bodies.
  var bodyBytes = 0
  /// What the filter is asked in the background; nil if it has been asked of everything.
  var sieve: Sieve?
  var lastSieve = 0
  var filterSearchesText = false
  var filterReadsRequests = false
  /// How many requests the filter could not be asked of, since their file does not hold them any more: it takes none.
  var unreadable = 0
  /// Deliveries that came since the view was frozen, filtered or not; a session's numbers may have gaps.
  private(set) var waiting = 0

  /// The oldest kept delivery's number; none is before it.
  var firstKept: UInt64 { kept.firstSequence ?? 0 }
  /// The oldest delivery in the ring; what is before it is kept for being marked.
  private(set) var firstInRing: UInt64 = 0

  public var isFrozen: Bool { frozenAt != nil }

  /// Whether nothing is left of what was kept when the view was frozen.
  var hasLostFrozen: Bool {
    guard let frozenAt, let oldest = kept.firstSequence else { return false }
    return oldest > frozenAt
  }

  /// The delivery that the other panes show.
  public var selection: Delivery? { selected.flatMap { kept.find($0) } }
}

extension DeliveryList {
  /// Takes a batch from the ring: adds what is new, drops what was pushed out.
  mutating func take(_ batch: Journal.Batch) {
    if isFrozen { waiting += batch.deliveries.count + batch.missed }
    var signers = SignerRun()
    batch.packs.forEach { kept.add($0) }
    // What could not be packed comes behind all that could.
    let packed = batch.packs.reduce(0) { $0 + $1.count }
    kept.add(packed == 0 ? batch.deliveries : Array(batch.deliveries.dropFirst(packed)))
    for delivery in batch.deliveries {
      newest = max(newest, delivery.sequence)
      signers.add(Signer(of: delivery), 1, to: &signed)
      bodyBytes += delivery.bodySize
      if !isFrozen { show(delivery) }
    }
    for change in batch.outcomes { take(change) }
    if drop(before: batch.firstKept, but: batch.spared, &signers) { dropShown() }
    signers.end(in: &signed)
    if folds.isBroken { refold(passing) }
    settle()
  }

  /// Drops what has been evicted: all before `first` that is not spared; returns whether that is any.
  private mutating func drop(
    before first: UInt64, but spared: Deque<Delivery>, _ signers: inout SignerRun
  ) -> Bool {
    firstInRing = first
    let end = kept.firstIndex(from: first)
    guard end > spared.count else { return false }
    var left: [Delivery] = []
    for delivery in kept[..<end] {
      if left.count < spared.count, spared[left.count].sequence == delivery.sequence {
        left.append(delivery)
        continue
      }
      signers.add(Signer(of: delivery), -1, to: &signed)
      outcomes.forget(delivery.sequence)
      folds.forget(delivery)
      bodyBytes -= delivery.bodySize
    }
    kept.replaceFirst(end, with: left)
    return true
  }

  /// Shows no more what has been evicted.
  private mutating func dropShown() {
    // Not the list itself, whose rows would be copied to be changed.
    let isKept = { [kept] in kept.holds($0) }
    if !order.isByArrival, let selected, !isKept(selected) {
      // Its value, and so its place, is lost with it.
      self.selected = shown.nearest(to: selected, where: isKept)
    }
    // Nearly always nothing is marked, so that nothing before the ring is kept.
    shown.removeEvicted(before: firstInRing, unless: firstKept < firstInRing ? isKept : nil)
  }

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

  /// Selects nothing, until the first row is selected.
  mutating func releaseSelection() {
    (selected, displaced, top, rowsAbove) = (nil, nil, nil, 0)
  }

  /// What keeps its row whatever changes; nil if the selection goes to what is newest.
  var heldSelection: UInt64? { follows ? nil : displaced ?? selected }

  /// Puts the selection where it belongs after the list has changed.
  mutating func settle() {
    let before = selected
    placeSelection()
    if !folds.isEmpty { tuckLeft(before) }
  }

  private mutating func placeSelection() {
    if follows {
      (selected, displaced) = (shown.newest, nil)
      return
    }
    guard let wanted = displaced ?? selected else {
      selected = rowCount > 0 ? sequence(atRow: 0) : nil
      return
    }
    if isShown(wanted) {
      (selected, displaced) = (wanted, nil)
      return
    }
    displaced = kept.holds(wanted) ? wanted : nil
    // What took its place stays as long as it can: nothing that arrives moves the selection.
    if let selected, isShown(selected) { return }
    selected = place(of: wanted).flatMap(shown.nearest) ?? (rowCount > 0 ? sequence(atRow: 0) : nil)
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
    let before = selected
    (selected, displaced) = (sequence(atRow: target), nil)
    if selected != shown.newest { follows = false }
    (top, rowsAbove) = (sequence(atRow: min(first, rowCount - 1)), target - first)
    if !folds.isEmpty { tuckLeft(before) }
    let shownFirst = firstRow(height: height)
    (top, rowsAbove) = (sequence(atRow: shownFirst), selectedRow - shownFirst)
  }

  /// Selects a delivery, which is unfolded where it must be; false if the filter leaves it out.
  mutating func select(_ sequence: UInt64, height: Int) -> Bool {
    if folds.hidden.contains(sequence), let chain = kept.find(sequence).flatMap(folds.chain) { unfold(chain) }
    guard isShown(sequence) else { return false }
    select(row: row(of: sequence), height: height)
    return true
  }
}

extension DeliveryList {
  /// How many of the kept deliveries a secret has signed. What was recorded tells no two secrets of one label apart.
  func signedCount(by secret: SigningSecret) -> Int {
    let label = ByteString(secret.label)
    return (signed[Signer(label: label, fingerprint: secret.fingerprintNumber)] ?? 0)
      + (signed[Signer(label: label, fingerprint: 0)] ?? 0)
  }
}

/// The secret that has signed a delivery.
private struct Signer: Hashable {
  let label: ByteString
  /// 0 if it is not known.
  let fingerprint: UInt32

  init(label: ByteString, fingerprint: UInt32) { (self.label, self.fingerprint) = (label, fingerprint) }

  // Not of its verdict, which would be copied to be passed.
  init?(of delivery: Delivery) {
    guard let label = delivery.verdict.secret else { return nil }
    self.init(label: label, fingerprint: delivery.verdict.fingerprint)
  }
}

/// Deliveries in a row that the same secret has signed, which are counted at once.
private struct SignerRun {
  private var signer: Signer?
  private var count = 0

  mutating func add(_ next: Signer?, _ change: Int, to counts: inout [Signer: Int]) {
    if next != signer {
      end(in: &counts)
      signer = next
    }
    count += change
  }

  mutating func end(in counts: inout [Signer: Int]) {
    if let signer, count != 0 { counts[signer, default: 0] += count }
    count = 0
  }
}
