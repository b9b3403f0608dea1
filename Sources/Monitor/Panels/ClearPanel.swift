internal import DequeModule
internal import Screen
internal import Webhooks

/// Asks before the kept deliveries are dropped.
struct ClearPanel: Popup {
  static let title = "Clear"

  var viewport = Viewport()

  static let actions: [Action] = [
    action(
      "clear and lose", [.character("y")], .list, "Clear the list; marked deliveries stay.", hint: "clear",
      perform: { _, model in model.clear() })
  ]

  func content(_ model: Model) -> PopupContent {
    let marked = model.marked.count
    let count = Wording.count(model.list.kept.count - marked, "delivery", "deliveries")
    let lost = min(model.unrecorded, model.list.kept.count - marked)
    var rows = [[TextRun("y drops \(count) from the ring buffer.", Style(.warning))]]
    if model.setting.losesDeliveries, lost > 0 {
      let which = lost == 1 ? "1 of them is" : "\(Wording.grouped(lost)) of them are"
      rows.append([TextRun("\(which) recorded nowhere, and lost; x exports first.", Style(.warning))])
    }
    if marked > 0 {
      rows.append([TextRun("\(Wording.count(marked, "marked delivery", "marked deliveries")) will stay.")])
    }
    return PopupContent("Clear the list?", columns: 62, rows: rows + [[TextRun("Esc keeps all.", .dim)]])
  }
}

extension Model {
  fileprivate mutating func clear() -> [Effect] {
    panels.pop()
    let marked = marked.count
    unrecorded = min(unrecorded, marked)
    let left = marked > 0 ? "; \(Wording.count(marked, "marked one")) left" : ""
    notice = Notice("The list was cleared\(left)")
    return [.order(.clear)]
  }
}
