internal import Screen
internal import Webhooks

/// Draws the signature, body or headers pane of the selected delivery.
func drawDetail(_ pane: Pane, _ canvas: inout Canvas, _ layout: Layout, _ model: Model) {
  guard let frame = layout.panes[pane] else { return }
  let isFocused = model.focus == pane
  let isJoined = pane != .signature && layout.panes.count == Pane.allCases.count
  canvas.drawFrame(
    frame, title: title(of: pane, model), style: Style(isFocused ? .borderFocused : .border), joined: isJoined
  )
  let inside = layout.inside(pane)
  guard let part = model.inspection?.parts[pane] else {
    canvas.draw("No delivery is selected.", at: inside.origin, width: inside.columns, style: .dim)
    return
  }
  drawLines(of: part, &canvas, inside, wraps: model.wraps(pane), showsCursor: isFocused && pane != .signature)
}

private func title(of pane: Pane, _ model: Model) -> [TextRun] {
  var runs = [TextRun(pane.title, .title)]
  guard let inspection = model.inspection, let part = inspection.parts[pane] else { return runs }
  let delivery = inspection.delivery
  switch pane {
  case .deliveries, .signature: runs.append(TextRun("  #\(delivery.sequence)", .dim))
  case .body: runs += bodyTitle(inspection, model.setting)
  case .headers: runs.append(TextRun("  \(delivery.request.headers.fields.count)"))
  }
  if let search = part.search { runs.append(TextRun("  /\(search.text): \(search.summary)", Style(.info))) }
  return runs
}

/// `JSON · pretty · 412 B`, or why there is no pretty view.
private func bodyTitle(_ inspection: Inspection, _ setting: Setting) -> [TextRun] {
  guard let document = inspection.document else { return [] }
  let dot = " \(Glyphs.forCharset(setting.charset).separator) "
  let size = Wording.size(document.body.count) + (document.body.count < 1000 ? " B" : "")
  guard let fault = document.fault else {
    let kind = document.mode == .pretty ? "JSON\(dot)" : ""
    return [TextRun("  \(kind)\(document.mode.rawValue)\(dot)\(size)")]
  }
  return [
    TextRun("  \(document.mode.rawValue)\(dot)\(size)\(dot)"), TextRun(fault.sentence, Style(.warning)),
  ]
}

/// Draws the visible lines of a pane, wrapped or scrolled sideways.
func drawLines(
  of part: Inspection.Part, _ canvas: inout Canvas, _ rect: Rect, wraps: Bool, showsCursor: Bool
) {
  let wrapping = wraps ? part.content.wrapping(columns: rect.columns, charset: canvas.charset) : nil
  var place = part.viewport.top
  var row = rect.row
  while row < rect.endRow, place.line < part.content.lineCount {
    let runs = part.content.runs(line: place.line, search: part.search)
    let isCursorLine = showsCursor && place.line == part.viewport.cursor.line
    let rows = wrapping?.rows(of: runs) ?? [runs]
    for piece in rows.dropFirst(place.row) {
      guard row < rect.endRow else { return }
      canvas.draw(
        piece, at: Point(column: rect.column, row: row), width: rect.columns,
        skipping: wraps ? 0 : part.viewport.left, tabs: .stops)
      if isCursorLine { canvas.select(Rect(column: rect.column, row: row, columns: rect.columns, rows: 1)) }
      row += 1
    }
    place = Viewport.Place(line: place.line + 1)
  }
}
