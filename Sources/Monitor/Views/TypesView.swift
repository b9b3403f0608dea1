internal import Screen

/// Draws the list of event types to pick from.
func drawTypes(_ picker: TypePicker, _ canvas: inout Canvas, _ model: Model) {
  let rect = drawPopup(
    "Event types", columns: 52, lines: min(max(1, picker.rows.count), model.popupHeight), &canvas)
  guard !picker.rows.isEmpty else {
    canvas.draw("No event type has come yet.", at: rect.origin, width: rect.columns, style: .dim)
    return
  }
  let first = max(0, picker.cursor - rect.rows + 1)
  let lines = picker.rows.map { row in
    [
      TextRun(row.isPicked ? "[x] " : "[ ] ", Style(row.isPicked ? .success : .dim)),
      TextRun(Array(row.type)[...]), TextRun("  \(Wording.grouped(row.count))", .dim),
    ]
  }
  drawPopupLines(lines, from: first, &canvas, rect)
  canvas.select(
    Rect(column: rect.column, row: rect.row + picker.cursor - first, columns: rect.columns, rows: 1))
}
