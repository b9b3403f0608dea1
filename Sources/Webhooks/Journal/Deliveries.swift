public import DequeModule
public import JSON
internal import Synchronization

/// Kept deliveries in ascending order of sequence number: as objects, or packed, with their requests in a session file.
///
/// A packed delivery becomes a new object on each access; `find` returns the same object while it is in use.
public struct Deliveries: Sendable {
  /// Returns the masked form of a delivery.
  public typealias Lens = @Sendable (Delivery) -> Delivery

  /// Older than all of `objects`.
  private var packs: [PackedDeliveries] = []
  /// How many deliveries are before each pack.
  private var starts: [Int] = []
  /// How many deliveries are packed.
  @usableFromInline var packedCount = 0
  @usableFromInline var objects: Deque<Delivery> = []
  private var lens: Lens?
  private var recent = RecentDeliveries()

  public init() {}

  public init(_ deliveries: some Sequence<Delivery>) { objects = Deque(deliveries) }
}

extension Deliveries: RandomAccessCollection, AscendingDeliveries {
  public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { packedCount + objects.count }

  @inlinable
  public subscript(index: Int) -> Delivery {
    index < packedCount ? unpacked(at: index) : objects[index - packedCount]
  }

  @usableFromInline
  func unpacked(at index: Int) -> Delivery {
    let delivery = received(at: index)
    return lens.map { $0(delivery) } ?? delivery
  }

  /// The delivery at a place as it was received, whatever lens the others are seen through.
  public func received(at index: Int) -> Delivery {
    guard index < packedCount else { return objects[index - packedCount] }
    let (pack, place) = place(of: index)
    return packs[pack].delivery(at: place)
  }

  /// The number of the delivery at a place.
  public func sequence(at index: Int) -> UInt64 {
    guard index < packedCount else { return objects[index - packedCount].sequence }
    let (pack, place) = place(of: index)
    return packs[pack].sequence(at: place)
  }

  /// How long the body of the delivery at a place is, in bytes.
  public func bodySize(at index: Int) -> Int {
    guard index < packedCount else { return objects[index - packedCount].bodySize }
    let (pack, place) = place(of: index)
    return packs[pack].bodySize(at: place)
  }

  private func place(of index: Int) -> (pack: Int, place: Int) {
    let pack = Bisection.count(below: starts.count) { starts[$0] <= index } - 1
    return (pack, index - starts[pack])
  }
}

extension Deliveries {
  /// Whether requests are read from a file as they are looked at, which takes longer than to look at memory.
  public var areFiled: Bool { packedCount > 0 }

  /// Whether another pack can follow: what is in memory is newer than all that is packed.
  public var takePacks: Bool { objects.isEmpty }

  /// The number of the oldest; nil where there is none.
  public var firstSequence: UInt64? { isEmpty ? nil : sequence(at: 0) }

  /// Returns the index of the first delivery not before `sequence`.
  public func firstIndex(from sequence: UInt64) -> Int { place(from: sequence) }

  /// Whether a delivery with this number is kept.
  public func holds(_ sequence: UInt64) -> Bool { place(of: sequence) != nil }

  /// Returns the delivery with a sequence number, if it is kept.
  public func find(_ sequence: UInt64) -> Delivery? {
    guard let place = place(of: sequence) else { return nil }
    return place < packedCount ? recent.find(sequence) { self[place] } : self[place]
  }

  /// Forgets what was read of a packed delivery.
  public func release(_ sequence: UInt64) { recent.release(sequence) }

  /// Returns the delivery with a sequence number, if it is kept, without remembering the object: for callers that scan.
  public func look(at sequence: UInt64) -> Delivery? { place(of: sequence).map { self[$0] } }

  /// Returns the delivery with a sequence number as it was received, if it is kept.
  public func received(_ sequence: UInt64) -> Delivery? { place(of: sequence).map(received) }

  /// The newest deliveries, oldest first; none where they are seen through a lens.
  public func newest(_ limit: Int) -> [Delivery] { lens == nil ? Array(suffix(limit)) : [] }

  /// At most `limit` deliveries from a number on; fewer where they are large.
  public func slice(from sequence: UInt64, atMost limit: Int) -> [Delivery] {
    some(from: sequence, atMost: limit)
  }

  /// At most `limit` deliveries before a number; fewer where they are large.
  public func slice(before sequence: UInt64, atMost limit: Int) -> [Delivery] {
    some(before: sequence, atMost: limit)
  }
}

extension Deliveries {
  /// Adds a delivery in its place, which is nearly always the end.
  public mutating func add(_ delivery: Delivery) {
    if let last = objects.last, last.sequence > delivery.sequence {
      objects.insert(delivery, at: objects.place(from: delivery.sequence))
    } else {
      objects.append(delivery)
    }
  }

  /// Adds deliveries in their places, all of which are nearly always at the end.
  public mutating func add(_ deliveries: [Delivery]) {
    var last = objects.last?.sequence ?? 0
    for delivery in deliveries {
      guard delivery.sequence > last else { return deliveries.forEach { add($0) } }
      last = delivery.sequence
    }
    objects.append(contentsOf: deliveries)
  }

