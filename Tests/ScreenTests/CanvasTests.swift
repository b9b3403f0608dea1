import TestSupport
import Testing

@testable import Screen

@Suite struct CanvasTests {
  @Test("outside the canvas there are blanks, and nothing can be drawn")
  func outside() {
    var canvas = Canvas(size: Size(columns: 3, rows: 2))
    canvas.fill(Rect(column: -5, row: -5, columns: 6, rows: 6), Style(.bar))
    #expect(canvas[0, 0].style == Style(.bar))
    #expect(canvas[1, 0] == .blank())
    #expect(canvas[-1, 0] == .blank())
    #expect(canvas[0, 2] == .blank())
    #expect(canvas.row(2).isEmpty)
  }

  @Test("a wide character that is half overwritten leaves a blank, not half a character")
  func mending() {
    var canvas = Canvas(size: Size(columns: 6, rows: 1))
    canvas.draw("漢字漢", at: Point(column: 0, row: 0))
    canvas.draw("x", at: Point(column: 1, row: 0))
    #expect(canvas.text(row: 0) == " x字漢")
    canvas.draw("y", at: Point(column: 2, row: 0))
    #expect(canvas.text(row: 0) == " xy 漢")
    canvas.fill(Rect(column: 4, row: 0, columns: 1, rows: 1))
    #expect(canvas.text(row: 0) == " xy   ")
  }

  @Test("selecting a row keeps what is drawn and its roles")
  func selecting() {
    var canvas = Canvas(size: Size(columns: 4, rows: 2))
    canvas.draw("bad", at: Point(column: 0, row: 1), style: Style(.failure))
    canvas.select(Rect(column: 0, row: 1, columns: 99, rows: 1))
    #expect(canvas[0, 1].style == Style(.failure, selected: true))
    #expect(canvas[3, 1].style == Style(.normal, selected: true))
    #expect(canvas[0, 0].style == .normal)
    #expect(canvas.text(row: 1) == "bad ")
  }

  @Test("no drawing leaves the canvas or half a character, whatever the place and size", arguments: 0..<400)
  func anything(_ seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let size = Size(columns: random.number(below: 12), rows: random.number(below: 4))
    var canvas = Canvas(size: size, charset: seed % 5 == 0 ? .ascii : .utf8)
    for _ in 0..<20 { drawAnything(on: &canvas, &random) }
    #expect(canvas.cells.count == size.columns * size.rows)
    for row in 0..<size.rows { expectWhole(Array(canvas.row(row))) }
  }

  private func drawAnything(on canvas: inout Canvas, _ random: inout SeededRandom) {
    let point = Point(column: random.number(below: 20) - 6, row: random.number(below: 8) - 3)
    let bytes = random.hostileBytes(count: random.number(below: 30))
    let width = random.number(below: 16) - 1
    switch random.number(below: 4) {
    case 0:
      let rect = Rect(column: point.column, row: point.row, columns: width, rows: random.number(below: 5))
      canvas.drawFrame(rect, title: [TextRun(bytes[...])], joined: Bool.random(using: &random))
    case 1:
      canvas.fill(Rect(column: point.column, row: point.row, columns: width, rows: 2))
    case 2:
      let runs = [TextRun(bytes[...], Style(.match)), TextRun("漢\t字")]
      let used = canvas.draw(runs, at: point, skipping: random.number(below: 9), tabs: .stops)
      #expect(used >= 0)
    default:
      let used = canvas.draw(bytes, at: point, width: width, skipping: random.number(below: 9), tabs: .stops)
      #expect(used >= 0 && used <= max(0, width))
    }
  }

  /// Every wide character has its right half, and no right half stands alone.
  private func expectWhole(_ cells: [Cell]) {
    for (index, cell) in cells.enumerated() {
      let next = index + 1 < cells.count ? cells[index + 1] : nil
      #expect((cell.width == 2) == (next?.isContinuation ?? false))
      #expect(index > 0 || !cell.isContinuation)
      #expect(CorporaTests.isPrintable(cell))
    }
  }
}
