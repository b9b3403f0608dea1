import Webhooks

/// Requests of every kind that a receiver on a network meets, and what is due for each.
///
/// Each is followed by one more request: `HostileHTTPCase` sends it, and knows whether it counts.
enum HostileHTTPTable {
  static let all =
    taken + otherMethods + HostileHTTPFraming.all + expectations + upgrades + brokenOff + notHTTP + limits

  static let host = "Host: localhost\r\n"
  static let inner = "POST \(HostileHTTPCase.smuggled) HTTP/1.1\r\n\(host)Content-Length: 0\r\n\r\n"
  private static let canary = HostileHTTPCase.canary

  static func row(
    _ name: String, _ text: String, _ statuses: [Int], _ end: HostileHTTPCase.End, _ targets: [String] = [],
    _ reasons: [Incident.Reason] = []
  ) -> HostileHTTPCase {
    HostileHTTPCase(
      name: name, bytes: Array(text.utf8), statuses: statuses, end: end, targets: targets, reasons: reasons)
  }

  /// A POST to `/a` with these lines, each with its end, and this body.
  static func post(_ fields: String, _ body: String = "", version: String = "1.1") -> String {
    "POST /a HTTP/\(version)\r\n\(host)\(fields)\r\n\(body)"
  }

  static func sized(_ body: String) -> String { "Content-Length: \(body.utf8.count)\r\n" }

  static func chunked(_ chunks: String...) -> String {
    chunks.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined() + "0\r\n\r\n"
  }

  static let coding = "Transfer-Encoding: chunked\r\n"

  static let taken: [HostileHTTPCase] = [
    row(
      "any path", "POST /\(canary);b?c=%00&d=%0D%0ASet-Cookie:x HTTP/1.1\r\n\(host)\r\n", [200], .open,
      ["/\(canary);b?c=%00&d=%0D%0ASet-Cookie:x"]),
    row(
      "fields that an answer could echo", post("X-\(canary): \(canary)\r\nOrigin: \(canary)\r\n"), [200],
      .open, ["/a"]),
    row(
      "an absolute target", "POST http://b:1/c?d HTTP/1.1\r\n\(host)\r\n", [200], .open, ["http://b:1/c?d"]),
    row("empty lines first", "\r\n\r\n" + post(""), [200], .open, ["/a"]),
    row("a request inside a body", post(sized(inner), inner), [200], .open, ["/a"]),
    row("a request inside a chunk", post(coding, chunked(inner)), [200], .open, ["/a"]),
    row(
      "a request inside a chunk's extension", post(coding, "1;a=\"\(inner.prefix(14))\"\r\nx\r\n0\r\n\r\n"),
      [200], .open, ["/a"]),
    row("one byte per chunk", post(coding, chunked("a", "b", "c")), [200], .open, ["/a"]),
    row(
      "odd sizes of chunks", post(coding, "0A;x=y\r\n0123456789\r\n00000b\r\n0123456789a\r\n000\r\n\r\n"),
      [200], .open, ["/a"]),
    row(
      "trailers", post(coding, "1\r\na\r\n0\r\nHost: b\r\nX-Parlay-Event: y\r\n\r\n"), [200], .open,
      ["/a"]),
    row(
      "coding in large letters", post("TRANSFER-ENCODING: Chunked\r\n", chunked("a")), [200], .open, ["/a"]),
    row("length with zeros and spaces", post("Content-Length:   0002 \r\n", "ab"), [200], .open, ["/a"]),
    row("HTTP/1.0", post("", version: "1.0"), [200], .closed, ["/a"]),
    row("HTTP/1.0 kept open", post("Connection: Keep-Alive\r\n", version: "1.0"), [200], .open, ["/a"]),
    row("the end of the connection asked for", post("Connection: foo, CLOSE\r\n"), [200], .closed, ["/a"]),
    row(
      "fifty at once", String(repeating: post(sized("ab"), "ab"), count: 50),
      Array(repeating: 200, count: 50),
      .open, Array(repeating: "/a", count: 50)),
    row(
      "bytes behind a request without a length", post("", "hello\r\n\r\n"), [200, 400], .closed, ["/a"],
      [.badRequest]),
    HostileHTTPCase(
      name: "a field that is not UTF-8",
      bytes: Array("POST /a HTTP/1.1\r\n\(host)X: ".utf8) + [0xFF, 0xC0, 0x80] + Array("\r\n\r\n".utf8),
      statuses: [200], end: .open, targets: ["/a"]),
  ]

