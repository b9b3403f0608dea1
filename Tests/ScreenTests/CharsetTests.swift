import Testing

@testable import Screen

@Suite struct CharsetTests {
  @Test("a canvas draws with the signs that its character set has")
  func signs() {
    #expect(Canvas(size: Size(columns: 1, rows: 1), charset: .ascii).glyphs == .ascii)
    #expect(Canvas(size: Size(columns: 1, rows: 1)).glyphs == .unicode)
  }

  @Test(
    "the name of a locale says whether it is UTF-8",
    arguments: [
      ("C.UTF-8", true), ("en_US.utf8", true), ("UTF-8", true), ("C", false), ("de_DE.ISO-8859-1", false),
      ("", false), ("sr_RS.UTF-8@latin", true),
    ])
  func names(_ name: String, _ isUTF8: Bool) {
    #expect(Charset.namesUTF8(name) == isUTF8)
  }
}
