import TestSupport
import Testing

@testable import Screen

@Suite struct CanvasFrameTests {
  private func drawn(_ size: Size, charset: Charset = .utf8, _ draw: (inout Canvas) -> Void) -> [String] {
    var canvas = Canvas(size: size, charset: charset)
    draw(&canvas)
    return (0..<size.rows).map { canvas.text(row: $0) }
  }

  @Test("a box has its title in the top edge")
  func box() {
    let rows = drawn(Size(columns: 12, rows: 3)) { $0.drawFrame($0.bounds, title: "Headers") }
    #expect(rows == ["┌ Headers ─┐", "│          │", "└──────────┘"])
  }

  @Test("a title that is too long is clipped, and its text made safe")
  func longTitle() {
    let rows = drawn(Size(columns: 9, rows: 2)) { $0.drawFrame($0.bounds, title: "\u{1B}]Body") }
    #expect(rows == ["┌ ^[]B… ┐", "└───────┘"])
  }

  @Test("a joined box shares its top edge with the box above")
  func joined() {
    let rows = drawn(Size(columns: 6, rows: 5)) { canvas in
      canvas.drawFrame(Rect(column: 0, row: 0, columns: 6, rows: 3))
      canvas.drawFrame(Rect(column: 0, row: 2, columns: 6, rows: 3), joined: true)
    }
    #expect(rows == ["┌────┐", "│    │", "├────┤", "│    │", "└────┘"])
  }

  @Test("without UTF-8 the lines are ASCII")
  func ascii() {
    let rows = drawn(Size(columns: 5, rows: 3), charset: .ascii) { $0.drawFrame($0.bounds) }
    #expect(rows == ["+---+", "|   |", "+---+"])
  }

  @Test("a box too small to be one is not drawn", arguments: [(0, 0), (1, 5), (5, 0)])
  func tooSmall(_ columns: Int, _ rows: Int) {
    let lines = drawn(Size(columns: 5, rows: 5)) {
      $0.drawFrame(Rect(column: 0, row: 0, columns: columns, rows: rows), title: "x")
    }
    #expect(lines.allSatisfy { $0 == "     " })
  }
}
