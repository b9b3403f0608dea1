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

extension Kindred {
  /// Tests the next deliveries on all processors at once. Returns the numbers of those that pass, and the number of the
  /// last one that was tested; nil if there are no more.
  /// - Parameter bytes: about how many bytes of bodies are looked at; one delivery is tested in any case.
  func numbers(
    from start: UInt64, through newest: UInt64, upTo bytes: Int, where test: @Sendable (Delivery) -> Bool
  ) -> (found: [UInt64], last: UInt64)? {
    let portions = Mutex(Portions(next: start, newest: newest, bytes: bytes))
    let found = Mutex<[Int: [UInt64]]>([:])
    // More iterations than there are processors: each one goes on until nothing is left to test.
    DispatchQueue.concurrentPerform(iterations: 64) { _ in
      while let portion = portions.withLock({ $0.take(from: self) }) {
        let numbers = portion.deliveries.filter(test).map(\.sequence)
        if !numbers.isEmpty { found.withLock { $0[portion.place] = numbers } }
        let bytes = portion.deliveries.reduce(0) { $0 + $1.bodySize }
        portions.withLock { $0.spend(bytes) }
      }
    }
    guard let last = portions.withLock({ $0.last }) else { return nil }
    return (found.withLock { found in found.sorted { $0.key < $1.key }.flatMap(\.value) }, last)
  }
}

/// Hands out deliveries to processors, a few at a time.
private struct Portions: Sendable {
  /// How many portions are handed out at most.
  private static let limit = 256

  /// How many deliveries are in a portion: some microseconds' worth, or one if next to no bytes may be looked at.
  private let size: Int
  private var next: UInt64
  private let newest: UInt64
  private var bytes: Int
  private var count = 0
  private var isOver = false
  /// The last delivery that was handed out.
  private(set) var last: UInt64?

  /// - Parameter bytes: once as many have been looked at, no more are handed out.
  init(next: UInt64, newest: UInt64, bytes: Int) {
    (self.next, self.newest, self.bytes) = (next, newest, bytes)
    size = bytes < 1 << 16 ? 1 : 256
  }

  /// Takes the next deliveries of `kept`; nil if no more are to be tested. `place` is the portion's place in the order.
  mutating func take(from kept: some Kindred) -> (place: Int, deliveries: [Delivery])? {
    guard !isOver, last == nil || bytes > 0 else { return nil }
    var taken = kept.deliveries(from: next, atMost: size)
    if let last = taken.last?.sequence, last > newest { taken = taken.filter { $0.sequence <= newest } }
    count += 1
    isOver = taken.isEmpty || count == Self.limit
    guard let end = taken.last?.sequence else { return nil }
    (last, next) = (end, end + 1)
    return (count, taken)
  }

  /// Notes that so many bytes of bodies have been looked at.
  mutating func spend(_ bytes: Int) { self.bytes -= bytes }
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
