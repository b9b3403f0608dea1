internal import Screen
internal import Webhooks

/// A background read of the selected delivery's request, which is in a file and large.
struct Fetch: Sendable {
  let delivery: Delivery
  /// Whether the job still runs.
  var isAtWork = true

  /// The text shown in the panes meanwhile.
  var words: String {
    isAtWork
      ? "Reading \(Wording.bytes(delivery.bodySize))." : "Not read: select the delivery again to read it."
  }
}

extension Model {
  /// Has a request read in the background.
  mutating func fetch(_ delivery: Delivery) -> [Effect] {
    guard fetch?.delivery !== delivery || fetch?.isAtWork == false else { return [] }
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

  /// Forgets a large request that was read from a file, once another delivery is selected.
  mutating func releaseLarge(but selected: Delivery) {
    guard let delivery = inspection?.delivery ?? fetch?.delivery, delivery !== selected,
      delivery.bodySize > Job.inlineLimit
    else { return }
    list.kept.release(delivery.sequence)
  }
}
