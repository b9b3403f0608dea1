internal import DequeModule
internal import Webhooks

// MARK: What the filter leaves

extension DeliveryList {
  /// Takes what happened to a delivery, which may make the filter take it or leave it out.
  mutating func take(_ change: Journal.OutcomeChange) {
    let place = order.followsOutcomes ? place(of: change.sequence) : nil
    outcomes.take(change)
    if let place { move(from: place) }
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
    if isFolded { shown = unfolded }
    if isPassing { shown.remove(place(of: delivery)) } else { shown.insert(place(of: delivery)) }
    if isFolded { refold(shown.arrived) }
  }

  /// Shows a new delivery that the filter matches. A large one, and all after it, are matched in the background.
  mutating func show(_ delivery: Delivery) {
    guard sieve == nil else { return }
    if filterSearchesText, delivery.request.body.count > Job.inlineLimit {
      beginSieve(found: passing, after: delivery.sequence - 1)
    } else if matches(delivery) {
      shown.insert(place(of: delivery))
      if !folds.isEmpty { tuck(under: delivery) }
    }
  }

  mutating func apply(_ filter: Filter?) {
    self.filter = filter
    filterSearchesText = filter?.searchesText ?? false
    rebuild()
  }

  /// What is shown stays until the filter has been asked of everything, and the selection with it.
  mutating func rebuild() {
    sieve = nil
    guard !filterSearchesText || bodyBytes <= inlineBytes else { return beginSieve(found: [], after: 0) }
    let (limit, filter, outcomes) = (frozenAt ?? .max, filter, outcomes)
    refold(kept.numbers { $0.sequence <= limit && filter?.matches($0, outcomes) ?? true })
    settle()
  }

  private func matches(_ delivery: Delivery) -> Bool { filter?.matches(delivery, outcomes) ?? true }
}

// MARK: What it is asked in the background

extension DeliveryList {
  private mutating func beginSieve(found: Deque<UInt64>, after sequence: UInt64) {
    lastSieve += 1
    sieve = Sieve(number: lastSieve, found: found, last: sequence)
  }

  /// In percent of the kept deliveries.
  var progress: Int? {
    sieve.map { kept.firstIndex(from: $0.last + 1) * 100 / max(1, kept.count) }
  }

  /// The work that is to be done in the background next; nil if it is being done, or there is none.
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
    var found = sieve.found.filter { kept.find($0) != nil }
    for place in rest where kept[place].sequence <= frozenAt ?? .max && matches(kept[place]) {
      found.append(kept[place].sequence)
    }
    refold(found)
    // What a new sieve begins with comes before all that is left.
    for sequence in sieve.changed.sorted() where self.sieve == nil { askAgain(sequence) }
    settle()
    return true
  }
}
