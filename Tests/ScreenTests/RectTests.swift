import Testing

@testable import Screen

@Suite struct RectTests {
  private let rect = Rect(column: 2, row: 1, columns: 10, rows: 5)

  @Test("a cut gives two parts that make up the whole", arguments: [-3, 0, 1, 4, 5, 10, 99])
  func splits(_ count: Int) {
    let (top, below) = rect.splitTop(count)
    #expect(top.rows + below.rows == rect.rows && below.row == top.endRow)
    let (above, bottom) = rect.splitBottom(count)
    #expect(bottom.rows == min(max(0, count), 5) && bottom.row == above.endRow)
    let (left, remainder) = rect.splitLeft(count)
    #expect(left.columns + remainder.columns == rect.columns && remainder.column == left.endColumn)
  }

  @Test("nothing has a negative extent")
  func neverNegative() {
    #expect(Rect(column: 0, row: 0, columns: -1, rows: -2).size == Size(columns: 0, rows: 0))
    #expect(rect.inset(by: 3).rows == 0)
    #expect(rect.intersection(Rect(column: 50, row: 50, columns: 1, rows: 1)).isEmpty)
    #expect(Size(columns: -1, rows: 3).isEmpty)
  }

  @Test("an inset leaves a margin on each side")
  func inset() {
    #expect(rect.inset(by: 1) == Rect(column: 3, row: 2, columns: 8, rows: 3))
  }

  @Test("a point on the far edge is outside")
  func contains() {
    #expect(rect.contains(Point(column: 2, row: 1)))
    #expect(rect.contains(Point(column: 11, row: 5)))
    #expect(!rect.contains(Point(column: 12, row: 5)))
    #expect(!rect.contains(Point(column: 11, row: 6)))
  }
}
