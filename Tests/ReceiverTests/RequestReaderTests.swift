import JSON
import TestSupport
import Testing
import Webhooks

@testable import Receiver

/// What a reader makes of some bytes, in words.
private struct Reading: Equatable {
  var events: [String] = []
  var fault: RequestReader.Fault?
  var isBetween = true

  /// - Parameter size: how many bytes come at once.
  init(_ bytes: [UInt8], pieces size: Int = .max, _ limits: RequestReader.Limits = .init()) {
    var reader = RequestReader(limits)
    var rest = bytes[...]
    do throws(RequestReader.Fault) {
      while !rest.isEmpty {
        let piece = Array(rest.prefix(size))
        var position = 0
        while let event = try reader.next(in: piece.span, from: &position) { take(event, piece) }
        rest = rest.dropFirst(piece.count)
      }
    } catch {
      fault = error
    }
    isBetween = reader.isBetween
  }

  init(_ events: [String], isBetween: Bool = true) { (self.events, self.isBetween) = (events, isBetween) }

  private mutating func take(_ event: RequestReader.Event, _ piece: [UInt8]) {
    switch event {
    case .head(let head):
      let fields = head.headers.map { "\($0.name)=\($0.value)" }.joined(separator: "|")
      events.append("\(head.method) \(head.target) 1.\(head.minorVersion) \(fields)")
    case .body(let range):
      let text = String(decoding: piece[range], as: UTF8.self)
      if events.last?.hasPrefix("body ") == true {
        events[events.count - 1] += text
      } else {
        events.append("body " + text)
      }
    case .end(let isLast): events.append(isLast ? "last" : "end")
    }
  }
}

@Suite("Requests, read from the bytes that come")
struct RequestReaderTests {
  private static let requests: [(text: String, due: Reading)] = [
    ("POST / HTTP/1.1\r\nHost: a\r\n\r\n", Reading(["POST / 1.1 Host=a", "end"])),
    (
      "\r\n\n\rPOST /a?b#c HTTP/1.0\r\nX:1\r\nx: \t2 3 \t\r\nX-Y:\r\nZ: \r\n\r\n\r\n",
      Reading(["POST /a?b#c 1.0 X=1|x=2 3|X-Y=|Z=", "end"])
    ),
    ("M-SEARCH  *  HTTP/1.1\r\n\r\n", Reading(["M-SEARCH * 1.1 ", "end"])),
    ("CONNECT u@[::1]:1 HTTP/1.1\r\n\r\n", Reading(["CONNECT u@[::1]:1 1.1 ", "end"])),
    ("POST http://a:1?b HTTP/1.1\r\n\r\n", Reading(["POST http://a:1?b 1.1 ", "end"])),
    (
      "POST / HTTP/1.1\r\nContent-Length: 3 \r\n\r\nabcPUT / HTTP/1.1\r\ncontent-length:0\r\n\r\n",
      Reading([
        "POST / 1.1 Content-Length=3", "body abc", "end", "PUT / 1.1 content-length=0", "end",
      ])
    ),
    (
      "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab",
      Reading(["POST / 1.1 Content-Length=3", "body ab"], isBetween: false)
    ),
    (
      "POST / HTTP/1.1\r\nTransfer-Encoding: CHUNKED\r\n\r\n1;a=\"\\\";\"\r\nx\r\n0002;b;c=d\r\nyz\r\n0\r\nT: u\r\n\r\n",
      Reading(["POST / 1.1 Transfer-Encoding=CHUNKED", "body xyz", "end"])
    ),
    (
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n00\r\nproxy-connection: x\r\n\r\n",
      Reading(["POST / 1.1 Transfer-Encoding=chunked", "last"])
    ),
    ("POST / HTTP/1.1\r\nHo", Reading([], isBetween: false)),
    ("\r\n\r\n", Reading([])),
  ]

  @Test("are the same in however many pieces they come", arguments: requests.indices)
  func pieces(index: Int) {
    let (text, due) = Self.requests[index]
    for size in [.max, 1, 2, 3, 7, 31] {
      #expect(Reading(Array(text.utf8), pieces: size) == due, "\(size) at once")
    }
  }

  private static let line = "POST / HTTP/1.1\r\n"
  private static let chunked = line + "Transfer-Encoding: chunked\r\n\r\n"

