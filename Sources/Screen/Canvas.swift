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

  /// The cells of one row; empty outside the canvas.
  public func row(_ row: Int) -> ArraySlice<Cell> {
    guard row >= 0, row < size.rows else { return [] }
    return cells[(row * size.columns)..<((row + 1) * size.columns)]
  }

  /// One row as text, for tests and screen dumps.
  public func text(row: Int) -> String { self.row(row).map(\.text).joined() }

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
