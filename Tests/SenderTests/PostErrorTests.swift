import Testing

@testable import Sender

@Suite struct PostErrorTests {
  @Test(
    "each error says what happened and what to do",
    arguments: [
      (.notAURL("x"), #""x" is not a web address: give --to as http://HOST:PORT or https://HOST"#, true),
      (.nothingListens(url: "U"), "nothing listens at U: start hooktop first, or give --to", true),
      (.unknownHost(url: "U"), "the host of U has no address: check its spelling and the network", true),
      (
        .connectTimedOut(url: "U", seconds: 5),
        "no connection to U within 5 s: check the address, and the firewall between", true
      ),
      (
        .answerTimedOut(url: "U", seconds: 30),
        "no answer from U within 30 s: see what the receiver does with the delivery", false
      ),
      (
        .closedEarly(url: "U"), "U closed the connection without an answer: see the receiver's log", false
      ),
      (
        .untrusted(url: "U", detail: "D"),
        "no trusted TLS connection to U (D): check the port, and name the certificate that it has with --cacert",
        true
      ),
      (
        .unsendableHeader(detail: "D"),
        "a header can't be sent over HTTP (D): take it out of the delivery", false
      ),
      (.cancelled, "stopped before an answer came: send it again", false),
      (
        .other(url: "U", detail: "D"), "posting to U failed (D): check the address and try again", false
      ),
    ] as [(PostError, String, Bool)])
  func words(error: PostError, words: String, isAboutTheAddress: Bool) {
    #expect(error.description == words)
    #expect(error.isAboutTheAddress == isAboutTheAddress)
  }
}
