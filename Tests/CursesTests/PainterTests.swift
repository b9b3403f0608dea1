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

  @Test("a character that a terminal may take for wider is written with the cell after it")
  func covered() {
    #expect(Painter.changed(in: row("ab☀d").row(0), from: row("abcd").row(0)) == 2..<4)
    #expect(Painter.changed(in: row("abcdefghi☀").row(0), from: row("").row(0)) == 0..<10)
  }

  /// A row, what of it is written at once, and what is put into the blanks after that.
  static let rows: [(String, String, [(Int, String)])] = [
    ("ab漢é─✓", "ab漢é─✓", []), ("a👋b", "a  b", [(1, "👋")]), ("a☀bc", "a  c", [(1, "☀"), (2, "b")]),
    ("☀☀漢", "    ", [(0, "☀"), (1, "☀"), (2, "漢")]), ("नe\u{301}", "  ", [(0, "न"), (1, "e\u{301}")]),
    ("x\u{20DD}y", "  ", [(0, "x\u{20DD}"), (1, "y")]),
  ]

  @Test(
    "what terminals take different widths for is put in its place once all else is there", arguments: rows)
  func parted(_ text: String, _ sure: String, _ later: [(Int, String)]) {
    let width = SafeText.width(of: text)
    let parts = Painter.parted(row(text).row(0).prefix(width))
    #expect(parts.sure.map(\.text).joined() == sure)
    #expect(parts.later.map { "\($0.distance) \($0.cell.text)" } == later.map { "\($0) \($1)" })
  }

  @Test("only so many are put in their places one by one; for the others a ? stands in each column")
  func bounded() {
    let parts = Painter.parted(row("a👋👋☀b").row(0).prefix(7), atMost: 1)
    #expect(parts.sure.map(\.text).joined() == "a  ???b")
    #expect(parts.later.map { "\($0.distance) \($0.cell.text)" } == ["1 👋"])
  }

  @Test("where it is not known what is shown, all of a row is written")
  func unknown() {
    #expect(Painter.changed(in: row("a").row(0), from: nil) == 0..<10)
  }
}
