import Testing
@testable import Webhooks

@Suite struct FilterErrorTests {
  @Test(
    "each problem is one sentence that says what is expected",
    arguments: [
      (.missingTerm, "expected a term here, such as type:analysis.* or a word to search for"),
      (.missingText, "expected a text to search for"),
      (
        .unknownKey("foo"),
        """
        foo: is not a filter key: use type, live, sig, provider, id, header, path, endpoint, time, age, size, answer, app, took, \
        attempt, seq, src, cause, or put the text in quotes to search for it
        """
      ),
      (.missingValue(of: .live), "expected true, false or n/a after live:"),
      (.badValue("ok", of: .live), "live:ok is not known: use true, false or n/a"),
      (.openQuote, "this quotation mark is not closed: add a second one"),
      (.badEscape, "in quotes a backslash may only precede another backslash or a quotation mark"),
      (.openParenthesis, "this parenthesis is not closed: add a )"),
      (.unopenedParenthesis, "this parenthesis closes nothing: take it out, or put the text in quotes"),
      (.tooDeep(limit: 100), "more than 100 parentheses inside each other: take some out"),
    ] as [(FilterError.Problem, String)])
  func sentences(problem: FilterError.Problem, sentence: String) {
    #expect(FilterError(problem: problem, column: 0).description == sentence)
  }
}
