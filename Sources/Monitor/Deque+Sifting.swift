internal import DequeModule
internal import Dispatch
internal import Synchronization
internal import Webhooks

extension Deque<Delivery> {
  /// How many deliveries one processor looks at in one go: fewer would not be worth handing them over.
  private static var share: Int { 4096 }

  /// The numbers of the deliveries that pass `test`, in order; where there are many, all processors look at once.
  func numbers(where test: @Sendable (Delivery) -> Bool) -> Deque<UInt64> {
    let shares = stride(from: 0, to: count, by: Self.share).map { $0..<Swift.min($0 + Self.share, count) }
    guard shares.count > 1 else { return Deque<UInt64>(numbers(in: indices, where: test)) }
    let found = Mutex([[UInt64]](repeating: [], count: shares.count))
    DispatchQueue.concurrentPerform(iterations: shares.count) { share in
      let numbers = numbers(in: shares[share], where: test)
      found.withLock { $0[share] = numbers }
    }
    return Deque<UInt64>(found.withLock { $0 }.joined())
  }

  private func numbers(in places: Range<Int>, where test: (Delivery) -> Bool) -> [UInt64] {
    var numbers: [UInt64] = []
    for place in places {
      // Taken out once: each time counts a reference to it.
      let delivery = self[place]
      if test(delivery) { numbers.append(delivery.sequence) }
    }
    return numbers
  }
}
