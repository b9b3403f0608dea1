internal import Screen

/// Draws an empty box in the middle of the screen for `lines` rows of text, and gives the place inside it.
func drawPopup(_ title: String, columns: Int, lines: Int, _ canvas: inout Canvas) -> Rect {
  let width = min(columns + 4, canvas.size.columns)
  let height = min(lines + 2, canvas.size.rows - 2)
  let box = Rect(
    column: (canvas.size.columns - width) / 2, row: max(1, (canvas.size.rows - height) / 2),
    columns: width, rows: height)
  canvas.fill(box)
  canvas.drawFrame(box, title: title, style: Style(.borderFocused))
  return Rect(column: box.column + 2, row: box.row + 1, columns: width - 4, rows: height - 2)
}

/// The frame of the popup that has `inside` in it.
func popupFrame(around inside: Rect) -> Rect {
  Rect(column: inside.column - 2, row: inside.row - 1, columns: inside.columns + 4, rows: inside.rows + 2)
}

/// Draws lines of a popup from a place on.
func drawPopupLines(_ lines: [[TextRun]], from first: Int, _ canvas: inout Canvas, _ rect: Rect) {
  for (row, line) in lines.dropFirst(first).prefix(rect.rows).enumerated() {
    drawRow(line, &canvas, Rect(column: rect.column, row: rect.row + row, columns: rect.columns, rows: 1))
  }
}
