import TestSupport

/// What a sender may send on one connection: whole requests, and all that can be made of them.
enum HTTPInputs {
  /// What the inputs are made from: whole requests, the faults of earlier days among them.
  static let seeds: [[UInt8]] =
    [
      "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
      "POST / HTTP/1.1\r\nHost: a\r\n\r\n",
      "POST /?b=c HTTP/1.1\r\nHost: a:1\r\nX-Parlay-Event: webhook.test\r\nContent-Length: 2\r\n\r\n{}",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;x=y\r\na\r\n0\r\nX-Trail: b\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nabcd",
      "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
      "POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx",
      "POST / HTTP/1.0\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
      "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
      "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde",
      "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: 0\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nPOST",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nX: b\r\n folded\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775807\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "POST http://example.com/c HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na",
      "POST https://u:p@[::1]:8/c?d#e HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a=\"b\\\"c\";d\r\nx\r\n00\r\nConnection: close\r\n\r\n",
      "POST /a RTSP/1.0\r\nHost: a\r\n\r\n",
      "QUERY * HTTP/1.1\r\nhost:\ta\t \r\nX:\r\nX-Y:  \u{E9} z  \r\n\r\n",
    ].map { Array($0.utf8) } + [[0x16, 0x03, 0x01, 0x02, 0x00, 0x01]]

  static let pieces: [[UInt8]] = [
    "\r\n", "\r\n\r\n", "\n", "\r", ":", " ", "\t", ",", ";", "0\r\n\r\n", "1\r\na\r\n", "ffffffff\r\n",
    "\u{0}",
    "Content-Length: 0\r\n", "Content-Length: 5\r\n", "Content-Length: 005\r\n", "Content-Length: +5\r\n",
    "Content-Length: 2001\r\n", "Transfer-Encoding: chunked\r\n", "transfer-encoding:chunked \r\n",
    "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: identity\r\n",
    "Transfer-Encoding : chunked\r\n",
    "Host: b\r\n", "Connection: close\r\n", "Connection: keep-alive\r\n", "Expect: 100-continue\r\n",
    "Expect: x\r\n", "Upgrade: h2c\r\n", "POST / HTTP/1.1\r\n", "GET / HTTP/1.1\r\n", "HTTP/1.0", "HTTP/1.1",
    "HTTP/2.0", "POST ", "CONNECT ", "chunked", "18446744073709551616", "X-Parlay-Signature: t=1,v1=0\r\n",
    " folded\r\n", "A: b\r\n", "Proxy-Connection: close\r\n", "Connection: \tclose\t, keep-alive\t\r\n",
    "X:\r\n",
    "Content-Length: 3\t\r\n", "Transfer-Encoding: chunked\t\r\n", "Content-Length:\r\n", ";a=b", ";a=\"b\"",
    ";", "=",
    "\"", "\\", "0\r\nX: y\r\n\r\n", "0\r\nContent-Length: 1\r\n\r\n", "RTSP/1.0", "http://a@b:1", "@", "#",
    "?", "//",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "7fffffffffffffff\r\n", "\u{FF}",
  ].map { Array($0.utf8) }

  /// Some requests one after the other, mostly spoilt.
  static func stream(_ random: inout SeededRandom, maxBody: Int) -> [UInt8] {
    var bytes = (0...random.number(below: 4)).flatMap { _ in
      random.isOne(in: 2) ? request(&random, maxBody: maxBody) : random.pick(seeds)
    }
    if !random.isOne(in: 5) { bytes = random.mutated(bytes, seeds: seeds, pieces: pieces) }
    if random.isOne(in: 40) { bytes = random.input(like: seeds, pieces: pieces) }
    return bytes
  }

  /// A good POST, with a body of any bytes.
  private static func request(_ random: inout SeededRandom, maxBody: Int) -> [UInt8] {
    let body = random.bytes(count: random.number(below: random.isOne(in: 30) ? maxBody + 50 : 40))
    var lines = ["POST /\(random.number(below: 1000)) HTTP/1.1", "Host: a"]
    for number in 0..<random.number(below: 4) { lines.append("X-Field-\(number): \(random.next())") }
    guard random.isOne(in: 3) else {
      lines.append("Content-Length: \(body.count)")
      return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }
    lines.append("Transfer-Encoding: chunked")
    var bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    for chunk in random.chunks(body) {
      bytes += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [13, 10]
    }
    return bytes + Array("0\r\n\r\n".utf8)
  }
}
