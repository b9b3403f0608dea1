internal import DequeModule
internal import Dispatch
internal import Synchronization
internal import Webhooks

/// How far a filter that takes long has been asked, in the background and slice by slice.
struct Sieve: Sendable {
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
        let slice = kept.numbers(from: last + 1, through: newest, upTo: bytes) {
          (!readsRequests || $0.isAskable(unreadable)) && test($0)
        }
        guard let slice else {
          last = max(last, newest)
          break
        }
        found += slice.found
        last = slice.last
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

/// How many deliveries one processor looks at in one go: fewer would not be worth handing them over.
private let share = 4096

extension Kindred {
  /// The numbers of the next deliveries that pass `test`, and of the last one that was asked about; nil if there are no
  /// more. All processors look at once, each at a few deliveries at a time, which no other one holds.
  /// - Parameter bytes: about as many are in the bodies that are looked at.
  func numbers(
    from start: UInt64, through newest: UInt64, upTo bytes: Int, where test: @Sendable (Delivery) -> Bool
  ) -> (found: [UInt64], last: UInt64)? {
    guard let first = deliveries(from: start, atMost: 1).first?.sequence, first <= newest else { return nil }
    let shares = (0..<16).map { first + UInt64($0 * share) }.prefix { $0 <= newest }
    let walks = Mutex([Walk](repeating: Walk(), count: shares.count))
    let looked = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: shares.count) { place in
      var walk = Walk()
      let last = min(shares[place] + UInt64(share) - 1, newest)
      walk.run(over: self, shares[place]...last, isFirst: place == 0, looked, upTo: bytes, where: test)
      walks.withLock { [walk] in $0[place] = walk }
    }
    // What was asked after a share that was not walked to its end is asked once more.
    let done = walks.withLock { $0 }
    let whole = done.prefix { $0.isWhole }.count
    let taken = done.prefix(whole + 1)
    return (taken.flatMap(\.found), taken.last?.last ?? newest)
  }
}

/// What one processor finds in its share.
private struct Walk: Sendable {
  private(set) var found: [UInt64] = []
  /// The last number that was looked at.
  private(set) var last: UInt64 = 0
  private(set) var isWhole = false

  /// The most bytes of bodies that are looked at before those that all processors look at are counted.
  private static let countedAtOnce = 1 << 16

  mutating func run(
    over kept: some Kindred, _ numbers: ClosedRange<UInt64>, isFirst: Bool, _ looked: borrowing Atomic<Int>,
    upTo bytes: Int, where test: (Delivery) -> Bool
  ) {
    var uncounted = 0
    var isOver = !isFirst && looked.load(ordering: .relaxed) >= bytes
    (last, isWhole) = (numbers.lowerBound - 1, !isOver)
    guard !isOver else { return }
    kept.walk(from: numbers.lowerBound) { delivery in
      guard delivery.sequence <= numbers.upperBound else { return false }
      guard !isOver else {
        isWhole = false
        return false
      }
      if test(delivery) { found.append(delivery.sequence) }
      last = delivery.sequence
      uncounted += delivery.bodySize
      if uncounted >= min(Self.countedAtOnce, bytes / 16) {
        isOver = looked.wrappingAdd(uncounted, ordering: .relaxed).newValue >= bytes
        uncounted = 0
      }
      return true
    }
    if isWhole { last = numbers.upperBound }
  }
}

extension Deliveries {

  /// The numbers of the deliveries from a place on that pass `test`, in order; where there are many, all processors look
  /// at once.
  func numbers(from start: Int = 0, where test: @Sendable (Delivery) -> Bool) -> Deque<UInt64> {
    let shares = stride(from: start, to: count, by: share).map { $0..<Swift.min($0 + share, count) }
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
