import Screen
import Testing

@testable import Curses

@Suite("Painter") struct PainterTests {
  private func row(_ text: String) -> Canvas {
    var canvas = Canvas(size: Size(columns: 10, rows: 1))
    canvas.draw(text, at: Point(column: 0, row: 0))
    return canvas
  }

  @Test(
    "of a row, what lies between the first and the last change is written, wide characters whole",
    arguments: [
      ("abcdef", "abcdef", nil), ("abcdef", "abXdef", 2..<3), ("abcdef", "aXcdXf", 1..<5),
      ("", "漢字", 0..<4), ("漢字", "漢宇", 2..<3), ("a漢", "ab漢", 1..<4), ("漢", "ab", 0..<2),
      ("ab漢d", "ab ｘd", 2..<6), ("abcdefghij", "abcdefghiX", 9..<10),
    ] as [(String, String, Range<Int>?)])
  func changed(old: String, new: String, expected: Range<Int>?) {
    #expect(Painter.changed(in: row(new).row(0), from: row(old).row(0)) == expected)
  }

  @Test("where it is not known what is shown, all of a row is written")
  func unknown() {
    #expect(Painter.changed(in: row("a").row(0), from: nil) == 0..<10)
  }
}
