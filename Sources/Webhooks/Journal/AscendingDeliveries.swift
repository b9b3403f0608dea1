internal import DequeModule
internal import JSON

/// Deliveries in ascending order of sequence number, so that one can be found by its number.
protocol AscendingDeliveries: RandomAccessCollection<Delivery> where Index == Int {
  func sequence(at index: Int) -> UInt64
  /// In bytes.
  func bodySize(at index: Int) -> Int
}

/// The most bytes of bodies in a slice, except that one delivery is always returned: a caller keeps what it holds from
/// being freed.
private let sliceBytes = 8 << 20

extension AscendingDeliveries {
  /// Returns the index of the first delivery not before `sequence`.
  func place(from sequence: UInt64) -> Int {
    guard !isEmpty, case let first = self.sequence(at: 0), sequence > first else { return 0 }
    // If no number is missing in between, the index follows from the number.
    let place = sequence - first < UInt64(count) ? Int(sequence - first) : count
    if place < count, self.sequence(at: place) == sequence { return place }
    return Bisection.count(below: count) { self.sequence(at: $0) < sequence }
  }

  /// Returns the index of the delivery with a sequence number, if it is among them.
  func place(of sequence: UInt64) -> Int? {
    let place = place(from: sequence)
    return place < count && self.sequence(at: place) == sequence ? place : nil
  }

  /// At most `limit` deliveries from a number on; fewer where they are large.
  func some(from sequence: UInt64, atMost limit: Int) -> [Delivery] {
    let start = place(from: sequence)
    return few(of: start..<start + Swift.min(limit, count - start)).map { self[$0] }
  }

  /// At most `limit` deliveries before a number; fewer where they are large.
  func some(before sequence: UInt64, atMost limit: Int) -> [Delivery] {
    let end = place(from: sequence)
    return few(of: (Swift.max(0, end - limit)..<end).reversed()).reversed().map { self[$0] }
  }

  private func few(of places: some Sequence<Int>) -> [Int] {
    var left = sliceBytes
    return places.prefix { place in
      defer { left -= bodySize(at: place) }
      return left > 0
    }
  }
}

extension Deque: AscendingDeliveries where Element == Delivery {
  func sequence(at index: Int) -> UInt64 { self[index].sequence }

  func bodySize(at index: Int) -> Int { self[index].bodySize }

  /// Returns the delivery with a sequence number, if it is kept.
  func find(_ sequence: UInt64) -> Delivery? { place(of: sequence).map { self[$0] } }
}
