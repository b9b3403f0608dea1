/// A rectangle of cells, with the cuts that layouts are made of; its extent is never negative.
public struct Rect: Hashable, Sendable {
  public let column: Int
  public let row: Int
  public let columns: Int
  public let rows: Int

  /// Makes a rectangle; a negative extent counts as zero.
  public init(column: Int, row: Int, columns: Int, rows: Int) {
    self.column = column
    self.row = row
    self.columns = max(0, columns)
    self.rows = max(0, rows)
  }

  /// The rectangle that covers a whole canvas of the size.
  public init(_ size: Size) {
    self.init(column: 0, row: 0, columns: size.columns, rows: size.rows)
  }

  public var origin: Point { Point(column: column, row: row) }
  public var size: Size { Size(columns: columns, rows: rows) }
  public var isEmpty: Bool { columns == 0 || rows == 0 }

  /// The first column to the right of the rectangle.
  public var endColumn: Int { column + columns }

  /// The first row below the rectangle.
  public var endRow: Int { row + rows }

  public func contains(_ point: Point) -> Bool {
    point.column >= column && point.column < endColumn && point.row >= row && point.row < endRow
  }

  /// Returns the part that both rectangles cover; empty if they do not meet.
  public func intersection(_ other: Rect) -> Rect {
    let left = max(column, other.column)
    let top = max(row, other.row)
    return Rect(
      column: left, row: top,
      columns: min(endColumn, other.endColumn) - left, rows: min(endRow, other.endRow) - top)
  }
}

extension Rect {
  /// Returns the `count` topmost rows, and what is below them.
  public func splitTop(_ count: Int) -> (top: Rect, rest: Rect) {
    let taken = min(max(0, count), rows)
    return (
      Rect(column: column, row: row, columns: columns, rows: taken),
      Rect(column: column, row: row + taken, columns: columns, rows: rows - taken)
    )
  }

  /// Returns what is above the `count` lowest rows, and those rows.
  public func splitBottom(_ count: Int) -> (rest: Rect, bottom: Rect) {
    let halves = splitTop(rows - min(max(0, count), rows))
    return (halves.top, halves.rest)
  }

  /// Returns the `count` leftmost columns, and what is to the right of them.
  public func splitLeft(_ count: Int) -> (left: Rect, rest: Rect) {
    let taken = min(max(0, count), columns)
    return (
      Rect(column: column, row: row, columns: taken, rows: rows),
      Rect(column: column + taken, row: row, columns: columns - taken, rows: rows)
    )
  }

  /// Returns the rectangle without `margin` cells on each of its four sides.
  public func inset(by margin: Int) -> Rect {
    Rect(
      column: column + margin, row: row + margin,
      columns: columns - 2 * margin, rows: rows - 2 * margin)
  }
}

/// A place on a canvas, counted from zero at the top left; it may lie outside the canvas.
public struct Point: Hashable, Sendable {
  public var column: Int
  public var row: Int

  public init(column: Int, row: Int) {
    self.column = column
    self.row = row
  }
}

/// How many columns and rows a terminal or a canvas has; never negative.
public struct Size: Hashable, Sendable {
  public let columns: Int
  public let rows: Int

  /// Makes a size; negative numbers count as zero.
  public init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
  }

  /// True where nothing can be drawn.
  public var isEmpty: Bool { columns == 0 || rows == 0 }
}
