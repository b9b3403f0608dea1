internal import Screen
internal import Webhooks

/// Draws the bottom line: a line of input, a notice, or the keys that work here.
func drawBottom(_ canvas: inout Canvas, _ rect: Rect, _ model: Model) {
  canvas.fill(rect)
  if case .prompt(let prompt)? = model.overlays.last {
    drawPrompt(prompt, model, &canvas, rect)
  } else if let notice = model.notice {
    drawRow([TextRun(" \(notice.text)", Style(notice.role))], &canvas, rect)
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
private func drawPrompt(_ prompt: Prompt, _ model: Model, _ canvas: inout Canvas, _ rect: Rect) {
  let label = " \(prompt.label): "
  let start = canvas.draw(label, at: rect.origin, width: rect.columns, style: Style(.prompt))
  let room = max(1, rect.columns - start - 1)
  let before =
    prompt.isHidden ? prompt.editor.cursor : columns(prompt.editor, upTo: prompt.editor.cursor, canvas)
  // A fault is pointed at, so it is what must be seen of a line that is too long.
  let fault = prompt.error.map { columns(prompt.editor, upTo: $0.column, canvas) }
  let scrolled = max(0, before - room)
  let skipped = fault.map { max(min(scrolled, $0), $0 - room + 1) } ?? scrolled
  let point = Point(column: start, row: rect.row)
  let shown =
    prompt.isHidden ? String(repeating: "*", count: prompt.editor.characters.count) : prompt.editor.text
  canvas.draw(shown, at: point, width: room, skipping: skipped)
  canvas.cursor = Point(column: start + max(0, min(before - skipped, room)), row: rect.row)
  guard let error = prompt.error, let fault else {
    let hint = model.notice.map { TextRun(" \($0.text)", Style($0.role)) }
    if let line = hint ?? (prompt.purpose == .filter ? filterHint(model) : nil) {
      drawLines([[line]], above: rect, &canvas)
    }
    return
  }
  let caret = String(repeating: " ", count: start + fault - skipped)
  let pointer = [TextRun(caret), TextRun("^", Style(.failure, bold: true))]
  let wrapping = Wrapping(columns: rect.columns - 1, charset: canvas.charset, proseIndent: 1)
  let reason = wrapping.rows(of: [TextRun(" \(error.description)", Style(.failure))])
  drawLines(reason + [pointer], above: rect, &canvas)
}

/// What may be typed, or what is filtered by besides, which the list's title may have no room for.
private func filterHint(_ model: Model) -> TextRun {
  var others = model.filters
  others[.expression] = nil
  guard others.isEmpty else { return TextRun(" and \(others.combined)", Style(.warning)) }
  return TextRun(
    " type:analysis.*  live:true  sig:failed  provider:parlay  id:evt_*  age:>300  size:>10k  dup  ~text  | - ( )",
    .dim)
}

/// Draws lines over what stands above a row.
private func drawLines(_ lines: [[TextRun]], above rect: Rect, _ canvas: inout Canvas) {
  for (index, line) in lines.enumerated() {
    let row = Rect(column: 0, row: rect.row - lines.count + index, columns: rect.columns, rows: 1)
    canvas.fill(row)
    drawRow(line, &canvas, row)
  }
}

private func columns(_ editor: LineEditor, upTo cursor: Int, _ canvas: Canvas) -> Int {
  SafeText.width(of: String(editor.characters.prefix(cursor)), charset: canvas.charset)
}
