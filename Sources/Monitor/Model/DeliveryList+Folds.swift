internal import DequeModule
internal import Screen
internal import Webhooks

/// The events whose attempts are folded under the newest of them that is shown.
struct Folds: Sendable {
  private struct Fold {
    /// The row that the others are folded under; 0 where the filter leaves none of them.
    var head: UInt64 = 0
    var count = 0
  }

  private var folds: [EventChain: Fold] = [:]
  /// The deliveries that would be rows otherwise.
  private(set) var hidden: Set<UInt64> = []

  /// A fold has ended with its newest delivery, and what is left of it, for being marked, is to be a row again.
  private(set) var isBroken = false

  var isEmpty: Bool { folds.isEmpty }

  /// The folded event that a delivery belongs to.
  func chain(of delivery: Delivery) -> EventChain? {
    guard !folds.isEmpty, let chain = EventChain(of: delivery) else { return nil }
    return folds[chain] == nil ? nil : chain
  }

  /// How many are folded under a row.
  func count(under delivery: Delivery) -> Int {
    chain(of: delivery).flatMap { folds[$0] }.map { $0.head == delivery.sequence ? $0.count : 0 } ?? 0
  }

  func head(of chain: EventChain) -> UInt64? { folds[chain].flatMap { $0.head == 0 ? nil : $0.head } }

  mutating func add(_ chain: EventChain) { folds[chain.copied] = Fold() }

  mutating func remove(_ chain: EventChain) { folds[chain] = nil }

  /// Begins anew to tell rows from what is folded under them.
  mutating func clear() {
    hidden = []
    isBroken = false
    for chain in folds.keys { folds[chain] = Fold() }
  }

  /// Makes a delivery the row that the others are folded under.
  mutating func lead(_ chain: EventChain, with sequence: UInt64) { folds[chain]?.head = sequence }

  mutating func hide(_ sequence: UInt64, of chain: EventChain) {
    if hidden.insert(sequence).inserted { folds[chain]?.count += 1 }
  }

  /// Forgets an evicted delivery, and the fold with its newest one.
  mutating func forget(_ delivery: Delivery) {
    guard let chain = chain(of: delivery) else { return }
    if hidden.remove(delivery.sequence) != nil { folds[chain]?.count -= 1 }
    guard let fold = folds[chain], fold.head == delivery.sequence else { return }
    isBroken = isBroken || fold.count > 0
    folds[chain] = nil
  }
}

extension DeliveryList {
  /// What the filter leaves, whether it is a row or folded under one, as it arrived.
  var passing: Deque<UInt64> {
    folds.hidden.isEmpty ? shown.arrived : Deque((Array(shown.arrived) + folds.hidden).sorted())
  }

  var passingCount: Int { shown.count + folds.hidden.count }

  /// The rows that there would be if nothing were folded.
  var unfolded: ListRows { folds.hidden.isEmpty ? shown : rows(of: passing) }

  /// Folds the attempts of an event under the newest that is shown, which is then selected; returns how many are folded.
  mutating func fold(_ chain: EventChain, height: Int) -> Int {
    folds.add(chain)
    let before = passing
    // What is selected is folded with the others.
    refold(before, keeping: nil)
    guard let head = folds.head(of: chain), let delivery = kept.find(head),
      case let count = folds.count(under: delivery), count > 0
    else {
      folds.remove(chain)
      return 0
    }
    _ = select(head, height: height)
    return count
  }

  /// Makes rows of all attempts again, in the order of arrival.
  mutating func unfoldAll() {
    let before = passing
    folds = Folds()
    shown = ListRows()
    refold(before)
  }

  /// Makes rows of the attempts of an event again.
  mutating func unfold(_ chain: EventChain) {
    let before = passing
    folds.remove(chain)
    refold(before)
  }

  /// Tells rows from what is folded, where the filter leaves `passing`. What is selected stays a row.
  mutating func refold(_ passing: Deque<UInt64>) { refold(passing, keeping: heldSelection) }

  private mutating func refold(_ passing: Deque<UInt64>, keeping held: UInt64?) {
    folds.clear()
    shown = rows(of: passing)
    guard !folds.isEmpty else { return }
    for sequence in passing.reversed() {
      guard let delivery = kept.look(at: sequence), let chain = folds.chain(of: delivery)
      else { continue }
      if folds.head(of: chain) == nil {
        folds.lead(chain, with: sequence)
      } else if sequence != held {
        folds.hide(sequence, of: chain)
      }
    }
    shown.removeAll(where: folds.hidden.contains)
  }

  /// Folds what stood on the screen until a newer attempt was shown. What is selected stays a row until it is left:
  /// nothing that arrives moves the selection.
  mutating func tuck(under delivery: Delivery) {
    guard let chain = folds.chain(of: delivery) else { return }
    guard let head = folds.head(of: chain) else { return folds.lead(chain, with: delivery.sequence) }
    folds.lead(chain, with: max(head, delivery.sequence))
    let older = min(head, delivery.sequence)
    if older != heldSelection { hide(older, of: chain) }
  }

  /// Folds the delivery that was a row only because it was selected.
  mutating func tuckLeft(_ left: UInt64?) {
    guard let left, left != selected, let delivery = kept.find(left),
      let chain = folds.chain(of: delivery), folds.head(of: chain) != left
    else { return }
    hide(left, of: chain)
  }

  private mutating func hide(_ sequence: UInt64, of chain: EventChain) {
    guard isShown(sequence) else { return }
    folds.hide(sequence, of: chain)
    if let place = place(of: sequence) { shown.remove(place) }
  }
}

extension Model {
  /// Folds the attempts of the selected delivery's event under the newest, or unfolds them.
  mutating func toggleAttempts() {
    guard let delivery = list.selection else { return }
    guard let chain = EventChain(of: delivery) else {
      notice = Notice(
        delivery.replayOf == nil
          ? "This delivery names no event, so its other attempts are not known"
          : "A replay is not one of the sender's attempts", .warning)
      return
    }
    if list.folds.chain(of: delivery) != nil {
      list.unfold(chain)
    } else if list.fold(chain, height: listHeight) == 0 {
      notice = Notice("No other attempt of this event is shown")
    }
  }
}
