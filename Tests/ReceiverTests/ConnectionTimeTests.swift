import NIOCore
import NIOEmbedded
import Testing
import Webhooks

@testable import Receiver

@Suite("What a connection lets in, and for how long")
struct ConnectionTimeTests {
  private let ring = Journal()

  private func channel(_ limits: HTTPServer.Limits = .init()) throws -> EmbeddedChannel {
    try Samples.channel(Samples.intake(ring), limits: limits)
  }

  private func advance(_ channel: EmbeddedChannel, seconds: Int64) {
    channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
  }

  @Test(
    "what is not HTTP is closed without an answer", arguments: ["\u{16}\u{3}\u{1}", "SSH-2.0-x\r\n", "\u{0}"])
  func foreign(bytes: String) throws {
    let channel = try channel()
    try channel.receive(bytes)
    #expect(!channel.isActive)
    #expect(try channel.written() == "")
    #expect(ring.reasons == [.notHTTP])
    #expect(ring.everything.incidents[0].peer == "127.0.0.1:1")
  }

  @Test("a request that comes byte by byte is taken")
  func byteByByte() throws {
    let channel = try channel()
    for byte in Samples.post([1, 2]) { try channel.receive([byte]) }
    #expect(ring.deliveries.map(\.request.body) == [[1, 2]])
  }

  @Test("a header that trickles is answered 408 when its time is up")
  func slowHeader() throws {
    let channel = try channel()
    for byte in Samples.post().prefix(9) {
      advance(channel, seconds: 1)
      try channel.receive([byte])
    }
    #expect(channel.isActive)
    advance(channel, seconds: 1)
    #expect(statuses(try channel.written()) == [408])
    #expect(ring.reasons == [.timeout])
  }

  @Test("who is answered 408 and goes on sending is read for five seconds more, and then closed")
  func drained() throws {
    let connection = try HTTPConnection(maxBody: 10)
    try connection.feed(["POST / HT"].map { Array($0.utf8)[...] })
    connection.pass(.seconds(10))
    #expect(connection.run.refusals == [408])
    for _ in 1...4 {
      connection.pass(.seconds(1))
      try connection.feed([Array("more".utf8)[...]])
      #expect(connection.isOpen)
    }
    connection.pass(.seconds(1))
    #expect(!connection.isOpen)
  }

  @Test(
    "what is neither header nor body and has no end is refused",
    arguments: [
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a=",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "",
    ])
  func padding(start: String) throws {
    let channel = try Samples.channel(Samples.intake(ring), maxBody: 1000)
    try channel.receive(Samples.post())
    let filler = start.isEmpty ? "\r\n" : start.hasSuffix("=") ? "a" : "0"
    try channel.receive(start)
    let piece = String(repeating: filler, count: 1 << 12)
    for _ in 0..<64 where channel.isActive && ring.reasons.isEmpty { try channel.receive(piece) }
    #expect(statuses(try channel.written()) == [200, 400])
    #expect(ring.reasons == [.badRequest])
    #expect(ring.deliveries.count == 1)
  }

  @Test("a body of the largest size is taken though each byte is a chunk of its own")
  func manyChunks() throws {
    let channel = try Samples.channel(Samples.intake(ring), maxBody: 100_000)
    try channel.receive("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    let piece = String(repeating: "1\r\na\r\n", count: 1000)
    for _ in 0..<100 { try channel.receive(piece) }
    try channel.receive("0\r\n\r\n")
    #expect(statuses(try channel.written()) == [200])
    #expect(ring.deliveries.first?.request.body.count == 100_000)
  }

  @Test("a method that is never finished is answered 408 too")
  func slowMethod() throws {
    let channel = try channel()
    try channel.receive("PO")
    advance(channel, seconds: 10)
    #expect(statuses(try channel.written()) == [408])
  }

  @Test("a body that trickles is answered 408 when its time is up, and is no delivery")
  func slowBody() throws {
    let channel = try channel()
    try channel.receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n")
    for _ in 0..<29 {
      advance(channel, seconds: 1)
      try channel.receive("a")
    }
    #expect(channel.isActive)
    advance(channel, seconds: 1)
    #expect(statuses(try channel.written()) == [408])
    #expect(
      ring.everything.incidents.map(\.detail) == [
        "timed out waiting for the rest of the body: 29 bytes received"
      ])
    #expect(ring.deliveries.isEmpty)
  }

  @Test("a connection without a byte is closed without a word")
  func silent() throws {
    let channel = try channel()
    advance(channel, seconds: 9)
    #expect(channel.isActive)
    advance(channel, seconds: 1)
    #expect(!channel.isActive)
    #expect(try channel.written() == "")
    #expect(ring.reasons.isEmpty)
  }

  @Test("a connection may stay idle for a minute after each request")
  func idle() throws {
    let channel = try channel()
    for _ in 0..<3 {
      try channel.receive(Samples.post())
      advance(channel, seconds: 59)
      #expect(channel.isActive)
    }
    advance(channel, seconds: 1)
    #expect(!channel.isActive)
    #expect(ring.deliveries.count == 3)
    #expect(ring.reasons.isEmpty)
  }

  @Test("the header of a later request has ten seconds from its first byte")
  func laterHeader() throws {
    let channel = try channel()
    try channel.receive(Samples.post())
    advance(channel, seconds: 55)
    try channel.receive("POST")
    advance(channel, seconds: 9)
    #expect(channel.isActive)
    advance(channel, seconds: 1)
    #expect(statuses(try channel.written()) == [200, 408])
  }
}
