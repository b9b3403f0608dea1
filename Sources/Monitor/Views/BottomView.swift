internal import Screen
internal import Webhooks

/// Draws the bottom line: a line of input, a notice, or the keys that work here.
func drawBottom(_ canvas: inout Canvas, _ rect: Rect, _ model: Model) {
  canvas.fill(rect)
  if case .prompt(let prompt)? = model.overlays.last {
    drawPrompt(prompt, &canvas, rect)
  } else if let notice = model.notice {
    canvas.draw(" \(notice.text)", at: rect.origin, width: rect.columns, style: Style(notice.role))
  } else {
    canvas.draw(keyRuns(model, columns: rect.columns), at: rect.origin, width: rect.columns)
  }
}

/// The hints of the actions that can be used now, as many as fit; help and quit always have their place.
private func keyRuns(_ model: Model, columns: Int) -> [TextRun] {
  let usable = Action.all.filter { action in
    action.hint != nil && action.modes.contains(model.mode) && action.unavailable(model) == nil
  }
  let last = usable.filter { ["help", "quit"].contains($0.name) }
  var room = columns - last.reduce(0) { $0 + width(of: $1, model) }
  var runs: [TextRun] = []
  for action in usable where !["help", "quit"].contains(action.name) {
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

/// Draws a line of input, and above it why it was not taken.
private func drawPrompt(_ prompt: Prompt, _ canvas: inout Canvas, _ rect: Rect) {
  let label = " \(prompt.label): "
  let start = canvas.draw(label, at: rect.origin, width: rect.columns, style: Style(.prompt))
  let room = max(1, rect.columns - start - 1)
  let before = columns(prompt.editor, upTo: prompt.editor.cursor, canvas)
  let skipped = max(0, before - room)
  let point = Point(column: start, row: rect.row)
  canvas.draw(prompt.editor.text, at: point, width: room, skipping: skipped)
  canvas.cursor = Point(column: start + before - skipped, row: rect.row)
  guard let error = prompt.error else { return }
  let above = Rect(column: 0, row: rect.row - 1, columns: rect.columns, rows: 1)
  canvas.fill(above)
  let caret = start + columns(prompt.editor, upTo: error.column, canvas) - skipped
  canvas.draw("^", at: Point(column: caret, row: above.row), style: Style(.failure, bold: true))
  drawReason(error.description, caret: caret, &canvas, above)
}

/// Draws a reason beside its caret: to the right where it fits, else to the left, else from the line's start.
private func drawReason(_ text: String, caret: Int, _ canvas: inout Canvas, _ rect: Rect) {
  let width = SafeText.width(of: text, charset: canvas.charset)
  let column = caret + 2 + width <= rect.columns ? caret + 2 : caret - 1 - width
  if column >= 0 {
    canvas.draw(text, at: Point(column: column, row: rect.row), style: Style(.failure))
  } else {
    let above = Point(column: 1, row: rect.row - 1)
    canvas.fill(Rect(column: 0, row: above.row, columns: rect.columns, rows: 1))
    canvas.draw(text, at: above, style: Style(.failure))
  }
}

private func columns(_ editor: LineEditor, upTo cursor: Int, _ canvas: Canvas) -> Int {
  SafeText.width(of: String(editor.characters.prefix(cursor)), charset: canvas.charset)
}
