import Testing
@testable import Webhooks

@Suite struct FilterScannerTests {
  @Test(
    "a word reaches to a space, a bar or a parenthesis outside quotes",
    arguments: [
      ("abc def", "abc", 3), ("a|b", "a", 1), ("a(b", "a", 1), ("a)b", "a", 1), ("a\u{A0}b", "a", 1),
      ("\"a b|(c)\"d e", "a b|(c)d", 10), ("\"\\\"\\\\\"", "\"\\", 6), ("a\"b\"", "ab", 4), ("", "", 0),
    ])
  func words(text: String, word: String, end: Int) throws {
    var scanner = FilterScanner(text)
    let (found, _) = try scanner.word()
    #expect(found.text == word)
    #expect(scanner.offset == end)
  }

  @Test(
    "a separator ends a word unless it stands in quotes or the word begins with them",
    arguments: [
      ("type:a", "type", true), ("\"a\":b", "a:b", false), ("a\":\"b", "a:b", false), ("a", "a", false),
    ])
  func separator(text: String, word: String, isFound: Bool) throws {
    var scanner = FilterScanner(text)
    let (found, ended) = try scanner.word(upTo: ":")
    #expect(found.text == word)
    #expect(ended == isFound)
  }

  @Test("columns count what a user sees as one character")
  func columns() {
    let scanner = FilterScanner("e\u{301}👨‍👩‍👧x")
    #expect([0, 1, 2, 6, 7, 8].map { scanner.fault(.missingTerm, at: $0).column } == [0, 0, 1, 1, 2, 3])
  }
}
