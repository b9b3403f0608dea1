import Testing

@testable import Screen

@Suite struct GlyphsTests {
  @Test("every sign is one column wide and passes the gate", arguments: [Charset.utf8, .ascii])
  func oneColumn(_ charset: Charset) {
    for child in Mirror(reflecting: Glyphs.forCharset(charset)).children {
      let sign = String(child.value as? Character ?? "\u{0}")
      #expect(SafeText.plain(sign, charset: charset) == sign, "\(child.label ?? "")")
      #expect(SafeText.width(of: sign, charset: charset) == 1, "\(child.label ?? "")")
    }
  }
}
