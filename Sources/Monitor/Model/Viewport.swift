/// Where the user stands in a pane's lines: the cursor, the first visible row, and how far it is scrolled sideways.
struct Viewport: Sendable, Equatable {
  /// A row on the screen: a line, and which of the rows that it is wrapped into.
  struct Place: Sendable, Equatable, Comparable {
    var line = 0
    var row = 0

    static func < (left: Place, right: Place) -> Bool {
      (left.line, left.row) < (right.line, right.row)
    }
  }

  private(set) var cursor = Place()
  private(set) var top = Place()
  private(set) var left = 0

  /// The extent of what is shown: how many lines, how many rows each takes, and how many rows are visible.
  struct Extent {
    let lineCount: Int
    let height: Int
    let rowsOfLine: (Int) -> Int
  }

  mutating func move(by rows: Int, in extent: Extent) {
    cursor = Self.place(rows, from: cursor, in: extent)
    keepVisible(extent)
  }

  /// Moves the visible part by rows, and the cursor to its first row.
  mutating func scroll(by rows: Int, in extent: Extent) {
    top = Self.place(rows, from: top, in: extent)
    cursor = top
    keepVisible(extent)
    cursor = top
  }

  mutating func moveToStart() {
    cursor = Place()
    top = Place()
  }

  mutating func moveToEnd(_ extent: Extent) {
    let line = max(0, extent.lineCount - 1)
    cursor = Place(line: line, row: extent.lineCount > 0 ? extent.rowsOfLine(line) - 1 : 0)
    keepVisible(extent)
  }

  mutating func move(toLine line: Int, in extent: Extent) {
    cursor = Place(line: min(max(0, line), max(0, extent.lineCount - 1)))
    keepVisible(extent)
  }

  /// Brings a place into view: a row where lines are wrapped, else a column of a line.
  mutating func reveal(_ place: Place, column: Int, columns: Int, in extent: Extent) {
    cursor = Self.inside(place, extent)
    keepVisible(extent)
    if column < left || column >= left + columns - 1 { left = max(0, column - columns / 3) }
  }

  /// Shows a place at the top, and so many columns of its lines left out; the cursor goes as near to its own place as is
  /// seen.
  mutating func show(_ top: Place, cursor: Place, left: Int, in extent: Extent) {
    self.top = Self.inside(top, extent)
    self.left = max(0, left)
    let lowest = Self.place(max(1, extent.height) - 1, from: self.top, in: extent)
    self.cursor = max(self.top, min(Self.inside(cursor, extent), lowest))
    keepVisible(extent)
  }

  mutating func scroll(sideways columns: Int, atMost most: Int = .max) {
    left = min(max(0, most), max(0, left + columns))
  }

  /// Brings both places back inside after the lines have changed.
  mutating func clamp(to extent: Extent) {
    cursor = Self.inside(cursor, extent)
    top = Self.inside(top, extent)
    keepVisible(extent)
  }

  /// Stays on the same lines where others have come before `line`, or in its place.
  mutating func shift(by count: Int, from line: Int) {
    if cursor.line >= line { cursor.line += count }
    if top.line >= line { top.line += count }
  }

  private mutating func keepVisible(_ extent: Extent) {
    if cursor < top { top = cursor }
    let highest = Self.place(-(max(1, extent.height) - 1), from: cursor, in: extent)
    if top < highest { top = highest }
    // No empty rows below the last line while there is something above.
    let lastTop = Self.place(
      -(max(1, extent.height) - 1), from: Self.inside(Place(line: .max, row: .max), extent), in: extent)
    if lastTop < top { top = lastTop }
  }

  private static func inside(_ place: Place, _ extent: Extent) -> Place {
    guard extent.lineCount > 0 else { return Place() }
    let line = min(max(0, place.line), extent.lineCount - 1)
    return Place(line: line, row: min(max(0, place.row), extent.rowsOfLine(line) - 1))
  }

  /// The place `rows` rows further down (up where negative), or the last one there is.
  private static func place(_ rows: Int, from start: Place, in extent: Extent) -> Place {
    guard extent.lineCount > 0 else { return Place() }
    var place = inside(start, extent)
    var left = rows
    while left > 0 {
      let rowsBelow = extent.rowsOfLine(place.line) - 1 - place.row
      if left <= rowsBelow { return Place(line: place.line, row: place.row + left) }
      guard place.line + 1 < extent.lineCount else {
        return Place(line: place.line, row: place.row + rowsBelow)
      }
      left -= rowsBelow + 1
      place = Place(line: place.line + 1)
    }
    while left < 0 {
      if -left <= place.row { return Place(line: place.line, row: place.row + left) }
      guard place.line > 0 else { return Place() }
      left += place.row + 1
      place = Place(line: place.line - 1, row: extent.rowsOfLine(place.line - 1) - 1)
    }
    return place
  }
}
