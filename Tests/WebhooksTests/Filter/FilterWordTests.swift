import Testing
@testable import Webhooks

@Suite struct FilterWordTests {
  @Test(
    "a text is quoted only where it must be",
    arguments: [
      ("abc", "abc"), ("a-b_c.*?", "a-b_c.*?"), ("", "\"\""), ("a b", "\"a b\""), ("a|b", "\"a|b\""),
      ("(", "\"(\""), ("a=b", "\"a=b\""), ("a\"b", #""a\"b""#), ("a\\b", "a\\b"), ("a\\ b", #""a\\ b""#),
    ])
  func quoting(text: String, quoted: String) {
    #expect(FilterWord.quoted(text) == quoted)
  }

  @Test(
    "a word is split at the first separator outside quotes",
    arguments: [("a=b=c", "a", "b=c"), ("\"a=b\"=c", "a=b", "c"), ("a", "a", nil), ("a=", "a", "")]
      as [(String, String, String?)])
  func splitting(text: String, before: String, after: String?) throws {
    var scanner = FilterScanner(text)
    let parts = try scanner.word().0.split(at: "=")
    #expect(parts.before == before)
    #expect(parts.after?.text == after)
  }

  @Test("a pair of quotation marks with nothing in it is a word, and nothing at all is none")
  func absence() throws {
    var quotes = FilterScanner("\"\"")
    var nothing = FilterScanner(" ")
    #expect(try !quotes.word().0.isAbsent)
    #expect(try nothing.word().0.isAbsent)
  }
}
