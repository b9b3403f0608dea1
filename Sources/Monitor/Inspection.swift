internal import JSON
internal import Screen
internal import Webhooks

/// The selected delivery as the signature, body and headers panes show it.
struct Inspection: Sendable {
  /// One pane: its lines, where the user stands in them, and what was searched for.
  struct Part: Sendable {
    var content: PaneContent {
      didSet { memo = WrapMemo() }
    }
    var viewport = Viewport()
    var search: PaneSearch?
    private var memo = WrapMemo()

    init(content: PaneContent) {
      self.content = content
    }

    /// Where a line is cut into rows by `wrapping`; one row for all of it where it is not.
    func ranges(line: Int, _ wrapping: Wrapping?) -> [Range<Int>]? {
      guard let wrapping else { return nil }
      return memo.ranges(line: line, columns: wrapping.columns) {
        wrapping.ranges(of: content.runs(line: line, search: nil))
      }
    }
  }

  let delivery: Delivery
  let bodyMode: PayloadMode
  var parts: [Pane: Part]

  init(
    _ delivery: Delivery, bodyMode: PayloadMode, setting: Setting, diagnosis: DiagnosisLog.State?,
    searches: [Pane: String]
  ) {
    self.delivery = delivery
    self.bodyMode = bodyMode
    let document = PayloadDocument(delivery.request.body, mode: bodyMode)
    parts = [
      .signature: Part(content: .text(SignatureReport(delivery, setting, diagnosis).lines)),
      .body: Part(content: .payload(document)),
      .headers: Part(content: .text(HeaderReport(delivery.request).lines)),
    ]
    for (pane, text) in searches { search(text, in: pane) }
  }

  /// The body's lines; nil only for a pane that does not exist.
  var document: PayloadDocument? {
    if case .payload(let document)? = parts[.body]?.content { document } else { nil }
  }

  /// Shows what has become known of the cause since.
  mutating func refreshSignature(_ setting: Setting, diagnosis: DiagnosisLog.State?) {
    parts[.signature]?.content = .text(SignatureReport(delivery, setting, diagnosis).lines)
    if let text = parts[.signature]?.search?.text { search(text, in: .signature) }
  }

  mutating func search(_ text: String, in pane: Pane) {
    guard let content = parts[pane]?.content else { return }
    parts[pane]?.search = PaneSearch(text, in: content)
  }
}