  /// Adds packed deliveries in their places, which are nearly always at the end.
  public mutating func add(_ pack: PackedDeliveries) {
    guard let last = packs.last.map({ $0.sequence(at: $0.count - 1) }), pack.sequence(at: 0) < last else {
      return append(pack)
    }
    // One that an app was slow to answer is recorded behind later ones.
    let late = Bisection.count(below: pack.count) { pack.sequence(at: $0) < last }
    var rest = (0..<late).map(pack.delivery)[...]
    while let first = rest.first {
      let (target, end) = place(ofLate: first.sequence)
      let some = rest.prefix { $0.sequence < end }
      insert(some, into: target)
      rest = rest.dropFirst(some.count)
    }
    PackedDeliveries((late..<pack.count).map(pack.delivery)).map { append($0) }
  }

  private mutating func append(_ pack: PackedDeliveries) {
    starts.append(packedCount)
    packs.append(pack)
    packedCount += pack.count
  }

  /// The pack that a late delivery belongs to, and the number that the next pack begins with.
  private func place(ofLate sequence: UInt64) -> (pack: Int, end: UInt64) {
    let following = Bisection.count(below: packs.count) { packs[$0].sequence(at: 0) <= sequence }
    return (Swift.max(0, following - 1), following < packs.count ? packs[following].sequence(at: 0) : .max)
  }

  private mutating func insert(_ late: some Collection<Delivery>, into place: Int) {
    let old = packs[place]
    guard let pack = PackedDeliveries((0..<old.count).map(old.delivery) + late) else { return }
    packs[place] = pack
    packedCount += late.count
    for later in place + 1..<starts.count { starts[later] += late.count }
  }

  /// Puts others in the place of the first `count`, none of which is packed.
  public mutating func replaceFirst(_ count: Int, with others: [Delivery]) {
    precondition(packedCount == 0, "what is in a file is never evicted")
    objects.replaceSubrange(..<count, with: others)
  }

  /// Puts another delivery of the same number in the place of one that is not packed.
  public mutating func replace(at index: Int, with delivery: Delivery) {
    objects[index - packedCount] = delivery
  }

  /// Where those begin that are not packed.
  public var firstUnpacked: Int { packedCount }

  /// Whether a delivery of this number is packed.
  public func isFiled(_ sequence: UInt64) -> Bool { place(of: sequence).map { $0 < packedCount } ?? false }

  /// Whether something is to be made of each packed delivery before it is seen.
  public var isSeenThroughLens: Bool { lens != nil }

  /// Applies `lens` to each packed delivery that is looked at; nil: none.
  public mutating func look(through lens: Lens?) {
    self.lens = lens
    recent = RecentDeliveries()
  }
}

extension Deliveries {
  /// The senders of all deliveries.
  public func providers() -> Set<Provider> {
    var found: Set<Provider> = []
    for pack in packs { found.formUnion(pack.providers.compactMap(\.self)) }
    var last: Provider?
    // Nearly always of the same sender as the one before, which need not be hashed.
    for delivery in objects {
      guard let provider = delivery.envelope.provider, provider != last else { continue }
      found.insert(provider)
      last = provider
    }
    return found
  }

  /// The numbers of a chain's deliveries, oldest first; nil where each delivery has to be looked at to tell.
  public func numbers(of chain: EventChain) -> [UInt64]? {
    guard objects.isEmpty, lens == nil else { return nil }
    var numbers: [UInt64] = []
    for pack in packs { pack.visit(chain) { numbers.append($0) } }
    return numbers
  }

  /// How many deliveries there are of each event type.
  public func eventCounts() -> [ByteString?: Int] {
    var counts: [ByteString?: Int] = [:]
    // What a lens hides is not told here either.
    if lens == nil {
      for pack in packs { pack.countEvents { counts[$0, default: 0] += $1 } }
    } else {
      for index in 0..<packedCount { counts[self[index].envelope.event, default: 0] += 1 }
    }
    for delivery in objects { counts[delivery.envelope.event, default: 0] += 1 }
    return counts
  }
}

/// The packed deliveries that were used last, so that a request is not read again for each frame.
private final class RecentDeliveries: Sendable {
  /// More than a screen has rows.
  private static let limit = 512

  fileprivate struct State {
    var deliveries: [UInt64: (delivery: Delivery, use: Int)] = [:]
    var uses = 0
  }

  private let state = Mutex(State())

  /// The delivery that was made last for a number, or a new one.
  func find(_ sequence: UInt64, _ make: () -> Delivery) -> Delivery {
    if let known = state.withLock({ $0.use(sequence) }) { return known }
    let delivery = make()
    return state.withLock { state in
      if let known = state.use(sequence) { return known }
      if state.deliveries.count == Self.limit { state.forgetOldest() }
      state.deliveries[sequence] = (delivery, state.uses)
      return delivery
    }
  }

  func release(_ sequence: UInt64) { state.withLock { $0.deliveries[sequence] = nil } }
}

extension RecentDeliveries.State {
  fileprivate mutating func use(_ sequence: UInt64) -> Delivery? {
    guard let delivery = deliveries[sequence]?.delivery else { return nil }
    uses += 1
    deliveries[sequence]?.use = uses
    return delivery
  }

  fileprivate mutating func forgetOldest() {
    guard let oldest = deliveries.min(by: { $0.value.use < $1.value.use }) else { return }
    deliveries[oldest.key] = nil
  }
}
