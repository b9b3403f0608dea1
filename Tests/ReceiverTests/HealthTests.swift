import JSON
import NIOEmbedded
import Testing
import Webhooks

@testable import Receiver

@Suite("Whether a receiver is ready")
struct HealthTests {
  private func answers(to request: String, _ ring: Journal) throws -> String {
    let channel = try Samples.channel(Samples.intake(ring))
    try channel.receive(request)
    let text = try channel.written()
    _ = try? channel.finish(acceptAlreadyClosed: true)
    return text
  }

  @Test("is said with the count of what was received, and is neither a delivery nor an incident")
  func ready() throws {
    let ring = Journal()
    let channel = try Samples.channel(Samples.intake(ring))
    try channel.receive(Samples.post(Samples.body))
    _ = try channel.written()
    for target in ["/.hooktop/health", "/.hooktop/health?again=1"] {
      try channel.receive("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
      let text = try channel.written()
      #expect(statuses(text) == [200])
      #expect(text.hasSuffix("\r\n\r\n" + #"{"status":"ready","received":1}"#))
      #expect(text.contains("Content-Type: application/json\r\n"))
    }
    #expect(ring.counts.received == 1 && ring.counts.incidents == 0)
    _ = try? channel.finish(acceptAlreadyClosed: true)
  }

  @Test("HEAD is answered with the same head and no body")
  func head() throws {
    let text = try answers(to: "HEAD /.hooktop/health HTTP/1.1\r\nHost: a\r\n\r\n", Journal())
    #expect(statuses(text) == [200])
    #expect(text.hasSuffix("Content-Length: 31\r\n\r\n"))
  }

  @Test(
    "no other path and no other method asks for it",
    arguments: [
      "GET /.hooktop/health/ HTTP/1.1", "GET /.hooktop/healthy HTTP/1.1", "GET / HTTP/1.1",
      "GET //.hooktop/health HTTP/1.1", "PUT /.hooktop/health HTTP/1.1", "get /.hooktop/health HTTP/1.1",
    ])
  func others(line: String) throws {
    let ring = Journal()
    let text = try answers(to: "\(line)\r\nHost: a\r\n\r\n", ring)
    #expect([[405], [400]].contains(statuses(text)), "\(text)")
    #expect(ring.counts.received == 0 && ring.counts.incidents == 1)
  }

  @Test("a POST to its path is a delivery like any other")
  func delivery() throws {
    let ring = Journal()
    let channel = try Samples.channel(Samples.intake(ring))
    try channel.receive(Samples.post(Samples.body, target: Health.path))
    #expect(statuses(try channel.written()) == [200])
    #expect(ring.deliveries.map(\.request.target) == [ByteString(Health.path)])
    _ = try? channel.finish(acceptAlreadyClosed: true)
  }
}
