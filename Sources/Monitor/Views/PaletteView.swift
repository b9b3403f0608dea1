internal import Screen

/// Draws the palette: the line that is typed, and the actions that it leaves.
func drawPalette(_ palette: Palette, _ canvas: inout Canvas, _ model: Model) {
  let matches = palette.matches
  let rect = drawPopup("Actions", columns: 76, lines: min(16, model.popupHeight), &canvas)
  let (input, list) = rect.splitTop(1)
  canvas.draw(": \(palette.editor.text)", at: input.origin, width: input.columns, style: Style(.prompt))
  let before = SafeText.width(
    of: String(palette.editor.characters.prefix(palette.editor.cursor)), charset: canvas.charset)
  canvas.cursor = Point(column: min(input.column + 2 + before, input.endColumn - 1), row: input.row)
  guard !matches.isEmpty else {
    canvas.draw("No action of that name.", at: list.origin, width: list.columns, style: .dim)
    return
  }
  let first = max(0, palette.cursor - list.rows + 1)
  drawPopupLines(matches.map { line($0, model) }, from: first, &canvas, list)
  canvas.select(
    Rect(column: list.column, row: list.row + palette.cursor - first, columns: list.columns, rows: 1))
}

private func line(_ action: Action, _ model: Model) -> [TextRun] {
  let name = action.name + String(repeating: " ", count: max(1, 18 - action.name.count))
  let keys = action.keyLabels(model.setting.charset)
  let padding = String(
    repeating: " ", count: max(1, 9 - SafeText.width(of: keys, charset: model.setting.charset)))
  let why = action.unavailable(model)
  return [
    TextRun(name), TextRun(keys, Style(.key)), TextRun(padding),
    TextRun(why ?? action.sentence, why == nil ? .dim : Style(.warning)),
  ]
}