  static let otherMethods: [HostileHTTPCase] =
    ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PURGE", "REPORT"].map {
      row($0, "\($0) /\(canary) HTTP/1.1\r\n\(host)\r\n", [405], .open, [], [.wrongMethod])
    } + [
      row(
        "GET and POST by turns", "GET / HTTP/1.1\r\n\(host)\r\n" + post("") + "GET / HTTP/1.1\r\n\(host)\r\n",
        [405, 200, 405], .open, ["/a"], [.wrongMethod, .wrongMethod]),
      row("GET on HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", [405], .closed, [], [.wrongMethod]),
      row(
        "a request inside a GET's body", "GET / HTTP/1.1\r\n\(host)\(sized(inner))\r\n\(inner)", [405],
        .closed, [], [.wrongMethod]),
      row(
        "a request inside a PUT's chunk", "PUT / HTTP/1.1\r\n\(host)\(coding)\r\n\(chunked(inner))", [405],
        .closed, [], [.wrongMethod]),
      row("a method in small letters", "post /a HTTP/1.1\r\n\(host)\r\n", [400], .closed, [], [.badRequest]),
      row("a method that is none", "BREW /a HTTP/1.1\r\n\(host)\r\n", [400], .closed, [], [.badRequest]),
      row("RTSP", "SETUP rtsp://a/b RTSP/1.0\r\nCSeq: 1\r\n\r\n", [400], .closed, [], [.badRequest]),
      row("a POST over RTSP", "POST /a RTSP/1.0\r\n\(host)\r\n", [400], .closed, [], [.badRequest]),
    ]

  static let expectations: [HostileHTTPCase] = [
    row("100-continue", post("Expect: 100-Continue\r\n" + sized("ab"), "ab"), [100, 200], .open, ["/a"]),
    row(
      "100-continue before chunks", post("Expect: 100-continue\r\n" + coding, chunked("ab")), [100, 200],
      .open, ["/a"]),
    row("100-continue without a body", post("Expect: 100-continue\r\n"), [200], .open, ["/a"]),
    row(
      "100-continue on HTTP/1.0", post("Expect: 100-continue\r\n" + sized("ab"), "ab", version: "1.0"), [200],
      .closed, ["/a"]),
    row("100-continue, and then nothing", post("Expect: 100-continue\r\n" + sized("ab")), [100], .waits),
    row(
      "100-continue with a body too large", post("Expect: 100-continue\r\nContent-Length: 1001\r\n"), [413],
      .closed, [], [.tooLarge]),
    row(
      "100-continue with a GET", "GET / HTTP/1.1\r\n\(host)Expect: 100-continue\r\n\(sized("ab"))\r\nab",
      [405], .closed, [], [.wrongMethod]),
    row(
      "another expectation", post("Expect: \(canary)\r\n" + sized("ab"), "ab"), [417], .closed, [],
      [.expectationFailed]),
    row(
      "two expectations", post("Expect: 100-continue\r\nExpect: tea\r\n" + sized("ab"), "ab"), [417], .closed,
      [], [.expectationFailed]),
  ]

  static let upgrades: [HostileHTTPCase] = [
    row(
      "WebSocket", "GET / HTTP/1.1\r\n\(host)Connection: Upgrade\r\nUpgrade: \(canary)\r\n\r\n\(inner)",
      [405], .closed, [], [.upgradeRefused]),
    row(
      "POST with an upgrade", post("Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n", inner),
      [200], .closed, ["/a"]),
    row(
      "POST with a body and an upgrade",
      post("Connection: Upgrade\r\nUpgrade: x\r\n" + sized("ab"), "ab" + inner), [200], .closed, ["/a"]),
    row(
      "POST with chunks and an upgrade",
      post("Connection: Upgrade\r\nUpgrade: x\r\n" + coding, chunked("ab") + inner), [200], .closed, ["/a"]),
    row("an upgrade without Connection", post("Upgrade: x\r\n", inner), [200], .closed, ["/a"]),
    row("Connection without an upgrade", post("Connection: Upgrade\r\n"), [200], .open, ["/a"]),
    row("CONNECT", "CONNECT a:1 HTTP/1.1\r\n\(host)\r\n\(inner)", [405], .closed, [], [.upgradeRefused]),
    row(
      "CONNECT with a body", "CONNECT a:1 HTTP/1.1\r\n\(host)\(sized(inner))\r\n\(inner)", [405], .closed, [],
      [.upgradeRefused]),
  ]

  static let brokenOff: [HostileHTTPCase] = [
    row("the end in the method", "PO", [], .waits),
    row("the end in the request line", "POST /a HT", [], .waits),
    row("the end in a field", "POST /a HTTP/1.1\r\nHo", [], .waits),
    row("the end before the empty line", "POST /a HTTP/1.1\r\n\(host)", [], .waits),
    row("the end in the body", post("Content-Length: 3\r\n", "ab"), [], .waits),
    row("the end before the body", post("Content-Length: 3\r\n"), [], .waits),
    row("the end in a chunk's size", post(coding, "1"), [], .waits),
    row("the end in a chunk", post(coding, "5\r\nab"), [], .waits),
    row("the end before the last chunk", post(coding, "2\r\nab\r\n"), [], .waits),
    row("the end in the trailers", post(coding, "2\r\nab\r\n0\r\nX: y\r\n"), [], .waits),
    row("the end in the second request", post("") + "POST /b", [200], .waits, ["/a"]),
  ]

  static let notHTTP: [HostileHTTPCase] = [
    HostileHTTPCase(
      name: "a TLS hello", bytes: [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01], statuses: [],
      end: .closed, reasons: [.notHTTP]),
    HostileHTTPCase(
      name: "zeros", bytes: [UInt8](repeating: 0, count: 64), statuses: [], end: .closed, reasons: [.notHTTP]),
    row("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [], .closed, [], [.notHTTP]),
    row("SSH", "SSH-2.0-OpenSSH_9.6\r\n", [], .closed, [], [.notHTTP]),
    row("Redis", "*1\r\n$4\r\nPING\r\n", [], .closed, [], [.notHTTP]),
    row("only empty lines", String(repeating: "\r\n", count: 40), [], .closed, [], [.notHTTP]),
    row("a method without an end", String(repeating: "A", count: 40), [], .closed, [], [.notHTTP]),
    row("SMTP", "EHLO \(canary)\r\n", [400], .closed, [], [.badRequest]),
    row("HTTP/0.9", "POST /a\r\n", [400], .closed, [], [.badRequest]),
    row("HTTP/2.0 by its line", "POST /a HTTP/2.0\r\n\(host)\r\n", [400], .closed, [], [.badRequest]),
    row("HTTP/1.2", "POST /a HTTP/1.2\r\n\(host)\r\n", [400], .closed, [], [.badRequest]),
    row("another protocol's line", "POST /a ICE/1.0\r\n\(host)\r\n", [400], .closed, [], [.badRequest]),
  ]

  private static func letters(_ count: Int) -> String { String(repeating: "x", count: count) }

  static let limits: [HostileHTTPCase] = [
    row("a body of the largest size", post(sized(letters(1000)), letters(1000)), [200], .open, ["/a"]),
    row(
      "a body too large by its length", post(sized(letters(1001)), letters(1001)), [413], .closed, [],
      [.tooLarge]),
    row(
      "a body too large by far, all of it sent", post(sized(letters(1 << 20)), letters(1 << 20)), [413],
      .closed, [], [.tooLarge]),
    row(
      "a body too large in chunks", post(coding, chunked(letters(600), letters(600))), [413], .closed, [],
      [.tooLarge]),
    row(
      "a chunk without an end", post(coding, "ffffffff\r\n" + letters(1 << 20)), [413], .closed, [],
      [.tooLarge]),
    row(
      "a length without an end", post("Content-Length: 9223372036854775807\r\n"), [413], .closed, [],
      [.tooLarge]),
    row("200 fields", post(String(repeating: "X: y\r\n", count: 199)), [200], .open, ["/a"]),
    row(
      "201 fields", post(String(repeating: "X: y\r\n", count: 200)), [431], .closed, [], [.headersTooLarge]),
    row(
      "201 fields, trailers among them",
      post(coding, "0\r\n" + String(repeating: "X: y\r\n", count: 199) + "\r\n"), [431], .closed, [],
      [.headersTooLarge]),
    row("a field too large", post("X: \(letters(65 << 10))\r\n"), [431], .closed, [], [.headersTooLarge]),
    row(
      "a field's name too large", post("\(letters(65 << 10)): x\r\n"), [431], .closed, [], [.headersTooLarge]),
    row(
      "fields too large together", post(String(repeating: "X: \(letters(1000))\r\n", count: 70)), [431],
      .closed, [], [.headersTooLarge]),
    row(
      "a target too large", "POST /\(letters(65 << 10)) HTTP/1.1\r\n\(host)\r\n", [431], .closed, [],
      [.headersTooLarge]),
    row(
      "a fault while bytes still come", post(coding, "zz\r\n" + letters(1 << 20)), [400], .closed, [],
      [.badRequest]),
    row(
      "a good one, a broken one, a good one", post("") + "POST\r\n\r\n" + post(""), [200, 400], .closed,
      ["/a"], [.badRequest]),
  ]
}
