internal import DequeModule
internal import Screen
internal import Webhooks

/// Draws the list of incidents, newest first, and of a session's lines that can't be read before them; below it the
/// whole of the selected one.
func drawIncidents(_ viewport: Viewport, _ canvas: inout Canvas, _ model: Model) {
  let count = model.incidentLineCount
  let columns = model.size.columns - 8
  let listed = min(max(1, count), model.incidentHeight)
  let rect = drawPopup(title(model), columns: columns, lines: listed + model.incidentDetailRows, &canvas)
  guard count > 0 else {
    canvas.draw(
      "None: everything that came was a delivery.", at: rect.origin, width: rect.columns, style: .dim)
    return
  }
  let list = Rect(column: rect.column, row: rect.row, columns: rect.columns, rows: min(listed, rect.rows))
  let shown = (0..<count).dropFirst(viewport.top.line).prefix(list.rows)
  drawPopupLines(shown.map { line($0, of: count, model) }, from: 0, &canvas, list)
  let cursor = viewport.cursor.line - viewport.top.line
  canvas.select(Rect(column: rect.column, row: rect.row + cursor, columns: rect.columns, rows: 1))
  drawPosition(&canvas, popupFrame(around: rect), line: viewport.cursor.line, of: count, visible: list.rows)
  drawWhole(line(viewport.cursor.line, of: count, model), &canvas, rect, from: list.endRow)
}

private func line(_ line: Int, of count: Int, _ model: Model) -> [TextRun] {
  let skipped = model.loading?.skipped ?? []
  return line < skipped.count
    ? skippedLine(skipped[line]) : incidentLine(model.incidents[count - 1 - line], model.setting)
}

/// Draws a line in as many rows as it needs and there are, below a blank one.
private func drawWhole(_ line: [TextRun], _ canvas: inout Canvas, _ rect: Rect, from row: Int) {
  let wrapping = Wrapping(columns: rect.columns, charset: canvas.charset, proseIndent: 2)
  let rows = wrapping.rows(of: line)
  guard rows.count > 1 else { return }
  let place = Rect(column: rect.column, row: row + 1, columns: rect.columns, rows: rect.endRow - row - 1)
  drawPopupLines(rows, from: 0, &canvas, place)
}

/// `Incidents  3, 2 lines skipped`, or `Incidents  13,000, the newest 1,000 listed`.
private func title(_ model: Model) -> String {
  var incidents = "Incidents  \(Wording.grouped(model.counts.incidents))"
  if model.incidents.count < model.counts.incidents {
    incidents += ", the newest \(Wording.grouped(model.incidents.count)) listed"
  }
  guard let loading = model.loading, loading.skippedCount > 0 else { return incidents }
  let listed = loading.skipped.count < loading.skippedCount ? ", the first of them listed" : ""
  return "\(incidents), \(loading.count) skipped\(listed)"
}

private func skippedLine(_ line: Loading.SkippedLine) -> [TextRun] {
  [TextRun("line \(line.number)  ", Style(.warning)), TextRun(line.error.description)]
}

private func incidentLine(_ incident: Incident, _ setting: Setting) -> [TextRun] {
  [
    TextRun(incident.receivedAt.timeOfDay(offset: setting.utcOffset)),
    TextRun("  \(incident.status.map(String.init) ?? "---")  ", Style(.failure)),
    TextRun(incident.reason.rawValue, Style(.warning)), TextRun("  \(incident.detail)"),
    TextRun("  \(incident.peer)", .dim),
  ]
}
