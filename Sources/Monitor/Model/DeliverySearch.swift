internal import JSON
internal import Screen
internal import Webhooks

/// A text searched for in the list: in what a row shows, in the ids, and in the whole body.
struct DeliverySearch {
  /// Where a delivery holds the text.
  enum Place: String {
    case row = "in the list"
    case id = "in an id"
    case body = "in the body"
  }

  private let search: PayloadSearch

  init(_ text: String) {
    search = PayloadSearch(text)
  }

  /// The first place that holds the text; nil where none does.
  func place(in delivery: Delivery) -> Place? {
    let envelope = delivery.envelope
    if isFound(in: envelope.event) || search.isFound(in: envelope.provider?.name ?? "") { return .row }
    if isFound(in: envelope.eventID) || isFound(in: envelope.deliveryID) { return .id }
    return search.isFound(in: delivery.request.body) ? .body : nil
  }

  /// A cell of the list with the matches set off.
  func highlighted(_ run: TextRun) -> [TextRun] {
    run.setOff(search.matches(in: Array(run.bytes)).ranges.map { ($0, false) })
  }

  private func isFound(in text: ByteString?) -> Bool {
    text.map { search.isFound(in: $0) } ?? false
  }
}
