public import DequeModule
internal import JSON

/// What keeps deliveries, and is asked by any thread for those that tell something about another one.
public protocol Kindred: Sendable {
  /// The kept deliveries of the chain that `delivery` belongs to, itself among them where it is kept, oldest first.
  func chain(of delivery: Delivery) -> [Delivery]

  /// Kept deliveries to compare `delivery` with; see `Deque.neighbours`.
  func neighbours(of delivery: Delivery, limit: Int, reach: Int) -> [Delivery]
}

extension Journal: Kindred {}

/// Deliveries that ascend by sequence.
extension Deque<Delivery> {
  /// The index of the first delivery not before `sequence`.
  public func firstIndex(from sequence: UInt64) -> Int {
    guard let first = first?.sequence, sequence > first else { return 0 }
    // Where no number is missing between, the place is known without a look at any other delivery.
    let place = sequence - first < UInt64(count) ? Int(sequence - first) : count
    if place < count, self[place].sequence == sequence { return place }
    return Bisection.count(below: count) { self[$0].sequence < sequence }
  }

  /// The delivery of a sequence number, where it is kept.
  public func find(_ sequence: UInt64) -> Delivery? {
    let index = firstIndex(from: sequence)
    return index < count && self[index].sequence == sequence ? self[index] : nil
  }

  /// Deliveries to compare `delivery` with, oldest first: those around it, and those of the same event or chain among
  /// the `reach` before it and after it, so that a flood of failures in a long list costs no pass over all of it for
  /// each.
  ///
  /// Large ones are left out, since whoever compares keeps them from being freed.
  public func neighbours(of delivery: Delivery, limit: Int, reach: Int) -> [Delivery] {
    let index = firstIndex(from: delivery.sequence)
    let around = index - limit * 3 / 4..<index + limit / 4
    let (event, chain) = (delivery.envelope.dedupeKey, delivery.envelope.chainKey)
    let scanned = indices.clamped(to: index - reach..<index + reach)
    return scanned.filter { position in
      let other = self[position]
      let isKin =
        (event != nil && other.envelope.dedupeKey == event)
        || (chain != nil && other.envelope.chainKey == chain)
      return (isKin || around.contains(position)) && other.request.body.count <= 1 << 18
    }.suffix(2 * limit).map { self[$0] }
  }

  /// The deliveries of the chain that `delivery` belongs to, oldest first.
  public func chain(of delivery: Delivery) -> [Delivery] {
    guard let key = delivery.envelope.chainKey else { return filter { $0.sequence == delivery.sequence } }
    let provider = delivery.envelope.provider
    return filter { $0.envelope.chainKey == key && $0.envelope.provider == provider }
  }
}
