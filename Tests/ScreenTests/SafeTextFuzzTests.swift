import TestSupport
import Testing

@testable import Screen

/// Received bytes of any kind: nothing reaches the screen that could act on it, and nothing leaves its columns.
@Suite("Fuzz: safe text")
struct SafeTextFuzzTests {
  private static let seeds: [[UInt8]] =
    [
      "GET /\u{1B}]0;x\u{7}\r\n", "\u{1B}[2J\u{1B}[1;1H\u{1B}[31mred", "\u{1B}]52;c;aGk=\u{7}",
      "\u{1B}]8;;http://a\u{1B}\\link", "\u{1B}P1$r0m\u{1B}\\", "\u{1B}_x\u{1B}\\\u{1B}^y\u{1B}\\",
      "\u{9B}2J\u{9D}0;x\u{9C}",
      "\u{1B}[200~paste\u{1B}[201~", "\u{1B}[6n\u{1B}[c\u{5}", "a\tb\tc", "漢字カナ한국어",
      "e\u{301}\u{302}\u{303}\u{304}\u{305}",
      "\u{202E}abc\u{202C}\u{2066}d\u{2069}", "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}",
      "\u{1F1E9}\u{1F1EA}",
      "\u{FE0F}\u{FEFF}\u{200B}\u{AD}\u{3164}\u{2028}\u{2029}", "\u{1160}\u{11A8}\u{D7B0}",
      "plain text, and no more",
      "\u{E000}\u{10FFFD}", "\u{0E33}\u{0EB3}\u{0903}",
    ].map { Array($0.utf8) } + [
      [0xFF, 0xFE, 0x00], [0xC0, 0x80, 0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
      [0xE6, 0xBC],
      [0x9B, 0x32, 0x4A], [0xEF, 0xB7, 0x90, 0xEF, 0xBF, 0xBE, 0xF4, 0x8F, 0xBF, 0xBF],
    ]

  private static let pieces: [[UInt8]] =
    [
      "\u{1B}", "[", "]", "\u{7}", "\r", "\n", "\t", "\u{0}", "\u{7F}", "\u{9B}", "\u{301}", "\u{200D}",
      "\u{202E}", "漢",
      "\u{1F469}", "a", " ", "\u{FE0F}", "\u{2028}", "é",
    ].map { Array($0.utf8) } + [[0xCC], [0xE6, 0xBC], [0xF0, 0x9F], [0x80], [0xFF]]

  @Test("nothing that is printed or drawn can act on a terminal, nor leaves its columns or half a character")
  func text() {
    let outcome = Fuzz("safe text").run { round in
      round.input = round.random.input(like: Self.seeds, pieces: Self.pieces, longest: 400)
      let charset: Charset = round.random.isOne(in: 5) ? .ascii : .utf8
      let tabs: Tabs = round.random.isOne(in: 2) ? .stops : .picture
      let plain = SafeText.plain(round.input, charset: charset)
      try Self.expectHarmless(plain, charset, round)
      try Self.expectRows(tabs, charset, &round)
      try Self.expectDrawn(tabs, charset, &round)
      round.count(plain.utf8.elementsEqual(round.input) ? "as sent" : "with pictures")
    }
    #expect(outcome.failure == nil)
    #expect(outcome.reached("as sent", oneIn: 40))
    #expect(outcome.reached("with pictures", oneIn: 4))
  }

  /// Told by Unicode's categories alone: no control, no format character, nothing that is not there.
  private static func expectHarmless(_ text: String, _ charset: Charset, _ round: Fuzz.Round) throws {
    for scalar in text.unicodeScalars where scalar.value >= 0x7F || scalar.value < 0x20 {
      let isHarmless =
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
          false
        default: charset == .utf8 && scalar.value >= 0xA0
        }
      try round.expect(isHarmless, "U+\(String(scalar.value, radix: 16)) comes through")
    }
  }

  private static func expectRows(_ tabs: Tabs, _ charset: Charset, _ round: inout Fuzz.Round) throws {
    let columns = 1 + round.random.number(below: 30)
    let slice = round.input.dropFirst(round.random.number(below: 3))
    let rows = SafeText.wrap(slice, columns: columns, tabs: tabs, charset: charset)
    try round.expect(rows.first?.lowerBound == slice.startIndex, "the first row is \(rows[0])")
    try round.expect(rows.last?.upperBound == slice.endIndex, "the last row is \(rows[rows.count - 1])")
    for (row, next) in zip(rows, rows.dropFirst()) {
      try round.expect(row.upperBound == next.lowerBound, "a gap between the rows \(row) and \(next)")
    }
    for row in rows where SafeText.width(of: slice[row], tabs: tabs, charset: charset) > columns {
      let glyphs = Array(GlyphReader(slice[row], tabs: tabs, charset: charset))
      try round.expect(glyphs.count == 1, "the row \(row) is wider than \(columns) columns")
    }
  }

  private static func expectDrawn(_ tabs: Tabs, _ charset: Charset, _ round: inout Fuzz.Round) throws {
    let size = Size(columns: 1 + round.random.number(below: 30), rows: 1)
    var canvas = Canvas(size: size, charset: charset)
    // What stands there before may be cut in half.
    if charset == .utf8, round.random.isOne(in: 2) {
      canvas.draw("漢字漢字漢字漢字漢字", at: Point(column: round.random.number(below: 4), row: 0))
    }
    let point = Point(column: round.random.number(below: size.columns + 4) - 2, row: 0)
    let width = round.random.number(below: 40)
    let used = canvas.draw(
      round.input, at: point, width: width,
      skipping: round.random.isOne(in: 2) ? 0 : round.random.number(below: 30),
      tabs: tabs)
    try round.expect(0...width ~= used, "\(used) columns used of \(width)")
    let text = canvas.text(row: 0)
    try expectHarmless(text, charset, round)
    try round.expect(
      SafeText.width(of: text) == size.columns, "the row is \(SafeText.width(of: text)) columns wide")
    let cells = Array(canvas.row(0))
    for (index, cell) in cells.enumerated() {
      let isCut = cell.width == 2 && (index + 1 == cells.count || !cells[index + 1].isContinuation)
      let isAlone = cell.isContinuation && (index == 0 || cells[index - 1].width != 2)
      try round.expect(
        !isCut && !isAlone && CorporaTests.isPrintable(cell), "column \(index) holds half a character")
    }
  }
}
