import JSON
import NIOCore
import NIOEmbedded
import TestSupport
import Testing
import Webhooks

@testable import Receiver

@Suite("Answering a connection")
struct ConnectionAnswerTests {
  private let ring = Journal()

  private func channel(maxBody: Int = 1000, keyring: Keyring = Keyring()) throws -> EmbeddedChannel {
    try Samples.channel(Samples.intake(ring, keyring: keyring), maxBody: maxBody)
  }

  @Test("a delivery is answered with the bytes of its status and nothing of what was received")
  func answer() throws {
    let channel = try channel(keyring: Samples.keyring())
    try channel.receive(Samples.signed())
    #expect(try channel.written() == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    try channel.receive(Samples.post(Samples.body, fields: ["X-Echo: me"]))
    #expect(try channel.written() == "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
    #expect(ring.deliveries.map(\.request.body) == [Samples.body, Samples.body])
  }

  @Test("the header keeps order, case and repetitions")
  func headers() throws {
    try channel().receive("POST /a?b HTTP/1.1\r\nhOST: a\r\nX-A: 1\r\nx-a:  2 \r\nX-Bad: \u{FC}\r\n\r\n")
    let request = try #require(ring.deliveries.first?.request)
    #expect(request.target == "/a?b")
    #expect(request.headers.map(\.name) == ["hOST", "X-A", "x-a", "X-Bad"])
    #expect(request.headers.map(\.value) == ["a", "1", "2", "\u{FC}"])
    #expect(request.peer == "127.0.0.1:1")
  }

  /// Three requests, the second and third with what is not UTF-8, and where U+FFFD itself was sent.
  private static let notUTF8: [UInt8] = {
    let fields = Array("\r\nX: \t ".utf8) + [0xFF, 0xC3, 0xA9] + Array(" \t\r\nY: \u{FFFD}".utf8) + [0x80]
    // The first one's body looks like the head of the second.
    let head = Array("POST /a?b HTTP/1.1\r\nHost: a".utf8)
    let second = head + fields + Array("\r\nX:\r\n\r\n".utf8)
    return Samples.post(head + Array("\r\nX: \u{FFFD}\u{E9}\r\n\r\n".utf8)) + second + second
  }()

  @Test(
    "header bytes that are not UTF-8 are kept as they were sent, however they come",
    arguments: [1, 100_000])
  func notUTF8(piece: Int) throws {
    let channel = try channel()
    for start in stride(from: 0, to: Self.notUTF8.count, by: piece) {
      try channel.receive(Array(Self.notUTF8[start..<min(Self.notUTF8.count, start + piece)]))
    }
    let requests = ring.deliveries.map(\.request)
    #expect(requests.count == 3)
    for request in requests.dropFirst() {
      #expect(request.headers.map(\.name) == ["Host", "X", "Y", "X"])
      let values = request.headers.map { Array($0.value) }
      #expect(values == [[0x61], [0xFF, 0xC3, 0xA9], Array("\u{FFFD}".utf8) + [0x80], []])
    }
  }

  @Test("they are kept also where a read ends in the head that it begins in, behind another request")
  func splitNotUTF8() throws {
    let field = { (byte: UInt8) in Array("X: ".utf8) + [0xFF, byte] + Array("\r\n".utf8) }
    let head = Array("POST / HTTP/1.1\r\nHost: a\r\n".utf8)
    var bytes: [UInt8] = []
    for byte in 0xF0...UInt8(0xF2) {
      bytes += head + field(byte) + Array("Content-Length: 2\r\n\r\n{}".utf8)
    }
    bytes += head + field(0xF3) + Array("Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n".utf8)
    bytes += head + field(0xF4) + Array("\r\n".utf8)
    for place in 1..<bytes.count {
      let ring = Journal()
      let channel = try Samples.channel(Samples.intake(ring))
      try channel.receive(Array(bytes[..<place]))
      try channel.receive(Array(bytes[place...]))
      let values = ring.deliveries.map { $0.request.headers.first("X").map { Array($0) } }
      #expect(values == (0xF0...UInt8(0xF4)).map { [0xFF, $0] }, "cut at \(place)")
    }
  }

  @Test("bytes are those of the head and not of a body that repeats it, however large the head before is")
  func repeatedNotUTF8() throws {
    let channel = try channel(maxBody: 10_000)
    let head = { (byte: UInt8) in
      Array("POST / HTTP/1.1\r\nHost: a\r\nX: ".utf8) + [byte] + Array("\r\n\r\n".utf8)
    }
    // What stands in front of the second line is a body without an end of its own.
    let large = Samples.post(Array("{}".utf8), fields: ["Y: " + String(repeating: "y", count: 5000)])
    try channel.receive(Samples.post(head(0xFE)) + head(0xFF))
    try channel.receive(large + head(0xFD))
    let values = ring.deliveries.map { $0.request.headers.first("X").map { Array($0) } }
    #expect(values == [nil, [0xFF], nil, [0xFD]])
  }

  @Test("thousands of heads that are not UTF-8 in one read cost what as many others do")
  func costOfNotUTF8() throws {
    func requests(_ value: [UInt8]) -> [UInt8] {
      let request = Array("POST / HTTP/1.1\r\nHost: a\r\nX: ".utf8) + value + Array("\r\n\r\n".utf8)
      return Array(repeatElement(request, count: 4000).joined())
    }
    func cost(_ bytes: [UInt8]) throws -> Int {
      let channel = try Samples.channel(Samples.intake(Journal()))
      return try Cost.ofThread { try channel.receive(bytes) }
    }
    let (plain, hostile) = (requests([0x41, 0x42, 0x43]), requests([0xEF, 0xBF, 0x43]))
    let found = try Cost(
      factor: 6, slack: 50_000_000, plain: { try cost(plain) }, hostile: { try cost(hostile) })
    #expect(found.isWithinBound, "\(found)")
  }

