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

  @Test("its version is 1.0 or 1.1", arguments: [(0, .http10), (1, .http11)] as [(Int, Request.Version)])
  func version(minor: Int, version: Request.Version) {
    #expect(RequestHead(minorVersion: minor, headers: Headers()).version == version)
  }
}
