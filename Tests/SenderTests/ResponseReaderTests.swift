import JSON
import TestSupport
import Testing
import Webhooks

@testable import Sender

/// What a reader makes of some bytes.
private struct Reading: Equatable {
  var status: Int?
  var body = ""
  var isComplete = false
  var keepsAlive = false
  var fault: ResponseHead.Fault?

  /// - Parameter size: how many bytes come at once.
  init(_ bytes: [UInt8], to method: String = "POST", pieces size: Int = .max, end: Bool = false) {
    var reader = ResponseReader(to: method)
    var rest = bytes[...]
    do throws(ResponseHead.Fault) {
      while !rest.isEmpty {
        let piece = Array(rest.prefix(size))
        try reader.read(piece.span)
        rest = rest.dropFirst(piece.count)
      }
    } catch {
      fault = error
    }
    if end { reader.end() }
    status = reader.response?.status
    body = String(decoding: reader.response?.body ?? [], as: UTF8.self)
    isComplete = reader.isComplete
    keepsAlive = reader.keepsAlive
  }

  init(_ status: Int?, _ body: String = "", _ end: End = .open, fault: ResponseHead.Fault? = nil) {
    (self.status, self.body, self.fault) = (status, body, fault)
    (isComplete, keepsAlive) = (end != .open, end == .again)
  }

  enum End {
    /// More is to come.
    case open
    /// It is whole, and the connection can be used again, or not.
    case again, last
  }
}

@Suite("An app's response, read from the bytes that come")
struct ResponseReaderTests {
  private static let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

  /// Behind `HTTP/1.1 200 OK`, with what comes of it.
  private static let responses: [(text: String, due: Reading)] = [
    ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", Reading(200, "ok", .again)),
    ("HTTP/1.1 200\r\ncontent-length: 02\r\n\r\nok", Reading(200, "ok", .again)),
    ("HTTP/1.1 600 \r\ncontent-length:0 \t\r\n\r\n", Reading(600, "", .again)),
    ("\r\n\r\nHTTP/1.1 204 No\r\n\r\n", Reading(204, "", .again)),
    ("HTTP/1.1 304 No\r\ncontent-length: 7\r\n\r\n", Reading(304, "", .again)),
    ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: x, Close\r\n\r\nok", Reading(200, "ok", .last)),
    ("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", Reading(200, "ok", .last)),
    ("HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: Keep-Alive\r\n\r\nok", Reading(200, "ok", .again)),
    ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokay", Reading(200, "ok", .last)),
    ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", Reading(200, "ok")),
    ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n", Reading(nil)),
    ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 X\r\nLink: a\r\n\r\n", Reading(nil)),
    ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", Reading(200, "a", .again)),
    ("HTTP/1.1 101 Switch\r\nUpgrade: x\r\n\r\n", Reading(101, "", .last)),
    ("HTTP/1.1 200 OK\r\n\r\nto the end", Reading(200, "to the end")),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\nto the end", Reading(200, "to the end")),
    (chunked + "2\r\nok\r\n0\r\n\r\n", Reading(200, "ok", .again)),
    (
      chunked + "00A;a=\"b\"\r\n0123456789\r\n1 \r\n!\r\n0\r\nX: y\r\nZ:\r\n\r\n",
      Reading(200, "0123456789!", .again)
    ),
    (chunked + "2\r\nok\r\n0\r\n\r\nHTTP", Reading(200, "ok", .last)),
    (chunked + "2\r\nok\r\n0\r\nX: y\r\n", Reading(200, "ok")),
    (chunked + "3\r\nok", Reading(200, "ok")),
  ]

  @Test("is the same in however many pieces it comes", arguments: responses.indices)
  func pieces(index: Int) {
    let (text, due) = Self.responses[index]
    for size in [.max, 1, 2, 3, 7] {
      #expect(Reading(Array(text.utf8), pieces: size) == due, "\(size) at once")
    }
  }

  @Test(
    "what is no HTTP is told from what is, and from what is not all there",
    arguments: [
      "HTTP/2.0 200 OK\r\n", "HTTP/0.9 200 OK\r\n", "HTTP/1.2 200 OK\r\n", "http/1.1 200 OK\r\n", "SSH-2.0",
      "HTTP/1.1 099 X\r\n", "HTTP/1.1 20 X\r\n", "HTTP/1.1 2000 X\r\n", "HTTP/1.1 2x0 X\r\n",
      "HTTP/1.1  200 X\r\n", "HTTP/1.1200 X\r\n", "HTTP/1.1 200 OK\n", "HTTP/1.1\r\n",
      "HTTP/1.1 200 OK\r\nabc\r\n", "HTTP/1.1 200 OK\r\n: a\r\n", "HTTP/1.1 200 OK\r\na : b\r\n",
      "HTTP/1.1 200 OK\r\na: b\r\n c\r\n", "HTTP/1.1 200 OK\r\na: b\u{0}c\r\n", "HTTP/1.1 200 OK\r\na: b\n",
      "HTTP/1.1 200 OK\r\na: b\rc\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: \r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n",
    ])
  func notHTTP(text: String) {
    for size in [.max, 1, 5] {
      #expect(Reading(Array(text.utf8), pieces: size) == Reading(nil, fault: .notHTTP), "\(size) at once")
    }
  }

