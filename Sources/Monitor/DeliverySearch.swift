internal import Webhooks

/// A text searched for in the list: in what a row shows, the ids, the headers and the whole body.
struct DeliverySearch {
  private let search: PayloadSearch

  init(_ text: String) {
    search = PayloadSearch(text)
  }

  func isFound(in delivery: Delivery) -> Bool {
    let envelope = delivery.envelope
    let words = [envelope.event, envelope.eventID, envelope.deliveryID, envelope.provider?.name]
    return words.contains { $0.map { search.isFound(in: Array($0.utf8)) } ?? false }
      || search.isFound(in: delivery.request.body)
      || delivery.request.headers.fields.contains {
        search.isFound(in: Array("\($0.name): \($0.value)".utf8))
      }
  }
}
