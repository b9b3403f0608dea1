import JSON
import TestSupport
import Testing

@testable import Webhooks

/// Session files of any bytes: read the same however they are cut, and what the writer wrote reads back equal.
@Suite("Fuzz: session")
struct SessionFuzzTests {
  private static let seeds: [[UInt8]] =
    [
      SessionSamples.example, SessionSamples.incident, SessionSamples.example + SessionSamples.incident,
      "\n  \t\r\n" + SessionSamples.incident, "{}\n[]\n\"kind\"\n", "\u{FEFF}{}\n",
      SessionSamples.example.replacing("analysis", with: "an\\u00e4lysis\\ud83d\\ude00"),
      SessionSamples.example.replacing(#""headers":["#, with: #""headers":[["a","b"],["A",""],"#),
    ].map { Array($0.utf8) } + [
      [0xFF, 0x0A], Array("{\"a\":".utf8) + Array(repeating: UInt8(ascii: "["), count: 300),
    ]

  private static let pieces: [[UInt8]] = [
    "\n", "\r\n", "{", "}", "[", "]", "\"", ":", ",", "\\", "\\u0000", "\\ud800", "null", "true", "0", "-1",
    "1e999",
    "1.5", "18446744073709551616", "\"kind\":\"incident\"", "\"kind\":\"delivery\"", "\"request\":{",
    "\"answer\":null",
    "\"headers\":[]", "\"body_base64\":\"AA==\"", "=", "/", "+", " ", "\u{E9}", "\u{0}", "[[\"a\",\"b\"]]",
    "valid",
    "stale", "ok", "parlay", "2026-11-21T18:02:11.482913Z",
  ].map { Array($0.utf8) }

  @Test("any file gives the same entries however it is cut into chunks, with its lines counted in order")
  func chunks() {
    let outcome = Fuzz("session reader").run { round in
      round.input = (0...round.random.number(below: 3)).flatMap { _ in
        round.random.input(like: Self.seeds, pieces: Self.pieces)
      }
      let limit = round.random.pick([SessionReader.defaultLimit, 600, 40])
      let whole = Self.entries([round.input[...]], limit: limit)
      let cut = Self.entries(round.random.chunks(round.input), limit: limit)
      try round.expect(whole == cut, "whole \(whole), cut \(cut)")
      let lines = whole.map(\.line)
      try round.expect(zip(lines, lines.dropFirst()).allSatisfy { $0 < $1 }, "the lines are \(lines)")
      let last = round.input.count { $0 == 0x0A } + 1
      try round.expect(lines.allSatisfy { 1...last ~= $0 }, "the lines are \(lines) of \(last)")
      for entry in whole { round.count(entry.what) }
    }
    #expect(outcome.failure == nil)
    #expect(outcome.reached("records", oneIn: 8))
    #expect(outcome.reached("errors", oneIn: 4))
  }

  private struct Entry: Equatable {
    let line: Int
    /// The record written again, or the error.
    let text: String
    let what: String

    init(_ entry: SessionReader.Entry) {
      line = entry.line
      switch entry.result {
      case .success(.delivery(let delivery)): (text, what) = (SessionSamples.line(delivery), "records")
      case .success(.incident(let incident)): (text, what) = (SessionSamples.line(incident), "records")
      case .success(.exchange(let exchange, let sequence)):
        (text, what) = (SessionSamples.line(exchange, of: sequence), "records")
      case .failure(let error): (text, what) = ("\(error)", "errors")
      }
    }
  }

  private static func entries(_ chunks: [ArraySlice<UInt8>], limit: Int) -> [Entry] {
    var reader = SessionReader(limit: limit)
    let entries = chunks.flatMap { reader.read(Array($0)) }
    return (entries + (reader.finish().map { [$0] } ?? [])).map(Entry.init)
  }

  @Test("whatever is written is read back as it was")
  func written() {
    let outcome = Fuzz("session writer").run { round in
      let delivery = round.random.delivery()
      let incident = round.random.incident()
      round.input = Array((SessionSamples.line(delivery) + SessionSamples.line(incident)).utf8)
      try round.expect(round.input.count { $0 == 0x0A } == 2, "a record is not one line")
      var reader = SessionReader()
      let results = reader.read(round.input).map(\.result)
      guard results.count == 2, case .success(.delivery(let read)) = results[0],
        case .success(.incident(let readIncident)) = results[1]
      else { return try round.expect(false, "read as \(results)") }
      try Self.expectEqual(read, delivery, round)
      try round.expect(readIncident == incident, "\(readIncident) for \(incident)")
    }
    #expect(outcome.failure == nil)
  }

  private static func expectEqual(_ read: Delivery, _ written: Delivery, _ round: Fuzz.Round) throws {
    try round.expect(
      read.sequence == written.sequence && read.receivedAt == written.receivedAt, "number or time")
    try round.expect(read.request == written.request, "the request is \(read.request)")
    try round.expect(read.envelope == written.envelope, "the envelope is \(read.envelope)")
    try round.expect(read.verdict.reason == written.verdict.reason, "the reason is \(read.verdict.reason)")
    try round.expect(read.verdict.secret == written.verdict.secret, "the secret's label")
    try round.expect(read.verdict.ageSeconds == written.verdict.ageSeconds, "the age")
    try round.expect(
      read.isDuplicate == written.isDuplicate && read.attempt == written.attempt, "the attempt")
    try round.expect(read.answer == written.answer, "the answer is \(String(describing: read.answer))")
  }
}

extension SeededRandom {
  fileprivate mutating func delivery() -> Delivery {
    var verdict = Verdict(pick(Verdict.Reason.allCases))
    verdict.ageSeconds =
      isOne(in: 3) ? nil : Double(Int64(truncatingIfNeeded: next()) >> pick([8, 30, 50])) / 1e6
    verdict.secret = isOne(in: 2) ? nil : ByteString(text())
    return Delivery(
      sequence: max(1, next() >> UInt64(number(below: 64))), receivedAt: moment(), request: request(),
      envelope: Envelope(
        provider: pick([nil, .parlay, .parable]), event: orNil { ByteString($0.text()) },
        eventID: orNil { ByteString($0.text()) },
        deliveryID: orNil { ByteString($0.text()) }, livemode: pick([.live, .test, .notApplicable])),
      verdict: verdict, isDuplicate: isOne(in: 2), attempt: 1 + number(below: 20),
      answer: Answer(status: 100 + number(below: 900), milliseconds: Double(number(below: 1 << 30)) / 1000))
  }