  @Test(
    "chunks that are framed by something else end the response there",
    arguments: [
      ("zz\r\n", ""), ("\r\n", ""), (";a\r\n", ""), ("10000000000000000\r\n", ""), ("2\nok", ""),
      ("2\r\nokay\r\n", "ok"), ("2\r\nok\n", "ok"), ("2\r\nok\r0", "ok"), ("0\r\nX: \u{0}\r\n", ""),
      ("2;\u{1}\r\n", ""), ("2\r\nok\r\n0\r\n\rx", "ok"), ("-2\r\nok", ""),
    ])
  func badChunks(text: String, body: String) {
    for size in [.max, 1] {
      #expect(
        Reading(Array((Self.chunked + text).utf8), pieces: size) == Reading(200, body, fault: .notHTTP),
        "\(size) at once")
    }
  }

  @Test("the end of the connection completes what is as long as that, and nothing else")
  func end() {
    func reading(_ text: String) -> Reading { Reading(Array(text.utf8), end: true) }
    #expect(reading("HTTP/1.1 200 OK\r\n\r\nall") == Reading(200, "all", .last))
    #expect(reading("HTTP/1.1 200 OK\r\n\r\n") == Reading(200, "", .last))
    #expect(reading("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf") == Reading(200, "half"))
    #expect(reading(Self.chunked + "9\r\nhalf") == Reading(200, "half"))
    #expect(reading("HTTP/1.1 200 OK\r\n") == Reading(nil))
  }

  @Test("the response to HEAD has no body, whatever length it tells, and that to CONNECT ends the connection")
  func methods() {
    let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n".utf8)
    #expect(Reading(head, to: "HEAD") == Reading(200, "", .again))
    #expect(Reading(head, to: "CONNECT") == Reading(200, "", .last))
    #expect(Reading(head) == Reading(200))
  }

  @Test("the fields are kept as they came: order, case, repetitions and bytes that are not UTF-8")
  func fields() throws {
    var reader = ResponseReader(to: "POST")
    let head =
      Array("HTTP/1.1 200 OK\r\nX-A:1\r\nx-a: \t2 3 \r\nX-B:\r\nX-C: ".utf8) + [0x80, 0xFF]
      + Array("\r\n\r\n".utf8)
    try reader.read(head.span)
    let due: Headers = [
      .init("X-A", "1"), .init("x-a", "2 3"), .init("X-B", ""), .init("X-C", ByteString([0x80, 0xFF])),
    ]
    #expect(reader.response?.headers == due)
  }

  @Test(
    "a head over the limit is not read on, nor are more fields than that; each interim head counts by itself")
  func limits() {
    let limit = Exchange.Response.headLimit
    func reading(_ text: String) -> Reading { Reading(Array(text.utf8), pieces: 16384) }
    let (start, end) = ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\na: ", "\r\n\r\n")
    let room = limit - start.utf8.count - end.utf8.count
    #expect(reading(start + String(repeating: "x", count: room) + end) == Reading(200, "", .again))
    #expect(reading(start + String(repeating: "x", count: room + 1) + end) == Reading(nil, fault: .tooLarge))
    #expect(reading("HTTP/1.1 200 " + String(repeating: "x", count: limit)) == Reading(nil, fault: .tooLarge))
    #expect(reading(String(repeating: "\r\n", count: limit)) == Reading(nil, fault: .tooLarge))
    let fields = String(repeating: "a: b\r\n", count: 257)
    #expect(reading("HTTP/1.1 200 OK\r\n" + fields) == Reading(nil, fault: .tooLarge))
    let interim = String(repeating: "HTTP/1.1 100 X\r\na: b\r\n\r\n", count: 5000)
    #expect(reading(interim + start + end) == Reading(200, "", .again))
  }

  @Test("of a body no more is kept than the limit, in chunks or not, and all of it is counted")
  func bodies() throws {
    let size = Exchange.Response.bodyLimit + 5000
    let body = [UInt8](repeating: 0x78, count: size)
    for (head, end) in [
      ("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n", ""), ("HTTP/1.1 200 OK\r\n\r\n", ""),
      (Self.chunked + String(size, radix: 16) + "\r\n", "\r\n0\r\n\r\n"),
    ] {
      var reader = ResponseReader(to: "POST")
      for piece in [Array(head.utf8), body, Array(end.utf8)] { try reader.read(piece.span) }
      #expect(reader.response?.body.count == Exchange.Response.bodyLimit && reader.response?.bodySize == size)
    }
  }

  @Test("as much of a body is kept, and read, as is asked for", arguments: [10, 9])
  func readLimit(limit: Int) throws {
    var reader = ResponseReader(to: "GET", limits: .init(kept: 4, read: limit))
    let bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789".utf8)
    if limit < 10 {
      #expect(throws: ResponseHead.Fault.tooLarge) { try reader.read(bytes.span) }
    } else {
      try reader.read(bytes.span)
    }
    #expect(reader.response?.body == Array("0123".utf8) && reader.response?.bodySize == 10)
  }

  @Test("any bytes are read to an end, and the same in any pieces")
  func fuzz() {
    var random = SeededRandom(seed: 7)
    let seeds = Self.responses.map { Array($0.text.utf8) }
    let pieces = ["\r\n", "\r", "\n", "0", "HTTP/1.1 200 OK\r\n", ":", ";", "\0"].map { Array($0.utf8) }
    for _ in 0..<3000 {
      let bytes = random.input(like: seeds, pieces: pieces)
      let whole = Reading(bytes)
      for size in [1, 3] { #expect(Reading(bytes, pieces: size) == whole, "\(bytes)") }
    }
  }
}
