internal import DequeModule

/// The kept deliveries, oldest first: the newest ones in a ring, and before them those that the user had marked when
/// their turn to be evicted came.
struct KeptDeliveries: Sendable {
  private var ring: RingBuffer<Delivery>
  /// Older than all that is in the ring, with gaps between them.
  private(set) var spared: Deque<Delivery> = []
  private var sparedCost = 0
  /// How many of the spared ones are marked no more, and so are the next to be evicted.
  private var loose = 0
  /// What all marked ones cost together, in bytes.
  private(set) var markedCost = 0

  init(_ limits: Journal.Limits) {
    ring = RingBuffer(capacity: limits.deliveries, costLimit: limits.bytes) { $0.cost }
  }

  /// The number of the last delivery; 0 before the first.
  var last: UInt64 { ring.last }

  /// What is before it has been evicted, but for what is spared.
  var first: UInt64 { ring.first }

  /// How many have been taken out at once, by the user.
  private var cleared = 0

  /// How many had to make room for others.
  var evicted: Int { Int(ring.evicted) - spared.count - cleared }

  /// Keeps `delivery` as the newest; the caller then takes out what is too much with `popExcess`.
  mutating func push(_ delivery: Delivery) { ring.push(delivery) }

  /// Takes out the oldest delivery where the bounds are passed; a marked one only where nothing else is left but the
  /// newest.
  /// - Parameters:
  ///   - bytes: what is kept beside the deliveries and counts with them.
  ///   - marked: the marked ones' numbers.
  mutating func popExcess(beside bytes: Int, marked: Set<UInt64>) -> Delivery? {
    guard ring.isOver(beside: bytes + sparedCost, count: spared.count) else { return nil }
    if loose > 0, let place = spared.firstIndex(where: { !marked.contains($0.sequence) }) {
      loose -= 1
      return removeSpared(at: place)
    }
    while ring.elements.count > 1, let oldest = ring.popOldest() {
      guard marked.contains(oldest.sequence) else { return oldest }
      spared.append(oldest)
      sparedCost += oldest.cost
    }
    guard !spared.isEmpty else { return nil }
    let oldest = removeSpared(at: 0)
    markedCost -= oldest.cost
    return oldest
  }

  /// Takes out all deliveries that are not marked, and gives them.
  mutating func popAll(but marked: Set<UInt64>) -> [Delivery] {
    var out: [Delivery] = []
    for place in spared.indices.reversed() where !marked.contains(spared[place].sequence) {
      out.append(removeSpared(at: place))
    }
    loose = 0
    while let oldest = ring.popOldest() {
      if marked.contains(oldest.sequence) {
        spared.append(oldest)
        sparedCost += oldest.cost
      } else {
        out.append(oldest)
      }
    }
    cleared += out.count
    return out
  }

  private mutating func removeSpared(at place: Int) -> Delivery {
    let delivery = spared.remove(at: place)
    sparedCost -= delivery.cost
    return delivery
  }

  /// Takes note that a kept delivery is marked from now on, or is so no more.
  mutating func note(_ delivery: Delivery, isMarked: Bool) {
    markedCost += isMarked ? delivery.cost : -delivery.cost
    if delivery.sequence < ring.first { loose += isMarked ? -1 : 1 }
  }

  func find(_ sequence: UInt64) -> Delivery? {
    sequence < ring.first ? spared.find(sequence) : ring.elements.find(sequence)
  }

  /// The deliveries after number `cursor`, at most `limit` of them, and how many were evicted unread.
  /// Moves the cursor past what it returns.
  func read(after cursor: inout UInt64, limit: Int) -> (deliveries: [Delivery], missed: Int) {
    guard limit > 0, let lastSpared = spared.last?.sequence, cursor < lastSpared else {
      let (deliveries, missed) = ring.read(after: &cursor, limit: limit)
      return (deliveries, missed)
    }
    let before = cursor
    let found = Array(spared[spared.place(from: cursor + 1)...].prefix(limit))
    cursor = found.last?.sequence ?? cursor
    let missed = Int(cursor - before) - found.count
    let (others, moreMissed) = ring.read(after: &cursor, limit: limit - found.count)
    return (found + others, missed + moreMissed)
  }

  /// At most `limit` deliveries from a number on; fewer where they are large, or spared.
  func slice(from sequence: UInt64, atMost limit: Int) -> [Delivery] {
    guard let lastSpared = spared.last?.sequence, sequence <= lastSpared else {
      return ring.elements.some(from: sequence, atMost: limit)
    }
    return spared.some(from: sequence, atMost: limit)
  }

  /// At most `limit` deliveries before a number; fewer where they are large, or no more than those are in the ring.
  func slice(before sequence: UInt64, atMost limit: Int) -> [Delivery] {
    let slice = ring.elements.some(before: sequence, atMost: limit)
    return slice.isEmpty ? spared.some(before: sequence, atMost: limit) : slice
  }
}

extension Journal {
  /// Why a delivery can't be marked: half of the ring is left to what arrives.
  public enum MarkRefusal: Sendable, Equatable {
    /// So many are marked, and no more may be.
    case tooMany(limit: Int)
    /// The marked ones would hold more than so many bytes.
    case tooLarge(limit: Int)
  }
}
