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
      (1, [("Proxy-Connection", "close")], .close), (0, [("Proxy-Connection", "keep-alive")], .close),
    ] as [(Int, [(String, String)], Persistence)])
  func rules(minor: Int, fields: [(String, String)], due: Persistence) {
    let head = RequestHead(minorVersion: minor, headers: Headers(fields.map { Headers.Field($0.0, $0.1) }))
    #expect(Persistence(head) == due)
  }
}
