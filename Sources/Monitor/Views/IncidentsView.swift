internal import Screen
internal import Webhooks

/// Draws the list of incidents, newest first.
func drawIncidents(_ viewport: Viewport, _ canvas: inout Canvas, _ model: Model) {
  let count = model.incidents.count
  let title = "Incidents  \(Wording.grouped(model.counts.incidents))"
  let columns = model.size.columns - 8
  let rect = drawPopup(title, columns: columns, lines: min(max(1, count), model.popupHeight), &canvas)
  guard count > 0 else {
    canvas.draw(
      "None: everything that came was a delivery.", at: rect.origin, width: rect.columns, style: .dim)
    return
  }
  let lines = model.incidents.reversed().dropFirst(viewport.top.line).prefix(rect.rows).map {
    incidentLine($0, model.setting)
  }
  drawPopupLines(Array(lines), from: 0, &canvas, rect)
  let cursor = viewport.cursor.line - viewport.top.line
  canvas.select(Rect(column: rect.column, row: rect.row + cursor, columns: rect.columns, rows: 1))
}

private func incidentLine(_ incident: Incident, _ setting: Setting) -> [TextRun] {
  [
    TextRun(incident.receivedAt.timeOfDay(offset: setting.utcOffset)),
    TextRun("  \(incident.status.map(String.init) ?? "---")  ", Style(.failure)),
    TextRun(incident.reason.rawValue, Style(.warning)), TextRun("  \(incident.detail)"),
    TextRun("  \(incident.peer)", .dim),
  ]
}
