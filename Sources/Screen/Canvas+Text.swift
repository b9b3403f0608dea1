extension Canvas {
  /// Draws received bytes in one row and returns the columns used; at most `width`, never outside the
  /// canvas.
  ///
  /// `skipping` columns of the text are left out on the left. A wide character that does not fit becomes
  /// `>`, and `<` where its left half is skipped.
  @discardableResult
  public mutating func draw(
    _ bytes: some Collection<UInt8>, at point: Point, width: Int = .max, style: Style = .normal,
    skipping: Int = 0, tabs: Tabs = .picture
  ) -> Int {
    guard var pen = pen(at: point, width: width, skipping: skipping) else { return 0 }
    SafeText.withBuffer(bytes) { buffer in
      var reader = GlyphReader(buffer, tabs: tabs, charset: charset)
      draw(&reader, with: &pen, style)
    }
    return finish(pen, from: point)
  }

  /// Draws text in one row and returns the columns used.
  @discardableResult
  public mutating func draw(
    _ text: String, at point: Point, width: Int = .max, style: Style = .normal, skipping: Int = 0
  ) -> Int {
    draw(text.utf8, at: point, width: width, style: style, skipping: skipping)
  }

  /// Draws stretches of text one after the other in one row and returns the columns used.
  ///
  /// Tab stops and `skipping` count from the start of the first run.
  @discardableResult
  public mutating func draw(
    _ runs: [TextRun], at point: Point, width: Int = .max, skipping: Int = 0, tabs: Tabs = .picture
  ) -> Int {
    guard var pen = pen(at: point, width: width, skipping: skipping) else { return 0 }
    var tabs = tabs
    for run in runs where !pen.isFull {
      run.bytes.withUnsafeBufferPointer { buffer in
        var reader = GlyphReader(buffer, tabs: tabs, charset: charset)
        draw(&reader, with: &pen, run.style)
        if case .stops = tabs { tabs = .stops(from: reader.column) }
      }
    }
    return finish(pen, from: point)
  }
}

extension Canvas {
  /// A pen for the part of the row that is inside the canvas; nil if there is none.
  private func pen(at point: Point, width: Int, skipping: Int) -> Pen? {
    guard point.row >= 0, point.row < size.rows, point.column < size.columns, width > 0 else { return nil }
    let hidden = max(0, -point.column)
    guard hidden < width else { return nil }
    let start = max(0, point.column)
    let limit = start + min(width - hidden, size.columns - start)
    return Pen(
      rowStart: point.row * size.columns, column: start, limit: limit, skip: max(0, skipping) + hidden)
  }

  private mutating func finish(_ pen: Pen, from point: Point) -> Int {
    let start = max(0, point.column)
    guard pen.column > start else { return 0 }
    mend(row: point.row, from: start, to: pen.column)
    return pen.column - point.column
  }

  private mutating func draw(
    _ reader: inout GlyphReader<UnsafeBufferPointer<UInt8>>, with pen: inout Pen, _ style: Style
  ) {
    while !pen.isFull {
      drawPrintable(&reader, with: &pen, style)
      guard !pen.isFull, let glyph = reader.next() else { return }
      switch glyph.form {
      case .character: draw(character: glyph, with: &pen, style)
      case .blanks: drawBlanks(glyph.width, with: &pen, style)
      case .caret, .escape, .byte: draw(picture: glyph, with: &pen, style)
      }
    }
  }

  private mutating func drawPrintable(
    _ reader: inout GlyphReader<UnsafeBufferPointer<UInt8>>, with pen: inout Pen, _ style: Style
  ) {
    pen.skip -= reader.skipPrintable(atMost: pen.skip)
    guard pen.skip == 0 else { return }
    let start = reader.index
    let count = reader.skipPrintable(atMost: pen.room)
    for offset in 0..<count {
      put(Cell(Unicode.Scalar(reader.bytes[start + offset]), style: style), with: &pen)
    }
  }

  private mutating func draw(character glyph: Glyph, with pen: inout Pen, _ style: Style) {
    if pen.skip >= glyph.width {
      pen.skip -= glyph.width
    } else if pen.skip > 0 {
      pen.skip = 0
      put(Cell("<", style: style), with: &pen)
    } else if glyph.width > pen.room {
      put(Cell(">", style: style), with: &pen)
    } else {
      put(Cell(glyph.scalar, marks: glyph.marks, width: UInt8(glyph.width), style: style), with: &pen)
      if glyph.width == 2 { put(.continuation(style), with: &pen) }
    }
  }

  private mutating func drawBlanks(_ count: Int, with pen: inout Pen, _ style: Style) {
    let skipped = min(pen.skip, count)
    pen.skip -= skipped
    for _ in skipped..<count where !pen.isFull { put(.blank(style), with: &pen) }
  }

  private mutating func draw(picture glyph: Glyph, with pen: inout Pen, _ style: Style) {
    let inert = style.with(.inert)
    for scalar in glyph.text.unicodeScalars where !pen.isFull {
      if pen.skip > 0 {
        pen.skip -= 1
      } else {
        put(Cell(scalar, style: inert), with: &pen)
      }
    }
  }

  private mutating func put(_ cell: Cell, with pen: inout Pen) {
    cells[pen.rowStart + pen.column] = cell
    pen.column += 1
  }
}

/// What a TAB in received text becomes.
public enum Tabs: Hashable, Sendable {
  /// The picture `^I`: everywhere but in a body.
  case picture
  /// Blanks up to the next multiple of four columns; `column` is where the text starts in its line.
  case stops(from: Int)

  /// Columns between two tab stops.
  public static let distance = 4

  /// Blanks up to the next tab stop, for text that starts its line.
  public static let stops = Tabs.stops(from: 0)
}

/// Where drawing stands within one row, and how far it may go.
struct Pen {
  /// The index of the row's first cell.
  let rowStart: Int
  /// The next column to draw in.
  var column: Int
  /// The first column that may not be drawn in.
  let limit: Int
  /// Columns of the text that are still to be left out on the left.
  var skip: Int

  var room: Int { limit - column }
  var isFull: Bool { column >= limit }
}
