import JSON
import NIOCore
import NIOEmbedded
import TestSupport
import Testing
import Webhooks

@testable import Receiver

/// Whatever comes over a connection: no crash, one answer to a request, and nothing kept that was not sent so.
@Suite("Fuzz: HTTP")
struct HTTPFuzzTests {
  private static let maxBody = 2000

  /// What the inputs are made from: whole requests, the faults of earlier days among them.
  private static let seeds: [[UInt8]] =
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
    ].map { Array($0.utf8) } + [[0x16, 0x03, 0x01, 0x02, 0x00, 0x01]]

  private static let pieces: [[UInt8]] = [
    "\r\n", "\r\n\r\n", "\n", "\r", ":", " ", "\t", ",", ";", "0\r\n\r\n", "1\r\na\r\n", "ffffffff\r\n",
    "\u{0}",
    "Content-Length: 0\r\n", "Content-Length: 5\r\n", "Content-Length: 005\r\n", "Content-Length: +5\r\n",
    "Content-Length: 2001\r\n", "Transfer-Encoding: chunked\r\n", "transfer-encoding:chunked \r\n",
    "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: identity\r\n",
    "Transfer-Encoding : chunked\r\n",
    "Host: b\r\n", "Connection: close\r\n", "Connection: keep-alive\r\n", "Expect: 100-continue\r\n",
    "Expect: x\r\n", "Upgrade: h2c\r\n", "POST / HTTP/1.1\r\n", "GET / HTTP/1.1\r\n", "HTTP/1.0", "HTTP/1.1",
    "HTTP/2.0", "POST ", "CONNECT ", "chunked", "18446744073709551616", "X-Parlay-Signature: t=1,v1=0\r\n",
    " folded\r\n", "A: b\r\n",
  ].map { Array($0.utf8) }

  @Test("no input crashes, each request has one answer at most, and what is kept was sent so")
  func connection() throws {
    let outcome = Fuzz("HTTP").run { round in
      round.input = Self.stream(&round.random)
      let connection = try HTTPConnection(maxBody: Self.maxBody)
      try connection.feed(round.random.chunks(round.input))
      let run = connection.run
      try Self.check(run, &round)
      try Self.expectPlain(run, &round)
      try connection.expectBounded(after: round)
      if round.random.isOne(in: 4) {
        let again = try HTTPConnection(maxBody: Self.maxBody)
        try again.feed(round.random.chunks(round.input))
        try round.expect(again.run == run, "another cut into reads gives \(again.run), not \(run)")
      }
    }
    #expect(outcome.failure == nil)
    #expect(outcome.reached("deliveries", oneIn: 4))
    #expect(outcome.reached("refusals", oneIn: 4))
    #expect(outcome.reached("plain throughout", oneIn: 20))
    #expect(outcome.reached("plain in part", oneIn: 8))
  }

  @Test("time that passes between the bytes of any input crashes nothing, and owes one answer at most")
  func overdue() throws {
    let outcome = Fuzz("HTTP in time").run { round in
      round.input = Self.stream(&round.random)
      let connection = try HTTPConnection(maxBody: Self.maxBody)
      for chunk in round.random.chunks(round.input) {
        try connection.feed([chunk])
        if round.random.isOne(in: 3) { connection.pass(.seconds(Int64(round.random.number(below: 70)))) }
      }
      connection.pass(.seconds(Int64(200)))
      try round.expect(!connection.isOpen, "the connection is open though its time is over")
      try Self.check(connection.run, &round)
      try connection.expectBounded(after: round)
    }
    #expect(outcome.failure == nil)
    #expect(outcome.reached("deliveries", oneIn: 20))
    #expect(outcome.reached("refusals", oneIn: 4))
  }

  /// Some requests one after the other, mostly spoilt.
  private static func stream(_ random: inout SeededRandom) -> [UInt8] {
    var bytes = (0...random.number(below: 4)).flatMap { _ in
      random.isOne(in: 2) ? request(&random) : random.pick(seeds)
    }
    if !random.isOne(in: 5) { bytes = random.mutated(bytes, seeds: seeds, pieces: pieces) }
    if random.isOne(in: 40) { bytes = random.input(like: seeds, pieces: pieces) }
    return bytes
  }

  /// A good POST, with a body of any bytes.
  private static func request(_ random: inout SeededRandom) -> [UInt8] {
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

  /// What holds for every input.
  private static func check(_ run: HTTPRun, _ round: inout Fuzz.Round) throws {
    let answers = run.answers
    try round.expect(answers.allSatisfy { $0.hasPrefix("HTTP/1.1 ") }, "no answer: \(answers)")
    let final = answers.filter { !$0.hasPrefix("HTTP/1.1 100 ") }
    let due = run.deliveries.count + run.refusals.count
    try round.expect(final.count == due, "\(final.count) final heads for \(due) requests")
    try round.expect(answers.count <= 2 * due + 1, "\(answers.count) heads for \(due) requests")
    let closing = final.firstIndex { $0.contains("Connection: close") }
    try round.expect(closing.map { $0 == final.count - 1 } ?? true, "answers after the one that closes")
    try round.expect(!run.hasWrittenAfterClosing, "bytes were written after the closing")
    if !run.deliveries.isEmpty { round.count("deliveries") }
    if !run.refusals.isEmpty { round.count("refusals") }
  }

  /// What the plain reader takes is kept, first and just so.
  private static func expectPlain(_ run: HTTPRun, _ round: inout Fuzz.Round) throws {
    let plain = PlainHTTP(round.input, maxBody: maxBody)
    let kept = run.deliveries.prefix(plain.messages.count).map {
      PlainHTTP.Message(
        target: $0.target.text, fields: $0.headers.map { [$0.name.text, $0.value.text] }, body: $0.body)
    }
    try round.expect(kept == plain.messages, "kept \(kept), and not \(plain.messages)")
    if plain.isAll {
      try round.expect(run.deliveries.count == kept.count, "more is kept than the \(kept.count) that came")
      try round.expect(run.refusals.isEmpty, "a good request was refused: \(run.refusals)")
    }
    if !kept.isEmpty { round.count(plain.isAll ? "plain throughout" : "plain in part") }
  }
}
