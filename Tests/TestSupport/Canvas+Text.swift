public import Screen

extension Canvas {
  /// One row as text.
  public func text(row: Int) -> String { self.row(row).map(\.text).joined() }
}
