import NIOCore
import NIOEmbedded
import Testing
import Webhooks

@testable import Receiver

@Suite("The gate before a handshake")
struct HandshakeGateTests {
  private let ring = Journal()

  private func channel() throws -> EmbeddedChannel {
    let channel = EmbeddedChannel()
    let peer = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
    channel.remoteAddress = peer
    let tls = try TLSIdentity.selfSigned(host: "127.0.0.1").context
    let server = Connection.Surroundings(
      limits: .init(), maxBody: 100, service: Samples.intake(ring), bodies: BodyBudget(limit: 1000))
    let pipeline = Pipeline(server: server, tls: tls)
    try pipeline.addHandlers(to: channel)
    try channel.connect(to: peer).wait()
    return channel
  }

  private func advance(_ channel: EmbeddedChannel, seconds: Int64) {
    channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
  }

  private func details() -> [String] { ring.everything.incidents.map(\.detail) }

  @Test(
    "plain HTTP is closed without an answer, and told what to do",
    arguments: ["POST / HTTP/1.1\r\n", "GET /", "\r\nPOST /"])
  func plain(bytes: String) throws {
    let channel = try channel()
    for byte in bytes.utf8 where channel.isActive { try channel.receive([byte]) }
    #expect(!channel.isActive)
    #expect(try channel.written() == "")
    #expect(ring.reasons == [.notHTTP])
    #expect(details() == ["plain HTTP on the TLS port: use https:// in the sender's URL"])
    #expect(ring.everything.incidents[0].peer == "127.0.0.1:1")
  }

  @Test(
    "noise is closed without an answer",
    arguments: ["SSH-2.0-x\r\n", "\u{0}", "{}", "PRI * HTTP/2.0", "POST\u{16}"])
  func noise(bytes: String) throws {
    let channel = try channel()
    try channel.receive(bytes)
    #expect(!channel.isActive)
    #expect(try channel.written() == "")
    #expect(ring.reasons == [.notHTTP])
    #expect(details() == ["the first bytes are not a TLS handshake"])
  }

  @Test("noise that only begins like a handshake is one incident too")
  func almost() throws {
    let channel = try channel()
    try channel.receive([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5])
    #expect(!channel.isActive)
    #expect(ring.reasons == [.notHTTP])
  }

  @Test(
    "a handshake that stops is given up after ten seconds",
    arguments: [[0x16], [0x16, 3, 1], Array("PO".utf8)])
  func stops(bytes: [UInt8]) throws {
    let channel = try channel()
    try channel.receive(bytes)
    advance(channel, seconds: 9)
    #expect(channel.isActive)
    #expect(ring.reasons.isEmpty)
    advance(channel, seconds: 1)
    #expect(!channel.isActive)
    #expect(ring.reasons == [.timeout])
    #expect(details() == ["the TLS handshake timed out"])
  }

  @Test("bytes that trickle in give a handshake no more time")
  func trickles() throws {
    let channel = try channel()
    for byte in [0x16, 3, 1, 1, 0, 1, 0, 0, 0xFC] as [UInt8] {
      advance(channel, seconds: 1)
      try channel.receive([byte])
    }
    advance(channel, seconds: 1)
    #expect(!channel.isActive)
    #expect(ring.reasons == [.timeout])
  }

  @Test("a connection without a byte is closed without a word")
  func silent() throws {
    let channel = try channel()
    advance(channel, seconds: 10)
    #expect(!channel.isActive)
    #expect(ring.reasons.isEmpty)
  }

  @Test("a sender that goes before a word is no incident, and one inside its first word is one")
  func leaves() throws {
    let silent = try channel()
    silent.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    #expect(!silent.isActive)
    #expect(ring.reasons.isEmpty)
    let talking = try channel()
    try talking.receive("PO")
    talking.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    #expect(!talking.isActive)
    #expect(ring.reasons == [.notHTTP])
  }
}
