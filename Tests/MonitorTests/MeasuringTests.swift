import JSON
import Screen
import TestSupport
import Testing

@testable import Monitor
@testable import Webhooks

/// A line of megabytes is measured in the background, and nothing else of it is read than what is seen.
@Suite("Measuring long lines") struct MeasuringTests {
  private static let texts = [
    String(repeating: "abc def ", count: 3000), String(repeating: "é", count: 9000),
    String(repeating: "漢字", count: 4000), String(repeating: "a\tbc\t", count: 3000),
    String(repeating: "e\u{301}x\u{200D}\u{1B}", count: 3000), String(repeating: "👋🏽 ", count: 3000), "", "x",
  ]

  @Test("the column of each byte and the byte in each column are those of the whole line", arguments: texts)
  func columns(text: String) {
    let bytes = Array(text.utf8)
    // A line is drawn in several runs.
    let runs = [TextRun(bytes[..<(bytes.count / 2)]), TextRun(bytes[(bytes.count / 2)...])]
    let columns = LineColumns(runs, charset: .utf8)
    var width = 0
    for run in runs { width += SafeText.width(of: run.bytes, tabs: .stops(from: width), charset: .utf8) }
    #expect(columns.width == width)
    for column in stride(from: 0, through: width, by: 977) {
      let mark = columns.mark(atColumn: column)
      #expect(mark.column <= column && column - mark.column < 5000 * 10)
      #expect(columns.mark(atByte: mark.offset).offset == mark.offset)
      #expect(
        SafeText.width(of: bytes[..<min(mark.offset, bytes.count / 2)], tabs: .stops, charset: .utf8)
          <= mark.column)
    }
  }

  @Test("measuring ends where it is cancelled")
  func cancelled() {
    var looks = 0
    let runs = [TextRun(Array(repeating: UInt8(ascii: "x"), count: 1 << 20)[...])]
    _ = LineColumns(runs, charset: .utf8) {
      looks += 1
      return true
    }
    #expect(looks == 1)
  }

  private static let line = String(repeating: "word wörd\t", count: 12_000)

  /// A body of one long line in the focused pane, shown as it was sent.
  private func opened() throws -> App {
    var app = try App(columns: 80, rows: 24)
    var request = try Fixture.parlay()
    request.body = Array(Self.line.utf8)
    try app.receive([request])
    app.type("3Z")
    return app
  }

  /// The job that the screen waits for.
  private func job(_ effects: [Effect]) -> Job? {
    for case .run(let job) in effects where job.key == .measure { return job }
    return nil
  }

  @Test("the end of a long line is shown as that of a short one, and from there its start")
  func ends() throws {
    var app = try opened()
    app.type("$")
    let width = SafeText.width(of: Array(Self.line.utf8), tabs: .stops)
    #expect(
      app.model.inspection?.parts[.body]?.viewport.left == width - app.model.layout.inside(.body).columns)
    var canvas = Canvas(size: Size(columns: 78, rows: 1))
    canvas.draw(Array(Self.line.utf8), at: Point(column: 0, row: 0), skipping: width - 78, tabs: .stops)
    #expect(app.frame[2].contains(canvas.text(row: 0).prefix(60)))
    app.type("0")
    #expect(app.model.inspection?.parts[.body]?.viewport.left == 0)
  }

  @Test(
    "the first rows of a long line are there before it has been measured, and so after a change of width")
  func wrapped() throws {
    var app = try opened()
    for message in [Message.key(.character("w")), .resized(Size(columns: 60, rows: 24))] {
      let measure = try #require(job(app.model.update(message, at: Fixture.start)))
      #expect(app.model.awaited.contains(.measure))
      // Another one may be asked for meanwhile: it is not begun.
      _ = app.model.update(.key(.pageDown), at: Fixture.start)
      let (frame, cursor) = (app.frame, app.model.inspection?.parts[.body]?.viewport.cursor)
      #expect(frame[3].contains("word") && cursor?.row ?? 0 > 10)
      app.take(measure.work { 0 })
      #expect(app.frame == frame && !app.model.awaited.contains(.measure))
      app.type("g")
    }
    app.type("$")
    #expect(app.model.inspection?.parts[.body]?.viewport.cursor.row ?? 0 > 1000)
  }

  @Test("the first rows of a long line fit its pane at each width, and the last one has all the rest")
  func firstRows() throws {
    var app = try opened()
    _ = app.model.update(.key(.character("w")), at: Fixture.start)
    for columns in [80, 60] {
      _ = app.model.update(.resized(Size(columns: columns, rows: 24)), at: Fixture.start)
      let part = try #require(app.model.inspection?.parts[.body])
      let ranges = try #require(part.ranges(line: 0, app.model.wrapping(of: .body, part.content)))
      #expect(ranges.count > 500 && ranges.last?.upperBound == Self.line.utf8.count)
      #expect(ranges.dropLast().allSatisfy { $0.count <= columns + 40 } && ranges[0].count > columns / 2)
      #expect(SafeText.width(of: Array(Self.line.utf8)[ranges[1]]) <= columns - 2)
    }
  }

  @Test("in a line that is taller than the pane, the row of the cursor alone is set off")
  func cursor() throws {
    var app = try opened()
    app.type("w")
    func selected() -> [Int] {
      let canvas = view(app.model)
      return (2..<23).filter { canvas[5, $0].style.isSelected }
    }
    #expect(selected() == [2])
    app.type("jj")
    #expect(selected() == [4])
  }

  @Test("an end that is not known yet says so")
  func unknown() throws {
    var app = try opened()
    // In other lines than those that were measured.
    let content = try #require(app.model.inspection?.parts[.body]?.content)
    app.model.inspection?.parts[.body]?.content = content
    let measure = try #require(job(app.model.update(.key(.character("j")), at: Fixture.start)))
    _ = app.model.update(.key(.character("$")), at: Fixture.start)
    #expect(app.frame.last == " This line is still being measured: press $ again")
    app.take(measure.work { 0 })
    app.type("$")
    #expect(app.model.inspection?.parts[.body]?.viewport.left ?? 0 > 1000)
  }

  @Test("a measuring that took too long, or had no room, is not begun again at once")
  func givenUp() throws {
    for message in [Message.overran(.measure), .refused(.measure)] {
      var app = try opened()
      #expect(job(app.model.update(.key(.character("w")), at: Fixture.start)) != nil)
      #expect(job(app.model.update(message, at: Fixture.start)) == nil)
      #expect(!app.model.awaited.contains(.measure))
      let isAsked = job(app.model.update(.key(.character("j")), at: Fixture.start)) != nil
      if case .overran = message { #expect(!isAsked) } else { #expect(isAsked) }
    }
  }
}
