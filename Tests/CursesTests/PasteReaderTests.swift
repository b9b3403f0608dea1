import Testing

@testable import Curses

struct PasteReaderTests {
  private static let end = "\u{1B}[201~"

  @Test(
    "the text is all that stands before the end mark",
    arguments: [
      "": "", "secret": "secret", "a\rb\n": "a\nb\n", "\u{1B}[201": "\u{1B}[201",
      "\u{1B}\u{1B}[20\u{1B}[201": "\u{1B}\u{1B}[20\u{1B}[201", "\u{1B}[200~": "\u{1B}[200~",
      "日本\u{1F600}": "日本\u{1F600}",
    ])
  func text(sent: String, text: String) {
    var reader = PasteReader()
    #expect(reader.take(sent) == nil)
    #expect(reader.take(Self.end) == text)
  }

  @Test("a key in the middle of what looks like the end mark is not part of one")
  func key() {
    var reader = PasteReader()
    #expect(reader.take("x\u{1B}[20") == nil)
    reader.takeKey()
    #expect(reader.take("1~") == nil)
    #expect(reader.take(Self.end) == "x\u{1B}[201~")
  }

  @Test("a paste that is too long is cut between characters, and its end is still seen")
  func limit() throws {
    var reader = PasteReader()
    #expect(reader.take(String(repeating: "x", count: PasteReader.limit - 1)) == nil)
    #expect(reader.take("é") == nil)
    let taken = reader.take(Self.end)
    let text = try #require(taken)
    #expect(text.utf8.count == PasteReader.limit - 1)
    #expect(text.utf8.last == UInt8(ascii: "x"))
  }
}

extension PasteReader {
  /// Takes characters one by one; gives the text where one of them completes it.
  fileprivate mutating func take(_ text: String) -> String? {
    var result: String?
    for scalar in text.unicodeScalars { result = take(scalar) ?? result }
    return result
  }
}
