internal import DequeModule
internal import Dispatch
internal import Synchronization
internal import Webhooks

/// How far a filter that takes long has been asked, in the background and slice by slice.
struct Sieve: Sendable {
  /// How many deliveries are looked at at once, by all processors.
  private static let sliceSize = 1 << 16

  private let number: Int
  private(set) var found: Deque<UInt64>
  /// The last delivery that it was asked of.
  private(set) var last: UInt64
  /// The first delivery that it is not asked of, and what comes after it neither: those are shown already. nil if it is
  /// asked of all.
  var end: UInt64?
  private var isAtWork = false
  /// Deliveries to which something happened meanwhile.
  var changed: [UInt64] = []

  /// - Parameters:
  ///   - number: tells it from the sieves before it, whose slices may still come.
  ///   - found: what the filter takes of the deliveries up to `last`.
  ///   - end: the first delivery that the filter is not to be asked of; nil if it is asked of all.
  init(number: Int, found: Deque<UInt64>, last: UInt64, end: UInt64? = nil) {
    self.number = number
    self.found = found
    self.last = last
    self.end = end
  }

  /// The work that is to be done next on what is kept, up to a number, on slices of about so many bytes; nil if it
  /// is being done.
  mutating func nextSlice(
    of kept: any Kindred, through newest: UInt64, upTo bytes: Int,
    reading readsRequests: Bool = false, where test: @escaping @Sendable (Delivery) -> Bool
  ) -> (@Sendable (@escaping Job.Clock) -> SiftedDeliveries)? {
    guard !isAtWork else { return nil }
    isAtWork = true
    let (number, before, newest) = (number, last, end.map { $0 - 1 } ?? newest)
    return { clock in
      let part = Job.Part(clock)
      var found: Deque<UInt64> = []
      var last = before
      let unreadable = Mutex(0)
      repeat {
        let slice = kept.slice(from: last + 1, through: newest, atMost: Self.sliceSize, upTo: bytes)
        guard let end = slice.last else {
          last = max(last, newest)
          break
        }
        found += slice.numbers { (!readsRequests || $0.isAskable(unreadable)) && test($0) }
        last = end.sequence
      } while !part.isOver
      return SiftedDeliveries(
        sieve: number, unreadable: unreadable.withLock { $0 }, found: found, last: last)
    }
  }

  /// There was no room for the work: it is asked for again.
  mutating func refuse() { isAtWork = false }

  /// Takes what a slice has found; false if that was a slice of another sieve.
  mutating func take(_ sifted: SiftedDeliveries) -> Bool {
    guard number == sifted.sieve else { return false }
    found += sifted.found
    last = sifted.last
    isAtWork = false
    return true
  }
}

/// What a filter leaves of some deliveries.
public struct SiftedDeliveries: Sendable {
  fileprivate let sieve: Int
  /// How many requests could not be read any more, so that the filter takes them in no case.
  let unreadable: Int
  fileprivate let found: Deque<UInt64>
  fileprivate let last: UInt64
}

extension Deliveries {
  /// How many deliveries one processor looks at in one go: fewer would not be worth handing them over.
  private static var share: Int { 4096 }

  /// The numbers of the deliveries from a place on that pass `test`, in order; where there are many, all processors look
  /// at once.
  func numbers(from start: Int = 0, where test: @Sendable (Delivery) -> Bool) -> Deque<UInt64> {
    let shares = stride(from: start, to: count, by: Self.share).map { $0..<Swift.min($0 + Self.share, count) }
    guard shares.count > 1 else { return Deque<UInt64>(numbers(in: start..<count, where: test)) }
    let found = Mutex([[UInt64]](repeating: [], count: shares.count))
    DispatchQueue.concurrentPerform(iterations: shares.count) { share in
      let numbers = numbers(in: shares[share], where: test)
      found.withLock { $0[share] = numbers }
    }
    return Deque<UInt64>(found.withLock { $0 }.joined())
  }

  /// Whether the bodies of the deliveries in `places` hold no more than so many bytes together.
  func bodies(_ places: Range<Int>, holdAtMost bytes: Int) -> Bool {
    var left = bytes
    return places.allSatisfy { place in
      left -= bodySize(at: place)
      return left >= 0
    }
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

extension Delivery {
  /// Whether a filter that reads requests can be asked about it. Counts the deliveries whose request can't be read.
  func isAskable(_ unreadable: borrowing Mutex<Int>) -> Bool {
    guard !isReadable else { return true }
    unreadable.withLock { $0 += 1 }
    return false
  }
}
