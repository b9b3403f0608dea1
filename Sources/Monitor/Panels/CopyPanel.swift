internal import Screen
internal import Webhooks

/// The parts of a delivery that can be copied.
struct CopyPanel: Popup {
  static let title = "Copy"

  let delivery: Delivery
  var subject: Delivery? { delivery }
  var viewport = Viewport()

  init(_ delivery: Delivery) { self.delivery = delivery }

  static let actions: [Action] =
    [
      action(
        "copy", [.enter], .body, "Copy the selected part.", hint: "copy",
        unavailable: { $0.item.reasonUnavailable(of: $0.delivery, in: $1) },
        perform: { panel, model in panel.copy(panel.item, in: &model) })
    ]
    + CopyItem.allCases.map { item in
      action(
        "copy its \(item.rawValue)", [item.key], .body, item.sentence,
        unavailable: { item.reasonUnavailable(of: $0.delivery, in: $1) },
        perform: { panel, model in panel.copy(item, in: &model) })
    }

  private var item: CopyItem { CopyItem.allCases[selectedRow(of: CopyItem.allCases.count) ?? 0] }

  private func copy(_ item: CopyItem, in model: inout Model) -> [Effect] {
    model.panels.pop()
    return model.copy(item, of: delivery)
  }

  func content(_ model: Model) -> PopupContent {
    var content = PopupContent(
      "Copy from #\(delivery.sequence)", columns: 52, rowCount: CopyItem.allCases.count
    ) {
      let item = CopyItem.allCases[$0]
      let style: Style = item.reasonUnavailable(of: delivery, in: model) == nil ? .normal : .dim
      return [TextRun("\(item.key.label)  ", Style(.key)), TextRun(item.title, style)]
    }
    content.hasCursor = true
    return content
  }
}

extension CopyItem {
  /// Why there is nothing of the kind; nil if there is.
  fileprivate func reasonUnavailable(of delivery: Delivery, in model: Model) -> String? {
    self == .value || self == .path ? model.reasonForNoValue(of: delivery) : nil
  }
}
