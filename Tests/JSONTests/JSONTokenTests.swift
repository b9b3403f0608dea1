import TestSupport
import Testing

@testable import JSON

@Suite("JSON tokens and escapes")
struct JSONTokenTests {
  private func token(_ text: String) throws -> (JSONToken, [UInt8]) {
    let body = Array(text.utf8)
    return (try JSONLexer.tokens(of: body)[0], body)
  }

  static let strings: [(String, String)] = [
    (#""""#, ""),
    (#""plain é""#, "plain é"),
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
    (#""\u0041\u00e9\u00E9\u20ac\u0000""#, "Aéé€\0"),
    (#""a\ud83d\ude00b""#, "a😀b"),
    (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
    (#""\ud800""#, "\u{FFFD}"),
    (#""\ud800x""#, "\u{FFFD}x"),
    (#""\udc00\ud800""#, "\u{FFFD}\u{FFFD}"),
    (#""\ud800\ud800\udc00""#, "\u{FFFD}\u{10000}"),
    (#""\ud800\n""#, "\u{FFFD}\n"),
    (#""\ud800\u0041""#, "\u{FFFD}A"),
  ]

  @Test("a string stands for its text with escapes resolved", arguments: strings)
  func text(json: String, text: String) throws {
    let (token, body) = try token(json)
    #expect(token.text(in: body.span) == text)
    #expect(token.unescaped(in: body.span) == Array(text.utf8))
  }

  @Test("invalid UTF-8 is kept as bytes and repaired as text")
  func invalidUTF8() throws {
    let body: [UInt8] = [0x22, 0xFF, 0x5C, 0x6E, 0x22]
    let token = try JSONLexer.tokens(of: body)[0]
    #expect(token.unescaped(in: body.span) == [0xFF, 0x0A])
    #expect(token.text(in: body.span) == "\u{FFFD}\n")
  }

  @Test("a token that is no string stands for its own bytes", arguments: ["-0", "1.0", "true", "null"])
  func others(json: String) throws {
    let (token, body) = try token(json)
    #expect(token.text(in: body.span) == json)
    #expect(token.unescaped(in: body.span) == body)
  }
}
