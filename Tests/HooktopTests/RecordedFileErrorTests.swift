import Monitor
import Testing
import Webhooks

@testable import hooktop

struct RecordedFileErrorTests {
  @Test(
    "each error says what to do",
    arguments: [
      (
        .empty(path: "a.ndjson"),
        "no deliveries in a.ndjson: record a session with hooktop --record FILE, and open that"
      ),
      (
        .noSession(path: "a.txt", Loading.SkippedLine(number: 3, error: .notJSON(at: 0))),
        "a.txt is not a recorded session; line 3: the line is not JSON from byte 0 on: give a file that hooktop has recorded"
      ),
      (
        .inputIsTerminal,
        "standard input is the terminal: pipe a stream in, as in ssh -n HOST hooktop tail --json | hooktop open -"
      ),
    ] as [(RecordedFileError, String)])
  func words(error: RecordedFileError, sentence: String) {
    #expect(error.description == sentence)
  }
}