  fileprivate mutating func incident() -> Incident {
    Incident(
      receivedAt: moment(), reason: pick(Incident.Reason.allCases), detail: text(), peer: text(),
      status: isOne(in: 2) ? nil : 100 + number(below: 900),
      received: isOne(in: 2) ? nil : Incident.Received(Array(text().utf8), of: number(below: 1 << 40)))
  }

  private mutating func request() -> Request {
    let fields = (0..<number(below: 6)).map { _ in
      Headers.Field(
        pick(["Host", "x-a", "X-A", "!#$%&'*+-.^_`|~09"]),
        // What can stand in a field line: the reader takes nothing else.
        String(
          String.UnicodeScalarView(text().unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F })))
    }
    return Request(
      method: pick(["POST", "GET", "M-SEARCH"]), target: pick(["/", "/a?b=c", "*", "http://a:1/é漢"]),
      version: pick([.http10, .http11]), headers: Headers(fields), body: bytes(count: number(below: 70)),
      peer: pick(["", "127.0.0.1:1", "[::1]:65535"]))
  }

  private mutating func moment() -> Timestamp {
    Timestamp(microseconds: Int64(number(below: 4_000_000_000)) * 1_000_000 + Int64(number(below: 1_000_000)))
  }

  private mutating func orNil(_ text: (inout SeededRandom) -> ByteString) -> ByteString? {
    isOne(in: 4) ? nil : text(&self)
  }

  private mutating func text() -> String {
    let pieces = [
      "a", "evt_", "\"", "\\", "/", "\n", "\r", "\t", "\u{0}", "\u{1B}[2J", "\u{7F}", "\u{9B}", "é", "漢",
      "\u{1F600}",
      "\u{2028}", "\u{FEFF}", "\u{FFFD}", "\u{202E}", "e\u{301}", "\\u00e9", "null",
    ]
    return (0..<number(below: 8)).map { _ in pick(pieces) }.joined()
  }
}
