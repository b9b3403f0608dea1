import Testing
import Webhooks

@testable import Receiver

@Suite("What becomes of a connection after an answer")
struct PersistenceTests {
  @Test(
    "follows the version and the Connection field",
    arguments: [
      (1, [], Persistence.open), (1, [("Connection", "keep-alive")], .open),
      (1, [("Connection", "close")], .close), (0, [], .close),
      (0, [("Connection", "keep-alive")], .openByRequest),
      (0, [("Connection", "keep-alive, close")], .close), (1, [("Upgrade", "h2c")], .close),
    ] as [(Int, [(String, String)], Persistence)])
  func rules(minor: Int, fields: [(String, String)], due: Persistence) {
    let head = RequestHead(minorVersion: minor, headers: Headers(fields.map { Headers.Field($0.0, $0.1) }))
    #expect(Persistence(head, HeadFacts(head.headers)) == due)
  }

  @Test("a connection that the parser reads no further is closed", arguments: [0, 1])
  func parserStops(minor: Int) {
    let headers = Headers([Headers.Field("Connection", "keep-alive")])
    let head = RequestHead(minorVersion: minor, headers: headers, keepsAlive: false)
    #expect(Persistence(head, HeadFacts(headers)) == .close)
  }
}
