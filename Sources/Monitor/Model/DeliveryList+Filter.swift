internal import DequeModule
internal import Synchronization
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
    guard !readsRequests || delivery.bodySize <= Job.inlineLimit else {
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
    guard sieve == nil || sieve?.end != nil else { return }
    if filterSearchesText, delivery.bodySize > Job.inlineLimit {
      if sieve == nil { beginSieve(found: passing, after: delivery.sequence - 1) } else { sieve?.end = nil }
    } else if matches(delivery) {
      shown.insert(place(of: delivery))
      if !folds.isEmpty { tuck(under: delivery) }
    }
  }

  mutating func apply(_ filter: Filter?) {
    self.filter = filter
    filterSearchesText = filter?.searchesText ?? false
    filterReadsRequests = filter?.readsRequests ?? false
    rebuild()
  }

  /// The newest are asked at once; where those are not all, the others in the background.
  ///
  /// What is found at once is shown where that is what stands at the top, and nobody has chosen another delivery. Else
  /// what is shown stays until the filter has been asked of everything, and the selection with it.
  mutating func rebuild() {
    (sieve, unreadable) = (nil, 0)
    let start = firstAskedAtOnce
    let isTop = start < kept.count && follows && order.isByArrival && !order.isReversed
    guard start == 0 || isTop else { return beginSieve(found: [], after: 0) }
    if start > 0 { beginSieve(found: [], after: 0, before: kept.sequence(at: start)) }
    refold(passing(from: start))
    settle()
  }

  /// The numbers of those from a place on that the filter takes.
  private mutating func passing(from start: Int) -> Deque<UInt64> {
    let (limit, outcomes) = (frozenAt ?? .max, outcomes)
    guard let filter else {
      return Deque((start..<kept.count).lazy.map(kept.sequence).prefix { $0 <= limit })
    }
    let isPassing = { @Sendable (delivery: Delivery) in
      delivery.sequence <= limit && filter.matches(delivery, outcomes)
    }
    guard readsRequests else { return kept.numbers(from: start, where: isPassing) }
    let unreadable = Mutex(0)
    let numbers = kept.numbers(from: start) { $0.isAskable(unreadable) && isPassing($0) }
    self.unreadable += unreadable.withLock { $0 }
    return numbers
  }

  /// Whether the filter reads requests beyond what is in memory, or searches them.
  private var readsRequests: Bool { kept.areFiled ? filterReadsRequests : filterSearchesText }

  /// Where those begin that a filter is asked of while the keys wait: as many as take a few milliseconds, whatever it asks.
  private var firstAskedAtOnce: Int {
    guard filter != nil else { return 0 }
    let start = max(0, kept.count - askedAtOnce)
    guard readsRequests else { return start }
    let first = max(start, kept.count - min(kept.count, readAtOnce))
    var left = searchedAtOnce / 16
    let others = (first..<kept.count).reversed().drop { place in
      left -= kept.bodySize(at: place)
      return left >= 0
    }
    return first + others.count
  }

  private func matches(_ delivery: Delivery) -> Bool {
    guard !readsRequests || delivery.isReadable else { return false }
    return filter?.matches(delivery, outcomes) ?? true
  }
}

// MARK: What is shown in the place of what was received

extension DeliveryList {
  /// Puts other deliveries in the places of kept ones of the same numbers; nil leaves one alone.
  mutating func replace(_ other: (Delivery) -> PresentedDelivery?) {
    for index in kept.firstUnpacked..<kept.count {
      guard let other = other(kept[index]) else { continue }
      bodyBytes += other.delivery.bodySize - kept[index].bodySize
      kept.replace(at: index, with: other.delivery)
      take(other.outcomes, of: other.delivery.sequence)
    }
    rebuild()
  }

  /// Puts other outcomes in the place of those of the deliveries that are in a file, which are seen through a lens.
  mutating func replaceOutcomesOfFiled(_ other: (UInt64) -> [Outcome]?) {
    for sequence in outcomes.numbers where kept.isFiled(sequence) {
      if let other = other(sequence) { take(other, of: sequence) }
    }
  }

  private mutating func take(_ outcomes: [Outcome], of sequence: UInt64) {
    guard !outcomes.isEmpty else { return }
    self.outcomes.take(Journal.OutcomeChange(sequence: sequence, outcomes: outcomes))
  }
}

// MARK: What it is asked in the background

extension DeliveryList {
  private mutating func beginSieve(found: Deque<UInt64>, after sequence: UInt64, before end: UInt64? = nil) {
    lastSieve += 1
    sieve = Sieve(number: lastSieve, found: found, last: sequence, end: end)
  }

  /// In percent of the kept deliveries.
  var progress: Int? {
    sieve.map { kept.firstIndex(from: $0.last + 1) * 100 / max(1, kept.count) }
  }

  /// The work that is to be done in the background next; nil if it is being done, or there is none.
  /// - Parameter ring: what keeps the deliveries, which may have more than was read of it.
  mutating func nextSlice(of ring: any Kindred) -> (@Sendable (@escaping Job.Clock) -> SiftedDeliveries)? {
    guard let filter else { return nil }
    // Whoever holds them has them copied when the next one comes.
    let (outcomes, limit) = (filter.asksForOutcomes ? outcomes : Outcomes(), frozenAt ?? .max)
    let readsRequests = readsRequests
    return sieve?.nextSlice(
      of: ring, through: newest, upTo: inlineBytes / 4, reading: readsRequests
    ) {
      $0.sequence <= limit && filter.matches($0, outcomes)
    }
  }

  mutating func refuseSlice() { sieve?.refuse() }

  /// Takes what a slice has found; shows all that was found once next to nothing is left. Returns whether that is so.
  mutating func take(_ sifted: SiftedDeliveries) -> Bool {
    guard sieve?.take(sifted) == true, let sieve else { return false }
    unreadable += sifted.unreadable
    let end = sieve.end.map { kept.firstIndex(from: $0) } ?? kept.count
    let rest = min(kept.firstIndex(from: sieve.last + 1), end)..<end
    // A few always come while a slice is worked on: left to the next one, they would put the end off for ever.
    // These are searched in a millisecond or two.
    guard rest.count <= readAtOnce, kept.bodies(rest, holdAtMost: searchedAtOnce / 16) else { return false }
    self.sieve = nil
    // Nothing in the ring has been evicted, and need not be looked up.
    var found = sieve.found.filter { $0 >= firstInRing || kept.holds($0) }
    for delivery in kept[rest] where delivery.sequence <= frozenAt ?? .max && matches(delivery) {
      found.append(delivery.sequence)
    }
    // What is shown is what was found at once, and has come since.
    if sieve.end != nil { found += passing }
    refold(found)
    // What a new sieve begins with comes before all that is left.
    for sequence in sieve.changed.sorted() where self.sieve == nil { askAgain(sequence) }
    settle()
    return true
  }
}
