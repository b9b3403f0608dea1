import NIOCore
import NIOEmbedded
import Testing
import Webhooks

@testable import Receiver

/// What is kept of the bytes of a request that becomes an incident: its own, from the first one on.
@Suite struct RequestOpeningTests {
  private static let get = "GET /a HTTP/1.1\r\nHost: a\r\nX-Long: abc\r\n\r\n"
  private static let post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
  private static let chunked =
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"

  /// The texts that are kept of the incidents that come of `reads`; nil for one of which nothing is.
  private func kept(_ reads: [String], maxBody: Int = 1 << 20, ends: Bool = false) throws -> [String?] {
    let ring = Journal()
    let channel = try Samples.channel(Samples.intake(ring), maxBody: maxBody)
    for read in reads where channel.isActive { try channel.receive(read) }
    if ends { channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
    return ring.everything.incidents.map { incident in
      incident.received.map { String(decoding: $0.bytes, as: UTF8.self) }
    }
  }

  @Test("a request that is refused is kept as it was sent, in however many reads it came")
  func alone() throws {
    #expect(try kept([Self.get]) == [Self.get])
    #expect(try kept(Self.get.map(String.init)) == [Self.get])
    #expect(try kept(["GET /a HTTP/9.1\r\n"]) == ["GET /a HTTP/9.1\r\n"])
    #expect(try kept(["\u{16}\u{3}\u{1}\u{0}"]) == ["\u{16}\u{3}\u{1}\u{0}"])
    #expect(try kept(["\r\n", "{}"]) == ["\r\n{}"])
  }

  @Test("what stands before a request on the same connection is no part of it, wherever the reads are cut")
  func after() throws {
    let text = Self.post + Self.get + Self.post + Self.get
    for cut in 1..<text.utf8.count {
      let index = text.utf8.index(text.startIndex, offsetBy: cut)
      #expect(try kept([String(text[..<index]), String(text[index...])]) == [Self.get, Self.get])
    }
    #expect(try kept([text]) == [Self.get, Self.get])
    #expect(try kept(text.map(String.init)) == [Self.get, Self.get])
  }

  @Test("behind a chunked body, too, it is known where a request begins, wherever the reads are cut")
  func chunks() throws {
    #expect(try kept([Self.chunked, Self.get]) == [Self.get])
    let text = Self.chunked + Self.get + Self.chunked + Self.post + Self.get
    #expect(try kept([text]) == [Self.get, Self.get])
    for cut in 1..<text.utf8.count {
      let index = text.utf8.index(text.startIndex, offsetBy: cut)
      #expect(try kept([String(text[..<index]), String(text[index...])]) == [Self.get, Self.get])
    }
  }

  @Test("a body that is too large is kept up to where that was seen, and no more than 4 KiB of it")
  func large() throws {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"
    #expect(try kept([head], maxBody: 10) == [head])
    let part = String(repeating: "a", count: 3000)
    let ring = Journal()
    let channel = try Samples.channel(Samples.intake(ring))
    for read in [head, part, part] { try channel.receive(read) }
    channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    let received = try #require(ring.everything.incidents.first?.received)
    #expect(received.bytes.count == Incident.Received.limit)
    #expect(received.count == head.utf8.count + 6000)
    #expect(received.headCount == head.utf8.count)
  }

  @Test(
    "a delivery before the incident leaves nothing of itself, also where its head is larger than what is kept"
  )
  func longHead() throws {
    let long =
      "POST / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "b", count: 5000))\r\nContent-Length: 2\r\n\r\nab"
    #expect(try kept([long, Self.get]) == [Self.get])
    #expect(try kept([long + Self.get]) == [Self.get])
    #expect(try kept([Self.get, Self.post], ends: true) == [Self.get])
  }

  @Test("a signing secret and credentials are not kept")
  func secrets() throws {
    let ring = Journal()
    let channel = try Samples.channel(Samples.intake(ring, keyring: try Samples.keyring()))
    try channel.receive(
      "GET /\(Samples.secret) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer xyz\r\nX-S: \(Samples.secret)\r\n\r\n"
    )
    let bytes = try #require(ring.everything.incidents.first?.received?.bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(!text.contains(Samples.secret) && !text.contains("xyz") && text.contains("X-S: *****"))
  }
}
