import Testing

@testable import Screen

@Suite struct GlyphReaderTests {
  /// Received bytes and what is drawn for them; `[…]` stands around what is drawn in reverse.
  static let table: [(String, [UInt8], String)] = [
    ("plain text", Array("hooktop 4747 ~".utf8), "hooktop 4747 ~"),
    ("carriage return", Array("BAD\rgood".utf8), "BAD[^M]good"),
    ("backspace", Array("a\u{8}b".utf8), "a[^H]b"),
    ("tab", Array("a\tb".utf8), "a[^I]b"),
    ("line feed", Array("a\nb".utf8), "a[^J]b"),
    ("CR and LF are no grapheme here", Array("\r\n".utf8), "[^M][^J]"),
    ("escape", Array("\u{1B}[2J".utf8), "[^[][2J"),
    ("NUL and unit separator", [0x00, 0x1F], "[^@][^_]"),
    ("delete", [0x7F], "[^?]"),
    ("C1 as UTF-8", Array("\u{9B}2J".utf8), "[\\u{9B}]2J"),
    ("next line", Array("\u{85}".utf8), "[\\u{85}]"),
    ("line and paragraph separator", Array("\u{2028}\u{2029}".utf8), "[\\u{2028}][\\u{2029}]"),
    ("bidi override", Array("\u{202E}x\u{2066}".utf8), "[\\u{202E}]x[\\u{2066}]"),
    ("bidi marks", Array("\u{61C}\u{200E}\u{200F}".utf8), "[\\u{61C}][\\u{200E}][\\u{200F}]"),
    (
      "zero width", Array("a\u{200B}\u{200C}\u{2060}\u{FEFF}".utf8),
      "a[\\u{200B}][\\u{200C}][\\u{2060}][\\u{FEFF}]"
    ),
    ("zero-width joiner", Array("\u{1F469}\u{200D}\u{1F4BB}".utf8), "\u{1F469}[\\u{200D}]\u{1F4BB}"),
    ("tag character", Array("\u{E0041}".utf8), "[\\u{E0041}]"),
    ("soft hyphen", Array("a\u{AD}b".utf8), "a[\\u{AD}]b"),
    ("variation selector", Array("\u{2764}\u{FE0F}".utf8), "\u{2764}[\\u{FE0F}]"),
    ("Hangul filler", Array("\u{3164}".utf8), "[\\u{3164}]"),
    ("private use", Array("\u{E000}\u{F0000}\u{10FFFD}".utf8), "[\\u{E000}][\\u{F0000}][\\u{10FFFD}]"),
    (
      "noncharacters", [0xEF, 0xB7, 0x90, 0xEF, 0xBF, 0xBE, 0xF4, 0x8F, 0xBF, 0xBF],
      "[\\u{FDD0}][\\u{FFFE}][\\u{10FFFF}]"
    ),
    ("unassigned", Array("\u{378}\u{2FFFD}".utf8), "[\\u{378}][\\u{2FFFD}]"),
    ("a mark on a letter", Array("e\u{301}!".utf8), "e\u{301}!"),
    ("a mark on a wide character", Array("漢\u{301}".utf8), "漢\u{301}"),
    ("a mark first", Array("\u{301}e".utf8), "[\\u{301}]e"),
    ("a mark on a picture", Array("\r\u{301}".utf8), "[^M][\\u{301}]"),
    (
      "the fifth mark", Array("e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}x".utf8),
      "e\u{301}\u{302}\u{303}\u{304}[\\u{305}][\\u{306}]x"
    ),
    ("a Hangul syllable in parts", Array("\u{1112}\u{1161}\u{11AB}".utf8), "\u{1112}\u{1161}\u{11AB}"),
    ("a lone continuation byte", [0x61, 0x80, 0x62], "a[\\x80]b"),
    ("a cut sequence", [0xE6, 0xBC], "[\\xE6][\\xBC]"),
    ("a sequence broken by a letter", [0xE6, 0xBC, 0x61], "[\\xE6][\\xBC]a"),
    ("overlong slash", [0xC0, 0xAF], "[\\xC0][\\xAF]"),
    ("overlong in three bytes", [0xE0, 0x80, 0xAF], "[\\xE0][\\x80][\\xAF]"),
    ("overlong in four bytes", [0xF0, 0x82, 0x82, 0xAC], "[\\xF0][\\x82][\\x82][\\xAC]"),
    ("a surrogate", [0xED, 0xA0, 0x80], "[\\xED][\\xA0][\\x80]"),
    ("beyond Unicode", [0xF4, 0x90, 0x80, 0x80], "[\\xF4][\\x90][\\x80][\\x80]"),
    ("bytes that no UTF-8 has", [0xFE, 0xFF], "[\\xFE][\\xFF]"),
  ]

  static func drawn(_ bytes: [UInt8], charset: Charset = .utf8) -> String {
    GlyphReader(bytes[...], charset: charset).map { $0.isPicture ? "[\($0.text)]" : $0.text }.joined()
  }

  @Test("hostile text is drawn as pictures, the rest as it is", arguments: table)
  func pictures(_ name: String, _ bytes: [UInt8], _ expected: String) {
    #expect(Self.drawn(bytes).unicodeScalars.elementsEqual(expected.unicodeScalars), "\(name)")
  }

  @Test("without UTF-8 everything beyond ASCII is a picture")
  func ascii() {
    #expect(Self.drawn(Array("é漢e\u{301}".utf8), charset: .ascii) == "[\\u{E9}][\\u{6F22}]e[\\u{301}]")
  }

  @Test("a tab in a body fills up to the next multiple of four columns")
  func tabStops() {
    let glyphs = Array(GlyphReader(Array("\tab\t漢\té".utf8), tabs: .stops))
    #expect(glyphs.map(\.width) == [4, 1, 1, 2, 2, 2, 1])
    #expect(glyphs.filter { $0.form == .blanks }.map(\.text) == ["    ", "  ", "  "])
    #expect(Array(GlyphReader(Array("\t".utf8), tabs: .stops(from: 3))).map(\.width) == [1])
  }

  @Test("ranges are the slice's own indices and follow each other", arguments: table)
  func ranges(_ name: String, _ bytes: [UInt8], _ expected: String) {
    let padded = [UInt8](repeating: 0x20, count: 3) + bytes
    var end = 3
    for glyph in GlyphReader(padded[3...]) {
      #expect(glyph.byteRange.lowerBound == end, "\(name)")
      end = glyph.byteRange.upperBound
    }
    #expect(end == padded.count, "\(name)")
  }

  @Test("a glyph is as wide as its picture", arguments: table)
  func widths(_ name: String, _ bytes: [UInt8], _ expected: String) {
    for glyph in GlyphReader(bytes) where glyph.isPicture {
      #expect(glyph.width == glyph.text.utf8.count, "\(name)")
    }
  }
}

extension Glyph {
  /// Whether it is a picture of what can't be shown, which is drawn in reverse.
  fileprivate var isPicture: Bool { form == .caret || form == .escape || form == .byte }
}
