internal import Screen
internal import Webhooks

/// The ways to send a delivery to an app again.
struct ReplayPanel: Popup {
  static let title = "Replay"

  /// One way, in the order of the list.
  private enum Way: String, CaseIterable {
    case asItWas = "as it was"
    case signedNow = "signed again now"
    case edited = "edited in $VISUAL or $EDITOR"
    case editedSigned = "edited, then signed again"
    case elsewhere = "as it was, to another URL"
    case signedElsewhere = "signed again now, to another URL"

    var signs: Bool { [.signedNow, .editedSigned, .signedElsewhere].contains(self) }
    var edits: Bool { self == .edited || self == .editedSigned }
    var asks: Bool { self == .elsewhere || self == .signedElsewhere }
  }

  let delivery: Delivery
  var subject: Delivery? { delivery }
  var viewport = Viewport()

  init(_ delivery: Delivery) { self.delivery = delivery }

  static let actions: [Action] = [
    action(
      "replay so", [.enter], .app, "Replay the delivery in the selected way.", hint: "replay",
      unavailable: { $0.reasonUnavailable(in: $1) }, perform: { $0.replay(in: &$1) })
  ]

  private var way: Way { Way.allCases[selectedRow(of: Way.allCases.count) ?? 0] }

  private func secret(in model: Model) -> SigningSecret? {
    model.secret(for: delivery)
  }

  private func reasonUnavailable(in model: Model) -> String? {
    if way.edits, let reason = model.reasonForPresentation { return reason }
    return way.signs && secret(in: model) == nil ? reasonUnsigned : nil
  }

  private var reasonUnsigned: String {
    delivery.envelope.provider.map { "There is no secret of \($0.title) to sign with: press S to add one" }
      ?? "The provider is not known, so nothing can be signed"
  }

  private func replay(in model: inout Model) -> [Effect] {
    let (delivery, secret) = (delivery, way.signs ? secret(in: model) : nil)
    let (asks, edits) = (way.asks, way.edits)
    model.panels.pop()
    let use = { @Sendable (model: inout Model, url: String) in
      edits
        ? [.edit(EditOrder(delivery: delivery, url: url, secret: secret))]
        : model.order(delivery, to: url, signing: secret)
    }
    guard asks else { return model.withApp(for: delivery, use) }
    model.askForApp(use)
    return []
  }

  func content(_ model: Model) -> PopupContent {
    let canSign = secret(in: model) != nil
    var content = PopupContent("Replay #\(delivery.sequence)", columns: 64, rowCount: Way.allCases.count) {
      let way = Way.allCases[$0]
      let isEdit = way.edits && model.reasonForPresentation != nil
      return [TextRun(way.rawValue, way.signs && !canSign || isEdit ? .dim : .normal)]
    }
    content.hasCursor = true
    let url = model.setting.apps.url(delivery) ?? model.appURL
    content.foot = [[], [TextRun(url.map { "to \($0)" } ?? "hooktop asks for the URL", .dim)]]
    return content
  }
}