  @Test("a body in chunks of one byte is put together byte for byte")
  func chunks() throws {
    let channel = try channel()
    try channel.receive("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    for byte in Samples.body { try channel.receive(Array("1\r\n".utf8) + [byte] + Array("\r\n".utf8)) }
    #expect(ring.deliveries.isEmpty)
    try channel.receive("0\r\n\r\n")
    #expect(ring.deliveries.first?.request.body == Samples.body)
    #expect(statuses(try channel.written()) == [200])
  }

  @Test("a trailer named as the signature header does not count")
  func trailer() throws {
    let channel = try channel(keyring: Samples.keyring())
    let signature = try Samples.signature([])
    try channel.receive(
      "POST / HTTP/1.1\r\nHost: a\r\nX-Parlay-Event: webhook.test\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "0\r\nX-Parlay-Signature: \(signature)\r\n\r\n")
    #expect(ring.deliveries.map(\.verdict.status) == [.missing])
    #expect(statuses(try channel.written()) == [401])
  }

  @Test("requests of one read are answered in order, and what follows a refusal is not read")
  func pipelined() throws {
    let channel = try channel(maxBody: 5)
    let good = Samples.post([1])
    try channel.receive(good + good + Samples.post([1, 2, 3, 4, 5, 6]) + good)
    #expect(statuses(try channel.written()) == [200, 200, 413])
    #expect(ring.deliveries.count == 2)
    #expect(ring.reasons == [.tooLarge])
  }

  @Test(
    "a message that two readers could take apart in two ways is refused, and is no delivery",
    arguments: [
      "Content-Length: 1\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 1",
      "Content-Length: 1\r\nContent-Length: 1", "Content-Length: +1", "Content-Length: 0x1",
      "Content-Length: 1 1",
      "Content-Length: -1", "Content-Length:", "Content-Length: 1, 1", "Content-Length: 18446744073709551617",
      "Transfer-Encoding: chunked, gzip", "Transfer-Encoding: chunked, chunked",
      "Transfer-Encoding: ,chunked",
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding: xchunked",
      "Transfer-Encoding: \u{B}chunked", "Transfer-Encoding: gzip, chunked",
      "X: a\r\n folded", "X : a", " X: a", "X: a\nY: b", "X: a\rY: b", "X: a\u{0}b", "X\u{0}: a", ": a", "X",
      "Host: other",
    ])
  func ambiguous(fields: String) throws {
    let channel = try channel()
    try channel.receive("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n0\r\n\r\n")
    #expect(statuses(try channel.written()) == [400])
    #expect(ring.deliveries.isEmpty)
    #expect(ring.reasons == [.badRequest])
    #expect(!channel.isActive)
  }

  @Test("HTTP/1.1 without Host is refused; HTTP/1.0 needs none")
  func host() throws {
    try channel().receive("POST / HTTP/1.1\r\n\r\n")
    #expect(ring.reasons == [.badRequest])
    let old = try channel()
    try old.receive("POST / HTTP/1.0\r\n\r\n")
    #expect(try old.written() == "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    #expect(ring.deliveries.map(\.request.version) == [.http10])
  }

  @Test("a bad chunk size in the middle of a body is refused, once")
  func badChunk() throws {
    let channel = try channel()
    try channel.receive(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nzz\r\n\r\n")
    #expect(statuses(try channel.written()) == [400])
    #expect(ring.deliveries.isEmpty)
  }

  @Test("an announced length takes no memory and is refused before the body comes")
  func announced() throws {
    let channel = try channel()
    try channel.receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775807\r\n\r\n")
    #expect(statuses(try channel.written()) == [413])
  }

  @Test("the sender that asks is told to go on, then gets its answer")
  func proceed() throws {
    let channel = try channel()
    try channel.receive("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    #expect(try channel.written() == "HTTP/1.1 100 Continue\r\n\r\n")
    try channel.receive("ab")
    #expect(statuses(try channel.written()) == [200])
  }

  @Test(
    "what is not a POST gets 405 and is an incident", arguments: ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
  func methods(method: String) throws {
    let channel = try channel()
    try channel.receive("\(method) /a HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(
      try channel.written() == "HTTP/1.1 405 Method Not Allowed\r\nAllow: POST\r\nContent-Length: 0\r\n\r\n")
    #expect(ring.everything.incidents.map(\.detail) == ["\(method) /a: webhooks are sent with POST"])
    try channel.receive(Samples.post())
    #expect(ring.deliveries.count == 1)
  }

  @Test("the end of the input inside a request is an incident; between two it is none")
  func endOfInput() throws {
    for part in ["PO", "POST / HTTP/1.1\r\nHo", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na"] {
      let ring = Journal()
      let channel = try Samples.channel(Samples.intake(ring))
      try channel.receive(part)
      channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
      #expect(ring.reasons == [.aborted])
      #expect(ring.deliveries.isEmpty)
      #expect(try channel.written() == "")
    }
    let channel = try channel()
    try channel.receive(Samples.post())
    channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    #expect(statuses(try channel.written()) == [200])
    #expect(ring.reasons.isEmpty)
    #expect(!channel.isActive)
  }
}
