internal import DequeModule
internal import Webhooks

/// Gives each delivery of a session a number of its own, which the list and its selection go by.
///
/// Numbers stay as recorded while no other delivery has them. Where a second run has added to the file, they begin
/// again, and each gets the one after the last.
struct AscendingNumbers: Sendable {
  /// The largest number that is taken over: there is always one after it.
  private static let largest = UInt64(Int.max)
  /// How much later than all before it a delivery may have arrived that is recorded late, in seconds: a larger one may get
  /// its number after it, and be recorded first, for as long as that may take to verify. A second run begins later.
  private static let patience = 30.0
  /// How many gaps and changed numbers are remembered: more than as many deliveries as wait for an app at a time.
  private static let memory = 4096

  private var last: UInt64 = 0
  private var lastArrival = Timestamp(microseconds: .min)
  /// Numbers before the last that no delivery has: one that an app was slow to answer is recorded behind others.
  private var missing: Deque<Range<UInt64>> = []
  /// The new numbers of those that were changed last, by the recorded ones, which stand in `order` as they came.
  private var changed: [UInt64: UInt64] = [:]
  private var order: Deque<UInt64> = []

  mutating func numbered(_ delivery: Delivery) -> Delivery {
    let number = delivery.sequence
    if number > last, number <= Self.largest {
      leaveOut(upTo: number)
      last = number
    } else if beginsRun(delivery) || !fill(number) {
      // What the run before has left out stays so.
      missing = []
      last += 1
      lastArrival = max(lastArrival, delivery.receivedAt)
      return remember(delivery.with(sequence: last), recordedAs: number)
    }
    lastArrival = max(lastArrival, delivery.receivedAt)
    forget(number)
    return delivery
  }

  /// The number of the last delivery that was recorded with this one.
  func number(ofRecorded number: UInt64) -> UInt64 { changed[number] ?? number }

  private func beginsRun(_ delivery: Delivery) -> Bool {
    lastArrival.microseconds > .min
      && delivery.receivedAt.seconds - lastArrival.seconds > Self.patience
  }

  private mutating func leaveOut(upTo number: UInt64) {
    guard number > last + 1 else { return }
    missing.append(last + 1..<number)
    if missing.count > Self.memory { missing.removeFirst() }
  }

  /// Takes a number that was left out; false if it was not.
  private mutating func fill(_ number: UInt64) -> Bool {
    guard let place = missing.lastIndex(where: { $0.contains(number) }) else { return false }
    let gap = missing[place]
    let rest = [gap.lowerBound..<number, number + 1..<gap.upperBound].filter { !$0.isEmpty }
    missing.replaceSubrange(place...place, with: rest)
    return true
  }

  private mutating func remember(_ delivery: Delivery, recordedAs number: UInt64) -> Delivery {
    if changed.updateValue(delivery.sequence, forKey: number) == nil { order.append(number) }
    if order.count > Self.memory { changed[order.removeFirst()] = nil }
    return delivery
  }

  private mutating func forget(_ number: UInt64) {
    guard changed.removeValue(forKey: number) != nil else { return }
    order.removeAll { $0 == number }
  }
}
