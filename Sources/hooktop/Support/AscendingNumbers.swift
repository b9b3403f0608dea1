internal import Webhooks

/// Gives the deliveries of a session ascending numbers, which the list and its selection go by.
///
/// Numbers stay as recorded while they ascend. A delivery whose number is not greater than the one before, as
/// where a second run has added to the file, gets the one after that.
struct AscendingNumbers: Sendable {
  /// The largest number that is taken over: there is always one after it.
  private static let largest = UInt64(Int.max)

  private var last: UInt64 = 0

  mutating func numbered(_ delivery: Delivery) -> Delivery {
    let isNext = delivery.sequence > last && delivery.sequence <= Self.largest
    last = isNext ? delivery.sequence : last + 1
    return isNext ? delivery : delivery.with(sequence: last)
  }
}
