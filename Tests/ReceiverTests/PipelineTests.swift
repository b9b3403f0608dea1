import NIOCore
import NIOEmbedded
import Testing
import Webhooks

@testable import Receiver

@Suite("The handlers of a connection")
struct PipelineTests {
  @Test(
    "a peer is named by address and port",
    arguments: [("127.0.0.1", "127.0.0.1:80"), ("::1", "[::1]:80")])
  func names(host: String, name: String) throws {
    #expect(Pipeline.name(try SocketAddress(ipAddress: host, port: 80)) == name)
  }

  @Test("a peer that is gone has no name")
  func noName() {
    #expect(Pipeline.name(nil) == "")
  }

  @Test("the limits of the header are kept to")
  func headerLimits() throws {
    var limits = HTTPServer.Limits()
    limits.headerField = 100
    limits.headerBlock = 200
    limits.headerFields = 4
    func status(_ fields: [String]) throws -> [Int] {
      let channel = try Samples.channel(Samples.intake(Journal()), limits: limits)
      try channel.receive(Samples.post(fields: fields))
      return statuses(try channel.written())
    }
    let long = String(repeating: "a", count: 90)
    #expect(try status(["A: b"]) == [200])
    #expect(try status(["A: b", "C: d", "E: f"]) == [431])
    #expect(try status(["A: \(long)\(long)"]) == [431])
    #expect(try status(["B: \(long)"]) == [200])
    #expect(try status(["B: \(long)", "C: \(long)"]) == [431])
  }
}
