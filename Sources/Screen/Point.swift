/// A place on a canvas, counted from zero at the top left; it may lie outside the canvas.
public struct Point: Hashable, Sendable {
  public var column: Int
  public var row: Int

  public init(column: Int, row: Int) {
    self.column = column
    self.row = row
  }
}
