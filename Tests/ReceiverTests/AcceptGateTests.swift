import Glibc
import NIOCore
import NIOEmbedded
import Testing
import Webhooks

@testable import Receiver

@Suite("Accepting connections")
struct AcceptGateTests {
  @Test("pauses at the limit, is told of once, and goes on when one closes")
  func limit() throws {
    var limits = HTTPServer.Limits()
    limits.connections = 8
    let bench = try Bench(limits: limits)
    let first = try (0..<8).map { _ in try bench.client() }
    for client in first {
      client.send(Samples.post())
      #expect(statuses(client.answers()) == [200])
    }
    let waiting = try (0..<2).map { _ in try bench.client() }
    for client in waiting { client.send(Samples.post()) }
    first[0].send(Samples.post())
    #expect(statuses(first[0].answers()) == [200])
    #expect(bench.ring.deliveries.count == 9)
    #expect(bench.ring.reasons == [.tooManyConnections])
    // Only so many that it is still near the limit.
    for client in first.prefix(2) { client.close() }
    for client in waiting { #expect(statuses(client.answers()) == [200]) }
    #expect(bench.ring.reasons == [.tooManyConnections])
  }

  @Test("goes on after a pause when descriptors run out, and is told of once")
  func descriptors() throws {
    let ring = Journal()
    let channel = EmbeddedChannel(handler: AcceptGate(limits: .init(), service: Samples.intake(ring)))
    var isReading: Bool {
      channel.options.last { $0.option is ChannelOptions.Types.AutoReadOption }?.value as? Bool ?? true
    }
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    for _ in 0..<3 { channel.pipeline.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept")) }
    #expect(!isReading)
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(99))
    #expect(!isReading)
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
    #expect(isReading)
    #expect(ring.reasons == [.tooManyConnections])
  }
}
