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
