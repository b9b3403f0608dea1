internal import DequeModule
internal import JSON

/// What keeps deliveries, and gives them to any thread: a few at a time, so that whoever looks at all of them holds up
/// nothing that arrives.
public protocol Kindred: Sendable {
  /// At most `limit` kept deliveries from a number on, oldest first.
  func deliveries(from sequence: UInt64, atMost limit: Int) -> [Delivery]

  /// At most `limit` kept deliveries before a number, the nearest to it, oldest first.
  func deliveries(before sequence: UInt64, atMost limit: Int) -> [Delivery]

  /// Whether others of the chain of a delivery may be kept: where that is not known, all would have to be looked at.
  func mayHoldAttempts(beside delivery: Delivery) -> Bool

  /// The numbers of a chain's deliveries, oldest first; nil where each delivery has to be looked at to tell.
  func numbers(of chain: EventChain) -> [UInt64]?
}

extension Kindred {
  public func mayHoldAttempts(beside delivery: Delivery) -> Bool { true }

  public func numbers(of chain: EventChain) -> [UInt64]? { nil }
}

extension Journal: Kindred {}

/// How many deliveries are asked for at a time: some microseconds' worth.
private let sliceSize = 256

extension Kindred {
  /// Returns the delivery with a sequence number, or nil if it is not kept.
  public func find(_ sequence: UInt64) -> Delivery? {
    deliveries(from: sequence, atMost: 1).first.flatMap { $0.sequence == sequence ? $0 : nil }
  }

  /// Returns the last valid delivery before one of its chain.
  /// - Parameter isCancelled: called for each delivery; once it returns true, the result is incomplete.
  public func lastValid(before delivery: Delivery, isCancelled: () -> Bool = { false }) -> Delivery? {
    guard let key = delivery.envelope.chainKey else { return nil }
    var found: Delivery?
    walkBack(from: delivery.sequence) { other in
      let isFound =
        other.verdict.status == .valid && other.envelope.chainKey == key
        && other.envelope.provider == delivery.envelope.provider && other.isReadable
      if isFound { found = other }
      return !isFound && !isCancelled()
    }
    return found
  }

  /// Returns the kept deliveries of the chain that `delivery` belongs to, itself among them where it is kept, oldest
  /// first.
  /// - Parameters:
  ///   - limit: as many of the newest whose signature a known secret made, and as many others: anybody can send the
  ///     same event without end. `delivery` is among them in any case.
  ///   - isCancelled: called for each delivery; once it returns true, the result is incomplete.
  public func chain(
    of delivery: Delivery, atMost limit: Int = .max, isCancelled: () -> Bool = { false }
  ) -> [Delivery] {
    guard let chain = EventChain(of: delivery) else {
      return [find(delivery.sequence)].compactMap(\.self)
    }
    var (verified, others, left): (Deque<Delivery>, Deque<Delivery>, [Delivery]) = ([], [], [])
    func add(_ other: Delivery, to group: inout Deque<Delivery>) {
      group.append(other)
      guard group.count > limit, let first = group.popFirst() else { return }
      if first.sequence == delivery.sequence { left.append(first) }
    }
    walk(over: numbers(of: chain)) { other in
      if chain.holds(other) {
        if other.verdict.isVerified { add(other, to: &verified) } else { add(other, to: &others) }
      }
      return !isCancelled()
    }
    return (left + verified + others).sorted { $0.sequence < $1.sequence }
  }

  /// Deliveries to compare `delivery` with, oldest first: those around it, and those of the same event or chain among
  /// the `reach` before it and after it, so that a flood of failures in a long list costs no pass over all of it for
  /// each.
  ///
  /// Large ones are left out, since whoever compares keeps them from being freed.
  /// - Parameter isOver: asked at each delivery; once it says so, what is found so far is returned.
  public func neighbours(
    of delivery: Delivery, limit: Int, reach: Int, isOver: () -> Bool = { false }
  ) -> [Delivery] {
    var found: Deque<Delivery> = []
    var distance = 0
    walkBack(from: delivery.sequence) { other in
      distance += 1
      guard distance <= reach, !isOver() else { return false }
      if other.isNeighbour(of: delivery, isNear: distance <= limit * 3 / 4) { found.prepend(other) }
      return true
    }
    distance = 0
    walk(from: delivery.sequence) { other in
      guard distance < reach, !isOver() else { return false }
      if other.isNeighbour(of: delivery, isNear: distance < limit / 4) { found.append(other) }
      distance += 1
      return true
    }
    return found.suffix(2 * limit).filter(\.isReadable)
  }

  /// Visits the deliveries from a number on for as long as `visit` says so.
  ///
  /// Only a slice of them is held at a time, so that what is evicted meanwhile is freed.
  public func walk(from start: UInt64 = 0, _ visit: (Delivery) -> Bool) {
    var next = start
    while case let slice = deliveries(from: next, atMost: sliceSize), let last = slice.last {
      guard slice.allSatisfy(visit) else { return }
      next = last.sequence + 1
    }
  }

  /// Visits the deliveries of these numbers; all where there are none.
  private func walk(over numbers: [UInt64]?, _ visit: (Delivery) -> Bool) {
    guard let numbers else { return walk(from: 0, visit) }
    _ = numbers.lazy.compactMap(find).allSatisfy(visit)
  }

  /// Visits the deliveries before a number, the newest first, for as long as `visit` says so.
  private func walkBack(from start: UInt64, _ visit: (Delivery) -> Bool) {
    var next = start
    while case let slice = deliveries(before: next, atMost: sliceSize), let first = slice.first {
      guard slice.reversed().allSatisfy(visit) else { return }
      next = first.sequence
    }
  }
}

/// What all attempts of one delivery have in common.
public struct EventChain: Hashable, Sendable {
  let provider: Provider?
  let key: ByteString

  /// The chain that a delivery belongs to; nil if it names none, or the user sent it.
  public init?(of delivery: Delivery) {
    guard delivery.replayOf == nil, let key = delivery.envelope.chainKey else { return nil }
    provider = delivery.envelope.provider
    self.key = key
  }

  public func holds(_ delivery: Delivery) -> Bool {
    delivery.envelope.chainKey == key && delivery.envelope.provider == provider && delivery.replayOf == nil
  }

  /// The same in storage of its own, which keeps no delivery's bytes alive.
  public var copied: EventChain { EventChain(provider: provider, key: key.copied) }

  private init(provider: Provider?, key: ByteString) {
    (self.provider, self.key) = (provider, key)
  }
}

extension Delivery {
  fileprivate func isNeighbour(of other: Delivery, isNear: Bool) -> Bool {
    guard bodySize <= 1 << 18 else { return false }
    if isNear { return true }
    let (event, chain) = (other.envelope.dedupeKey, other.envelope.chainKey)
    return (event != nil && envelope.dedupeKey == event) || (chain != nil && envelope.chainKey == chain)
  }
}
