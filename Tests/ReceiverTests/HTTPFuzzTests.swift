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

  @Test("no input crashes, each request has one answer at most, and what is kept was sent so")
  func connection() throws {
    let outcome = Fuzz("HTTP").run { round in
      round.input = HTTPInputs.stream(&round.random, maxBody: Self.maxBody)
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
      round.input = HTTPInputs.stream(&round.random, maxBody: Self.maxBody)
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
