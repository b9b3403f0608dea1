internal import Screen
internal import Webhooks

/// The selected delivery as the signature, body and headers panes show it.
struct Inspection: Sendable {
  /// One pane: its lines, where the user stands in them, and what was searched for.
  struct Part: Sendable {
    var content: PaneContent
    var viewport = Viewport()
    var search: PaneSearch?
  }

  let delivery: Delivery
  let bodyMode: PayloadMode
  var parts: [Pane: Part]

  init(_ delivery: Delivery, bodyMode: PayloadMode, setting: Setting, searches: [Pane: String]) {
    self.delivery = delivery
    self.bodyMode = bodyMode
    let document = PayloadDocument(delivery.request.body, mode: bodyMode)
    parts = [
      .signature: Part(content: .text(SignatureReport(delivery, setting).lines)),
      .body: Part(content: .payload(document)),
      .headers: Part(content: .text(HeaderReport(delivery.request).lines)),
    ]
    for (pane, text) in searches { search(text, in: pane) }
  }

  /// The body's lines; nil only for a pane that does not exist.
  var document: PayloadDocument? {
    if case .payload(let document)? = parts[.body]?.content { document } else { nil }
  }

  mutating func search(_ text: String, in pane: Pane) {
    guard let content = parts[pane]?.content else { return }
    parts[pane]?.search = PaneSearch(text, in: content)
  }
}
