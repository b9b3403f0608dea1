import JSON
import Testing
import Webhooks

@testable import Receiver

@Suite("The head of a request")
struct RequestHeadTests {
  @Test("its summary cuts a long target")
  func summary() {
    #expect(RequestHead(method: "GET", target: "/a", headers: Headers()).summary == "GET /a")
    let long = RequestHead(
      method: "GET", target: ByteString("/" + String(repeating: "a", count: 500)), headers: Headers())
    #expect(long.summary.count == 85)
    #expect(long.summary.hasSuffix("…"))
  }

  @Test("its version is 1.0 or 1.1", arguments: [(0, "1.0"), (1, "1.1")])
  func version(minor: Int, text: String) {
    #expect(RequestHead(minorVersion: minor, headers: Headers()).version == text)
  }
}
