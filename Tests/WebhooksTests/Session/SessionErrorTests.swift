import Testing
@testable import Webhooks

@Suite struct SessionErrorTests {
  @Test(
    "each error is one sentence that says what is wrong",
    arguments: [
      (.cutOff, "the last line is cut off: what recorded it was stopped while writing"),
      (.tooLong(limit: 5), "the line is longer than 5 bytes: it is not from a session"),
      (.notUTF8, "the line is not UTF-8: give a file that hooktop has recorded"),
      (.notJSON(at: 3), "the line is not JSON from byte 3 on: give a file that hooktop has recorded"),
      (.notAnObject, "the line is not a JSON object: give a file that hooktop has recorded"),
      (.missing(.age), "verdict.age_seconds is missing: expected a number of seconds or null"),
      (.repeated(.kind), "kind appears twice: expected it once"),
      (.unexpected(.kind), "kind can't be read: expected one of delivery, incident, exchange"),
      (
        .badHeaderName(number: 2),
        "the name of header 2 has a character that HTTP does not allow: the line was changed"
      ),
      (
        .badHeaderValue(number: 3),
        "the value of header 3 has a control character, such as NUL or CR, that HTTP does not allow: the line was changed"
      ),
      (.tooManyHeaders(limit: 4), "more than 4 headers: it is not from a session"),
      (
        .verdictDisagrees(status: .valid, reason: .tooOld),
        "verdict.status is valid, but the reason too-old belongs to stale"
      ),
      (
        .bodySize(stated: 3, actual: 2),
        "request.body_size is 3, but the body has 2 bytes: the line was changed"
      ),
    ] as [(SessionError, String)])
  func sentences(error: SessionError, sentence: String) {
    #expect(error.description == sentence)
  }

  @Test(
    "each field has a place of its own in its kind of line, and words for what it holds",
    arguments: SessionField.allCases)
  func fields(field: SessionField) {
    #expect(!field.expectation.isEmpty)
    #expect(SessionField.allCases.filter { $0.path == field.path } == [field])
  }
}