  private static let faults: [(sentence: String, texts: [String])] = [
    (
      "the method is not an HTTP method",
      ["post / HTTP/1.1\r\n", "BREW / HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n"]
    ),
    (
      "the request line is malformed",
      ["POST\r\n", "POST /\r\n", "POST  \r\n", "POST / RTSP/1.0\r\n", "POST / http/1.1\r\n", "POST / \r\n"]
    ),
    (
      "the version is not HTTP/1.0 or HTTP/1.1",
      [
        "POST / HTTP/1.2\r\n", "POST / HTTP/2.0\r\n", "POST / HTTP/0.9\r\n", "POST / HTTP/1.1 \r\n",
        "POST / HTTP/1.10\r\n",
      ]
    ),
    (
      "the request target contains a character that a URL can't have",
      [
        "POST a HTTP/1.1\r\n", "POST /\u{E9} HTTP/1.1\r\n", "POST /\u{1} HTTP/1.1\r\n",
        "POST ?a HTTP/1.1\r\n",
        "POST http:/a HTTP/1.1\r\n", "POST http://a@@b HTTP/1.1\r\n", "POST http://a#b HTTP/1.1\r\n",
        "POST ://a HTTP/1.1\r\n", "CONNECT a\"b HTTP/1.1\r\n", "POST /a\tb HTTP/1.1\r\n",
      ]
    ),
    (
      "a line does not end with CR LF",
      [
        "POST / HTTP/1.1\n", line + "A: b\n", line + "\n", "POST / HTTP/1.1\rX", line + "A: b\rC",
        chunked + "0\r\n\n",
      ]
    ),
    (
      "a header field contains an invalid character, or is folded",
      [
        line + " A: b\r\n", line + "A : b\r\n", line + ": b\r\n", line + "A\r\n", line + "A(: b\r\n",
        line + "A: \u{0}\r\n", line + "A: 1234567\u{7F}1234567\r\n", line + "A: b\r\n\tc\r\n",
        chunked + "0\r\nA\r\n",
      ]
    ),
    (
      "a chunk does not start with its size",
      [
        chunked + "\r\n", chunked + "x", chunked + "1 ", chunked + "1\n", chunked + ";a",
        chunked + "4000000000000000\r\n",
      ]
    ),
    (
      "a chunk is not framed as HTTP requires",
      [
        chunked + "1\rx", chunked + "1\r\nab", chunked + "1\r\na\rb", chunked + "1;\r\n", chunked + "1; a",
        chunked + "1;a b", chunked + "1;a=\"\u{1}", chunked + "1;a=\"b\"c", chunked + "1;a=\"\\\u{0}",
        chunked + "1;a=b,",
      ]
    ),
    (
      "a trailer names the length or the coding of the body",
      [chunked + "0\r\ncontent-length: 1\r\n", chunked + "0\r\nTransfer-Encoding: chunked\r\n"]
    ),
  ]

  @Test("what is wrong is told at the latest with the line it stands in", arguments: faults.indices)
  func malformed(index: Int) {
    let (sentence, texts) = Self.faults[index]
    for text in texts {
      for size in [.max, 1, 5] {
        #expect(
          Reading(Array(text.utf8), pieces: size).fault == .malformed(sentence),
          "\(text.debugDescription), \(size) at once")
      }
    }
  }

  @Test("a head has its limits, trailers included, and each request counts by itself")
  func limits() {
    let limits = RequestReader.Limits(block: 100, field: 40, fields: 3)
    func fault(_ text: String) -> RequestReader.Fault? { Reading(Array(text.utf8), limits).fault }
    func field(_ count: Int) -> String { "A: " + String(repeating: "x", count: count) + "\r\n" }
    #expect(fault(Self.line + field(37) + "\r\n") == nil)
    #expect(fault(Self.line + field(38) + "\r\n") == .tooLarge)
    let room = 100 - Self.line.utf8.count - 2 - field(37).utf8.count - field(0).utf8.count
    let most = Self.line + field(37) + field(room) + "\r\n"
    #expect(fault(most + most) == nil)
    #expect(fault(Self.line + field(37) + field(room + 1) + "\r\n") == .tooLarge)
    #expect(fault("POST /" + String(repeating: "x", count: 100)) == .tooLarge)
    #expect(fault(Self.line + field(0) + field(0) + field(0) + "\r\n") == nil)
    #expect(fault(Self.line + field(0) + field(0) + field(0) + field(0)) == .tooLarge)
    #expect(fault(Self.chunked + "0\r\n" + field(0) + field(0) + "\r\n") == nil)
    #expect(fault(Self.chunked + "0\r\n" + field(0) + field(0) + field(0)) == .tooLarge)
  }

  @Test("fields are kept to the byte, in room of just their size")
  func fields() throws {
    let bytes =
      Array((Self.line + "Host: a\r\nX: b").utf8) + [0xFF, 0xC3, 0xA9] + Array("\r\nY: z\r\n\r\n".utf8)
    var reader = RequestReader(.init())
    var position = 0
    guard case .head(let head)? = try reader.next(in: bytes.span, from: &position) else {
      Issue.record("no head")
      return
    }
    #expect(head.headers.first("x").map { Array($0) } == [0x62, 0xFF, 0xC3, 0xA9])
    #expect(head.headers.lines == Array(bytes[17..<bytes.count - 2]))
    #expect(head.headers.lines.capacity < head.headers.lines.count + 32)
  }
}
