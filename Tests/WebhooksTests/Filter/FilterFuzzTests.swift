import TestSupport
import Testing

@testable import Webhooks

/// Expressions of any text: each is a filter or has its fault inside it, and a filter's description is that filter.
@Suite("Fuzz: filter")
struct FilterFuzzTests {
  private static let seeds: [[UInt8]] = [
    "type:analysis.*   live:false", "foo", "\"two words\"", #"~"\"\\""#, "!dup", "--dup", "-(dup|answer:5xx)",
    "(dup answer:5xx) sig:failed", "dup|(answer:5xx|sig:failed)", "dup live:true|answer:5xx",
    "live:true|false|n/a dup",
    "answer:4XX|200", "age:5m", "age:>=1.5h", "age:<-0.25", "size:<=1.5M", "size:>10k", "header:X-Foo=",
    "header:\"a=b\"=c", "provider:-", "provider:parlay|parable", "type:\"a b\"", "dup\"\"", "~~a", "~-a",
    "a:b:c",
    "id:a:b", "", "type:\"a*?\"", "attempt:>1", "((((((a))))))", "\"\u{1F468}\u{200D}\u{1F469}\"", "~\u{301}",
    "type:a?*|b", "sig:missing|malformed", "age:>9999999999999", "age:>999999999h", "header:=a", "type:",
    "(a", "a)", "\"",
  ].map { Array($0.utf8) }

  private static let pieces: [[UInt8]] =
    FilterKey.allCases.map { Array("\($0.rawValue):".utf8) }
    + [
      "dup", "disagree", "app:2xx", "app:refused", "took:>1ms", "answer:5xx", "true", "n/a", "failed",
      "parlay", ">", "<", "=", ">=", "5", "1.5", "k", "M", "h",
      "4xx", "*",
      "?", "\"", "\\", "\\\"", "|", "(", ")", "-", "!", "~", ":", " ", "\t", "\u{A0}", "é", "\u{301}",
      "\u{200D}", "漢",
      "\u{1F469}", "\r\n", "word",
    ].map { Array($0.utf8) }

  private static let delivery = Samples.delivery(
    headers: [("X-Foo", "a=b"), ("Content-Type", "application/json")], body: "{\"two words\":1}",
    verdict: Samples.verdict(.noV1Matches, age: 4, secret: nil), attempt: 2)

  @Test("any text is a filter that describes itself, or has a fault at a column inside it")
  func expressions() {
    let outcome = Fuzz("filter").run { round in
      round.input = round.random.input(like: Self.seeds, pieces: Self.pieces, longest: 300)
      let text = String(decoding: round.input, as: UTF8.self)
      switch Result(catching: { () throws(FilterError) in try Filter(text) }) {
      case .success(let filter):
        round.count("filters")
        try Self.expectDescribed(filter, round)
      case .failure(let error):
        round.count("refused")
        try round.expect(0...text.count ~= error.column, "the fault is at column \(error.column)")
        try round.expect(!error.description.isEmpty, "the fault has no words")
      }
    }
    #expect(outcome.failure == nil)
    #expect(outcome.reached("filters", oneIn: 4))
    #expect(outcome.reached("refused", oneIn: 4))
  }

  private static func expectDescribed(_ filter: Filter, _ round: Fuzz.Round) throws {
    let description = filter.description
    guard let again = try? Filter(description) else {
      return try round.expect(false, "its description is no filter: \(description)")
    }
    try round.expect(again == filter, "its description is another filter: \(description)")
    try round.expect(again.description == description, "described again it reads \(again.description)")
    try round.expect(again.matches(delivery) == filter.matches(delivery), "the two do not take the same")
  }
}
