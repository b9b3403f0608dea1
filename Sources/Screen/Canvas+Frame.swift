extension Canvas {
  /// Draws a box with a title in its top edge.
  ///
  /// `joined` says that the top edge is also the bottom edge of the box above.
  public mutating func drawFrame(
    _ rect: Rect, title: [TextRun] = [], style: Style = .border, glyphs: Glyphs? = nil,
    joined: Bool = false
  ) {
    guard rect.columns >= 2, rect.rows >= 1 else { return }
    let lines = glyphs ?? self.glyphs
    let right = rect.endColumn - 1
    let bottom = rect.endRow - 1
    drawEdge(
      rect, row: rect.row, style,
      left: joined ? lines.leftTee : lines.topLeft, lines.horizontal,
      right: joined ? lines.rightTee : lines.topRight)
    if rect.rows > 1 {
      drawEdge(
        rect, row: bottom, style, left: lines.bottomLeft, lines.horizontal, right: lines.bottomRight)
      for row in (rect.row + 1)..<bottom {
        put(lines.vertical, column: rect.column, row: row, style)
        put(lines.vertical, column: right, row: row, style)
      }
    }
    drawTitle(title, in: rect, style)
  }

  /// Draws a box with a plain title in its top edge.
  public mutating func drawFrame(
    _ rect: Rect, title: String, style: Style = .border, glyphs: Glyphs? = nil, joined: Bool = false
  ) {
    drawFrame(
      rect, title: [TextRun(title, style.with(.title))], style: style, glyphs: glyphs, joined: joined)
  }

  private mutating func drawEdge(
    _ rect: Rect, row: Int, _ style: Style, left: Character, _ line: Character, right: Character
  ) {
    put(left, column: rect.column, row: row, style)
    for column in (rect.column + 1)..<(rect.endColumn - 1) { put(line, column: column, row: row, style) }
    put(right, column: rect.endColumn - 1, row: row, style)
  }

  /// The title stands between two blanks, one column in from the corner.
  private mutating func drawTitle(_ title: [TextRun], in rect: Rect, _ style: Style) {
    let room = rect.columns - 4
    guard room > 0, title.contains(where: { !$0.bytes.isEmpty }) else { return }
    let start = Point(column: rect.column + 2, row: rect.row)
    let used = draw(title, at: start, width: room)
    if title.reduce(0, { $0 + SafeText.width(of: $1.bytes, charset: charset) }) > room {
      put(glyphs.ellipsis, column: start.column + room - 1, row: rect.row, style)
    }
    draw(" ", at: Point(column: start.column - 1, row: rect.row), style: style)
    draw(" ", at: Point(column: start.column + used, row: rect.row), width: 1, style: style)
  }

  /// Sets a sign of the screen's own, which is one column wide.
  private mutating func put(_ sign: Character, column: Int, row: Int, _ style: Style) {
    guard bounds.contains(Point(column: column, row: row)), let scalar = sign.unicodeScalars.first
    else { return }
    cells[row * size.columns + column] = Cell(scalar, style: style)
    mend(row: row, from: column, to: column + 1)
  }
}
