/// A frame: a grid of cells that views draw on, and that the terminal then shows.
///
/// Everything is clipped to the grid, so that no view needs to check for a small terminal.
public struct Canvas: Hashable, Sendable {
  public let size: Size
  /// What can be shown; text beyond it is drawn as `\u{…}`.
  public let charset: Charset
  /// The cells, row by row.
  public internal(set) var cells: [Cell]
  /// Where the terminal's cursor is to be shown; nil hides it.
  public var cursor: Point?

  public init(size: Size, charset: Charset = .utf8) {
    self.size = size
    self.charset = charset
    cells = Array(repeating: .blank(), count: size.columns * size.rows)
  }

  public var bounds: Rect { Rect(size) }

  /// The lines and signs that the canvas can show.
  public var glyphs: Glyphs { .forCharset(charset) }

  /// The cell at a place; a blank outside the canvas.
  public subscript(column: Int, row: Int) -> Cell {
    guard bounds.contains(Point(column: column, row: row)) else { return .blank() }
    return cells[row * size.columns + column]
  }

  /// Returns the cells of one row; empty outside the canvas.
  public func row(_ row: Int) -> ArraySlice<Cell> {
    guard row >= 0, row < size.rows else { return [] }
    return cells[(row * size.columns)..<((row + 1) * size.columns)]
  }

  /// Blanks a rectangle in a style.
  public mutating func fill(_ rect: Rect, _ style: Style = .normal) {
    let area = rect.intersection(bounds)
    guard !area.isEmpty else { return }
    for row in area.row..<area.endRow {
      let start = row * size.columns
      for column in area.column..<area.endColumn { cells[start + column] = .blank(style) }
      mend(row: row, from: area.column, to: area.endColumn)
    }
  }

  /// Changes the style of what is drawn in a rectangle, as a selected row does.
  public mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
    let area = rect.intersection(bounds)
    guard !area.isEmpty else { return }
    for row in area.row..<area.endRow {
      for column in area.column..<area.endColumn { change(&cells[row * size.columns + column].style) }
    }
  }

  /// Marks a rectangle as selected.
  public mutating func select(_ rect: Rect) { restyle(rect) { $0.isSelected = true } }

  /// Blanks the halves of wide characters that drawing in these columns has cut.
  mutating func mend(row: Int, from start: Int, to end: Int) {
    guard end > start else { return }
    let first = row * size.columns
    if start > 0, cells[first + start - 1].width == 2 {
      cells[first + start - 1] = .blank(cells[first + start - 1].style)
    }
    if end < size.columns, cells[first + end].isContinuation {
      cells[first + end] = .blank(cells[first + end].style)
    }
  }
}

/// One cell of a canvas: a character with its combining marks, and a style.
///
/// The marks are stored inline, so that a frame of thousands of cells is one allocation.
public struct Cell: Hashable, Sendable {
  /// The most combining marks that a cell holds; ncurses keeps no more.
  public static let maximumMarks = 4

  /// The marks' scalar values, zero where there is none. First, so that a cell fills 32 bytes and not 48.
  public let marks: SIMD4<UInt32>
  /// The character; a space in the right half of a wide character.
  public let base: Unicode.Scalar
  /// 1 or 2 columns; 0 for the right half of a wide character.
  public let width: UInt8
  public var style: Style

  /// Makes a cell of text that has passed the gate of `SafeText`.
  init(_ base: Unicode.Scalar, marks: SIMD4<UInt32> = .zero, width: UInt8 = 1, style: Style) {
    self.base = base
    self.marks = marks
    self.width = width
    self.style = style
  }

  /// Returns a cell for a character that can't be shown.
  public static func unknown(_ style: Style) -> Cell { Cell("?", style: style) }

  /// Returns an empty cell.
  public static func blank(_ style: Style = .normal) -> Cell { Cell(" ", style: style) }

  /// The right half of the wide character in the cell before.
  static func continuation(_ style: Style) -> Cell { Cell(" ", width: 0, style: style) }

  public var isContinuation: Bool { width == 0 }

  /// Whether terminals disagree on how many columns it takes.
  public var isOfDisputedWidth: Bool {
    // U+036F is the last mark of the Latin, Greek and Cyrillic scripts.
    (base.value >= 0x700 && ScalarKind.isDisputed(base)) || (marks != .zero && marks.max() > 0x36F)
  }

  /// The character with its marks; empty for the right half of a wide character.
  public var text: String {
    guard !isContinuation else { return "" }
    var scalars = String.UnicodeScalarView()
    scalars.append(base)
    for index in 0..<Cell.maximumMarks where marks[index] != 0 {
      if let mark = Unicode.Scalar(marks[index]) { scalars.append(mark) }
    }
    return String(scalars)
  }
}

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
    if title.width(in: charset) > room {
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
