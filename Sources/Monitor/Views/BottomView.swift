internal import Screen
internal import Webhooks

/// Draws the bottom line: a line of input, a notice, or the keys that work here.
func drawBottom(_ canvas: inout Canvas, _ rect: Rect, _ model: Model) {
  canvas.fill(rect)
  if case .prompt(let prompt)? = model.overlays.last {
    drawPrompt(prompt, model.notice, &canvas, rect)
  } else if let notice = model.notice {
    canvas.draw(" \(notice.text)", at: rect.origin, width: rect.columns, style: Style(notice.role))
  } else {
    canvas.draw(keyRuns(model, columns: rect.columns), at: rect.origin, width: rect.columns)
  }
}

/// What every user must find, wherever they are.
private let lastActions = ["help", "quit", "close"]

/// The hints of the actions that can be used now, as many as fit; help and quit always have their place.
private func keyRuns(_ model: Model, columns: Int) -> [TextRun] {
  let fitting = Action.all.filter { action in
    action.hint != nil && action.modes.contains(model.mode) && action.unavailable(model) == nil
  }
  // What works only here is what a user can't know from elsewhere; getting about explains itself.
  let usable =
    fitting.filter { !$0.modes.isSuperset(of: .panes) }
    + fitting.filter { $0.modes.isSuperset(of: .panes) && $0.group != .panes }
    + fitting.filter { $0.modes.isSuperset(of: .panes) && $0.group == .panes }
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

/// Draws a line of input, and above it why it was not taken.
private func drawPrompt(_ prompt: Prompt, _ notice: Notice?, _ canvas: inout Canvas, _ rect: Rect) {
  let label = " \(prompt.label): "
  let start = canvas.draw(label, at: rect.origin, width: rect.columns, style: Style(.prompt))
  let room = max(1, rect.columns - start - 1)
  let before =
    prompt.isHidden ? prompt.editor.cursor : columns(prompt.editor, upTo: prompt.editor.cursor, canvas)
  let skipped = max(0, before - room)
  let point = Point(column: start, row: rect.row)
  let shown =
    prompt.isHidden ? String(repeating: "*", count: prompt.editor.characters.count) : prompt.editor.text
  canvas.draw(shown, at: point, width: room, skipping: skipped)
  canvas.cursor = Point(column: start + before - skipped, row: rect.row)
  guard let error = prompt.error else {
    let hint = notice.map { TextRun(" \($0.text)", Style($0.role)) }
    if let line = hint ?? (prompt.purpose == .filter ? TextRun(filterHint, .dim) : nil) {
      drawLines([[line]], above: rect, &canvas)
    }
    return
  }
  let caret = start + columns(prompt.editor, upTo: error.column, canvas) - skipped
  let pointer = [TextRun(String(repeating: " ", count: caret)), TextRun("^", Style(.failure, bold: true))]
  let wrapping = Wrapping(columns: rect.columns - 1, charset: canvas.charset, proseIndent: 1)
  let reason = wrapping.rows(of: [TextRun(" \(error.description)", Style(.failure))])
  drawLines(reason + [pointer], above: rect, &canvas)
}

private let filterHint =
  " type:analysis.*  live:true  sig:failed  provider:parlay  id:evt_*  age:>300  size:>10k  dup  ~text  | - ( )"

/// Draws lines over what stands above a row.
private func drawLines(_ lines: [[TextRun]], above rect: Rect, _ canvas: inout Canvas) {
  for (index, line) in lines.enumerated() {
    let row = Rect(column: 0, row: rect.row - lines.count + index, columns: rect.columns, rows: 1)
    canvas.fill(row)
    canvas.draw(line, at: row.origin, width: row.columns)
  }
}

private func columns(_ editor: LineEditor, upTo cursor: Int, _ canvas: Canvas) -> Int {
  SafeText.width(of: String(editor.characters.prefix(cursor)), charset: canvas.charset)
}
