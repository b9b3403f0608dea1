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
