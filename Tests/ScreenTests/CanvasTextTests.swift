import TestSupport
import Testing

@testable import Screen

@Suite struct CanvasTextTests {
  /// Text, width, skipped columns, what is drawn in eight columns, and the columns used.
  static let table: [(String, Int, Int, String, Int)] = [
    ("abc", .max, 0, "abc     ", 3),
    ("abc", 2, 0, "ab      ", 2),
    ("abc", 0, 0, "        ", 0),
    ("abc", -4, 0, "        ", 0),
    ("abcdefghij", .max, 0, "abcdefgh", 8),
    ("abcdefghij", .max, 4, "efghij  ", 6),
    ("abc", .max, 9, "        ", 0),
    ("漢字", 4, 0, "漢字    ", 4),
    ("漢字", 3, 0, "漢>     ", 3),
    ("漢字", 1, 0, ">       ", 1),
    ("漢字", .max, 1, "<字     ", 3),
    ("漢字", 2, 1, "<>      ", 2),
    ("a\rb", .max, 0, "a^Mb    ", 4),
    ("a\rb", .max, 2, "Mb      ", 2),
    ("\u{202E}", 5, 0, "\\u{20   ", 5),
    ("e\u{301}f", 1, 0, "e\u{301}       ", 1),
    ("abce\u{301}f", 4, 0, "abce\u{301}    ", 4),
  ]

  @Test("text is clipped by its width", arguments: table)
  func clipping(_ text: String, _ width: Int, _ skipping: Int, _ expected: String, _ used: Int) {
    var canvas = Canvas(size: Size(columns: 8, rows: 1))
    let result = canvas.draw(text, at: Point(column: 0, row: 0), width: width, skipping: skipping)
    #expect(canvas.text(row: 0) == expected)
    #expect(result == used)
  }

  @Test("runs go on where the one before ended, tab stops and skipped columns too")
  func runs() {
    var canvas = Canvas(size: Size(columns: 12, rows: 1))
    let runs = [TextRun("ab", Style(.jsonKey)), TextRun("\tcd"), TextRun("漢", Style(.match))]
    let used = canvas.draw(runs, at: Point(column: 1, row: 0), skipping: 1, tabs: .stops)
    #expect(canvas.text(row: 0) == " b  cd漢    ")
    #expect(used == 7)
    #expect(canvas[1, 0].style == Style(.jsonKey))
    #expect(canvas[6, 0].style == Style(.match))
    #expect(canvas[7, 0].isContinuation)
  }

  @Test("what lies left of the canvas is cut off")
  func negativeColumn() {
    var canvas = Canvas(size: Size(columns: 4, rows: 1))
    #expect(canvas.draw("abcdef", at: Point(column: -2, row: 0), width: 4) == 4)
    #expect(canvas.text(row: 0) == "cd  ")
  }

  @Test("a picture is drawn in reverse and keeps the selection")
  func inert() {
    var canvas = Canvas(size: Size(columns: 4, rows: 1))
    canvas.draw("a\r", at: Point(column: 0, row: 0), style: Style(.failure, selected: true))
    #expect(canvas[0, 0].style == Style(.failure, selected: true))
    #expect(canvas[1, 0].style == Style(.inert, selected: true))
  }

  @Test("a carriage return can't overwrite a verdict")
  func forgedVerdict() {
    var canvas = Canvas(size: Size(columns: 20, rows: 1))
    canvas.draw("│", at: Point(column: 0, row: 0))
    canvas.draw("BAD SIGNATURE\rgood", at: Point(column: 1, row: 0))
    #expect(canvas.text(row: 0) == "│BAD SIGNATURE^Mgood")
  }
}
