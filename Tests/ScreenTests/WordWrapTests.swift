import Testing

@testable import Screen

@Suite struct WordWrapTests {
  private func rows(_ text: String, _ columns: Int, later: Int? = nil, tabs: Tabs = .picture) -> [String] {
    let bytes = Array(text.utf8)
    return SafeText.wrap(bytes[...], columns: columns, later: later, atWords: true, tabs: tabs)
      .map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  @Test("a row ends between words, and a word that is longer than a row is cut")
  func words() {
    #expect(rows("one two three", 7) == ["one two", "three"])
    #expect(rows("one two three", 8) == ["one two", "three"])
    #expect(rows("one twothreefour five", 5) == ["one", "twoth", "reefo", "ur", "five"])
    #expect(rows("", 5) == [""] && rows("abc", 5) == ["abc"] && rows("abcde ", 5) == ["abcde"])
    #expect(rows("a  b", 2) == ["a ", "b"] && rows("        x", 4) == ["    ", "    ", "x"])
  }

  @Test("later rows may be narrower, and wide and marked characters keep together")
  func widths() {
    #expect(rows("one two three four", 9, later: 5) == ["one two", "three", "four"])
    #expect(rows("日本 日本語", 5) == ["日本", "日本", "語"])
    // A blank that carries a mark is no place to cut.
    #expect(
      rows("ab \u{301}cd ef", 6) == ["ab \u{301}cd", "ef"]
        && rows("ab \u{301}cde", 5) == ["ab \u{301}cd", "e"])
    #expect(rows("a\tb c", 4, tabs: .stops) == ["a\t", "b c"])
  }

  @Test("no byte is lost but one blank where a row ends, no row is too wide, and it goes on to the end")
  func fuzz() {
    var random = SystemRandomNumberGenerator()
    let pieces: [[UInt8]] = [
      [0x20], [0x61], [0x61, 0x62, 0x63], Array("日".utf8), Array("\u{301}".utf8), [0x1B], [0xFF], [0x09],
      [0xC3],
    ]
    for _ in 0..<3000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).flatMap { _ in
        pieces.randomElement(using: &random) ?? []
      }
      let columns = Int.random(in: 1...12, using: &random)
      let rows = SafeText.wrap(
        bytes[...], columns: columns, later: max(1, columns - 2), atWords: true, tabs: .stops)
      #expect(!rows.isEmpty)
      var at = 0
      for row in rows {
        let gap = at..<max(at, row.lowerBound)
        #expect(
          gap.count <= 1 && bytes[gap].allSatisfy { $0 == 0x20 } && row.lowerBound >= at,
          "\(bytes) \(columns)")
        at = row.upperBound
        let width = SafeText.width(of: bytes[row], tabs: .stops)
        let isOneGlyph = Array(GlyphReader(bytes[row], tabs: .stops)).count == 1
        #expect(width <= columns || isOneGlyph, "\(bytes) \(columns) \(row)")
      }
      #expect(bytes[at...].allSatisfy { $0 == 0x20 } && bytes.count - at <= 1, "\(bytes) \(columns)")
    }
  }
}
