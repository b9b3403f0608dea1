import TestSupport
import Testing

@testable import Screen

@Suite struct SafeTextTests {
  @Test(
    "width counts columns, pictures included",
    arguments: [
      ("", 0), ("abc", 3), ("漢字", 4), ("e\u{301}", 1), ("\r", 2), ("\u{202E}", 8), ("✓ ok", 4),
    ])
  func widths(_ text: String, _ columns: Int) {
    #expect(SafeText.width(of: text) == columns)
  }

  @Test("plain text can be printed: it has no control character left")
  func plain() {
    #expect(SafeText.plain("GET /\u{1B}]0;x\u{7}\r\n") == "GET /^[]0;x^G^M^J")
    #expect(SafeText.plain([0x61, 0xFF]) == "a\\xFF")
    #expect(SafeText.plain("漢", charset: .ascii) == "\\u{6F22}")
    #expect(SafeText.plain("already plain") == "already plain")
  }

  @Test("a collection that is not contiguous passes the same gate")
  func notContiguous() {
    let bytes = [Array("a\r".utf8), Array("b".utf8)].joined()
    #expect(SafeText.plain(Array("a\rb".utf8).lazy.map { $0 }) == "a^Mb")
    #expect(SafeText.width(of: Array(bytes)) == 4)
  }

  static let wraps: [(String, Int, [String])] = [
    ("", 5, [""]),
    ("abcde", 5, ["abcde"]),
    ("abcdef", 5, ["abcde", "f"]),
    ("漢字漢", 3, ["漢", "字", "漢"]),
    ("漢", 1, ["漢"]),
    ("ab\u{202E}c", 5, ["ab", "\u{202E}", "c"]),
    ("abe\u{301}f", 3, ["abe\u{301}", "f"]),
    ("abc", 0, ["a", "b", "c"]),
  ]

  @Test("text wraps between glyphs", arguments: wraps)
  func wrapping(_ text: String, _ columns: Int, _ rows: [String]) {
    let bytes = Array(text.utf8)
    let ranges = SafeText.wrap(bytes[...], columns: columns)
    #expect(ranges.map { String(decoding: bytes[$0], as: UTF8.self) } == rows)
  }

  @Test("a tab that starts a wrapped row counts from there")
  func wrappedTabs() {
    let bytes = Array("abcde\tf".utf8)
    #expect(SafeText.wrap(bytes[...], columns: 5, tabs: .stops) == [0..<5, 5..<7])
  }

  @Test("wrapped rows cover every byte once and fit, whatever the bytes", arguments: 0..<300)
  func wrapsAnything(_ seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let bytes = random.hostileBytes(count: random.number(below: 200))
    let slice = bytes.dropFirst(random.number(below: 3))
    let columns = 1 + random.number(below: 20)
    let tabs: Tabs = seed % 2 == 0 ? .stops : .picture
    let rows = SafeText.wrap(slice, columns: columns, tabs: tabs)

    #expect(rows.first?.lowerBound == slice.startIndex)
    #expect(rows.last?.upperBound == slice.endIndex)
    for (row, next) in zip(rows, rows.dropFirst()) { #expect(row.upperBound == next.lowerBound) }
    for row in rows {
      let width = SafeText.width(of: bytes[row], tabs: tabs)
      #expect(width <= columns || Array(GlyphReader(bytes[row], tabs: tabs)).count == 1)
    }
  }
}
