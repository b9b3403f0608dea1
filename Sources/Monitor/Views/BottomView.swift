internal import Screen
internal import Webhooks

/// Draws the bottom line: a notice, or the keys that work here. A line of input is drawn over it.
func drawBottom(_ canvas: inout Canvas, _ rect: Rect, _ model: Model) {
  canvas.fill(rect)
  if let notice = model.notice {
    drawRow([TextRun(" \(notice.text)", Style(notice.role))], &canvas, rect)
  } else {
    canvas.draw(keyRuns(model, columns: rect.columns), at: rect.origin, width: rect.columns)
  }
}

/// What every user must find, wherever they are.
private let lastActions = ["help", "quit", "close"]

/// The hints of the actions that can be used now, as many as fit; help and quit always have their place.
private func keyRuns(_ model: Model, columns: Int) -> [TextRun] {
  let fitting = Action.table(for: model.mode).filter { $0.hint != nil && $0.unavailable(model) == nil }
  // What works only here is what a user can't know from elsewhere; getting about explains itself.
  let usable =
    fitting.filter { !$0.scope.isSuperset(of: .panes) }
    + fitting.filter { $0.scope.isSuperset(of: .panes) && $0.group != .panes }
    + fitting.filter { $0.scope.isSuperset(of: .panes) && $0.group == .panes }
  let last = usable.filter { lastActions.contains($0.name) }
  var room = columns - last.reduce(0) { $0 + width(of: $1, model) }
  var runs: [TextRun] = []
  for action in usable where !lastActions.contains(action.name) {
    room -= width(of: action, model)
    guard room >= 0 else { break }
    runs += hint(action, model)
  }
  return runs + last.flatMap { hint($0, model) }
}

private func hint(_ action: Action, _ model: Model) -> [TextRun] {
  let key = action.keys.first?.label(in: model.setting.charset) ?? ""
  return [TextRun(" \(key)", Style(.key)), TextRun(" \(action.hint ?? "") ")]
}

private func width(of action: Action, _ model: Model) -> Int {
  hint(action, model).reduce(0) { $0 + SafeText.width(of: $1.bytes, charset: model.setting.charset) }
}
