internal import Screen
internal import Webhooks

/// The reading of a selected delivery's request that is in a file, and so long that the keys must not wait for it.
struct Fetch: Sendable {
  let delivery: Delivery
  /// It has not been given up.
  var isAtWork = true

  /// What stands in the panes meanwhile.
  var words: String {
    isAtWork
      ? "Reading \(Wording.bytes(delivery.bodySize))." : "Not read: select the delivery again to read it."
  }
}

extension Model {
  /// Has a request read in the background.
  mutating func fetch(_ delivery: Delivery) -> [Effect] {
    guard fetch?.delivery !== delivery else { return [] }
    releaseLarge()
    inspection = nil
    fetch = Fetch(delivery: delivery)
    return [
      .run(
        Job(.fetch, priority: .selected, bytes: delivery.cost) { _ in
          _ = delivery.isReadable
          return .fetched
        })
    ]
  }

  /// Forgets a large request that was read from a file, once another delivery is looked at.
  mutating func releaseLarge() {
    for delivery in [inspection?.delivery, fetch?.delivery].compactMap(\.self)
    where delivery.bodySize > Job.inlineLimit {
      list.kept.release(delivery.sequence)
    }
  }
}
