internal import Screen

/// Draws the story of `hooktop demo --life`: which step it is, what happens in it, how far it has come, and the keys.
func drawLife(_ model: Model, _ canvas: inout Canvas, _ rect: Rect) {
  guard let life = model.life, !rect.isEmpty else { return }
  canvas.fill(rect)
  let (top, below) = rect.splitTop(1)
  canvas.fill(top, Style(.bar))
  drawRow(heading(life), &canvas, top)
  let (middle, bottom) = below.splitBottom(1)
  let wrapping = Wrapping(columns: rect.columns - 2, charset: model.setting.charset, proseIndent: 0)
  let rows = wrapping.rows(of: [TextRun(caption(life))])
  for row in 0..<min(middle.rows, rows.count) {
    // The last row that there is room for says by an ellipsis that more is to come.
    let runs = row == middle.rows - 1 ? Array(rows[row...].joined()) : rows[row]
    let line = Rect(column: rect.column, row: middle.row + row, columns: rect.columns, rows: 1)
    drawRow([TextRun(" ")] + runs, &canvas, line)
  }
  if !bottom.isEmpty { drawState(life, model, &canvas, bottom) }
}

private func heading(_ life: LifeStory) -> [TextRun] {
  guard let step = life.step else { return [TextRun(" The life of a webhook", Style(.bar, bold: true))] }
  return [
    TextRun(" Story \(life.shown) of \(LifeStory.steps.count)  ", Style(.bar)),
    TextRun(step.title, Style(.bar, bold: true)),
  ]
}

private func caption(_ life: LifeStory) -> String {
  life.step?.caption
    ?? "A story in \(LifeStory.steps.count) steps, between this receiver and a sandbox of the providers. Each step is made of real calls over HTTP."
}

/// How far the step has come, and to the right of it the keys that work now.
private func drawState(_ life: LifeStory, _ model: Model, _ canvas: inout Canvas, _ rect: Rect) {
  let keys = Action.life.filter { $0.unavailable(model) == nil }.flatMap { hint($0, model) }
  let start = max(0, rect.columns - keys.width(in: model.setting.charset))
  let (left, right) = rect.splitLeft(start)
  drawRow(state(life.state, canvas.glyphs), &canvas, left)
  canvas.draw(keys, at: right.origin, width: right.columns)
}

private func state(_ state: LifeProgress?, _ glyphs: Glyphs) -> [TextRun] {
  switch state {
  case nil: []
  case .going(let words): [TextRun(" \(glyphs.ellipsis) \(words)", Style(.info))]
  case .done(let words, _): [TextRun(" \(glyphs.valid) \(words)", Style(.success))]
  case .failed(let words): [TextRun(" \(glyphs.failed) \(words)", Style(.failure))]
  }
}
