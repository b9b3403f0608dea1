import JSON
import TestSupport
import Testing

@testable import Webhooks

@Suite("Rules for what the next deliveries are told")
struct AnswerRuleTests {
  private func rule(_ text: String) throws -> AnswerRule { try AnswerRule(text, providers: .documented) }

  /// What a rule does, in short: `500 +11.0s 'text' drop x3`.
  private func words(_ rule: AnswerRule) -> String {
    [
      rule.status.map(String.init), rule.delay > 0 ? "+\(rule.delay)s" : nil, rule.body.map { "'\($0)'" },
      rule.hangs ? "hang" : rule.isSilent ? "drop" : nil, rule.count.map { "x\($0)" },
    ].compactMap(\.self).joined(separator: " ")
  }

  @Test(
    "actions, alone and side by side",
    arguments: [
      ("status 500", "500"), ("STATUS 204 X3", "204 x3"), ("delay 11s", "+11.0s"),
      ("delay 500ms x1", "+0.5s x1"),
      ("delay 1h", "+3600.0s"), ("drop x2", "drop x2"), ("hang", "hang"), ("body 'a : b'", "'a : b'"),
      ("body \"it's\" status 503 delay 2s x9", "503 +2.0s 'it's' x9"), ("  delay 1 \t drop  ", "+1.0s drop"),
      ("type:webhook.test : status 500 x3", "500 x3"), ("(sig:failed | dup) -live:true : hang", "hang"),
      ("~x\\'y : drop".replacing("\\'", with: ""), "drop"), ("body 'x3'", "'x3'"),
    ])
  func actions(text: String, due: String) throws {
    #expect(words(try rule(text)) == due)
  }

  @Test("is called as it was written, without white space around it")
  func name() throws {
    #expect(try rule("  type:a  :  Status 500  x3").name.text == "type:a  :  Status 500  x3")
  }

  @Test(
    "what is none says what is expected",
    arguments: [
      ("", .noAction), ("x3", .noAction), ("type:a :", .noAction), ("status", .badStatus),
      ("status 199", .badStatus),
      ("status 600", .badStatus), ("status five", .badStatus), ("delay", .badDelay),
      ("delay 61min", .badDelay),
      ("delay >1s", .badDelay), ("delay -1s", .badDelay), ("body hi", .badBody), ("body", .badBody),
      ("drop x0", .badCount), ("drop x1000001", .badCount), ("drop status 500", .contradiction),
      ("hang body 'a'", .contradiction), ("body 'a", .openQuote),
      ("status 500 twice", .unknownAction("twice")),
      ("'drop'", .unknownAction("'drop'")), (": drop", .noFilter), ("cause:a : drop", .lateFilter),
      ("app:2xx : drop", .lateFilter), ("type:a: drop", .unknownAction("type:a:")),
    ] as [(String, AnswerRuleError)])
  func errors(text: String, due: AnswerRuleError) {
    #expect(throws: due) { try rule(text) }
    #expect(due.description.hasPrefix(due.description.prefix(1).lowercased()))
  }

  @Test("a filter's own error is told with its column")
  func badFilter() {
    let error = #expect(throws: AnswerRuleError.self) { try rule("dup sig:bad : drop") }
    #expect(error?.description.hasPrefix("filter, column 9: sig:bad is not known") == true)
  }
}

@Suite("Rules in force")
struct AnswerRulesTests {
  private func delivery(_ event: String) -> Delivery {
    Samples.delivery(event: ByteString(event))
  }

  @Test("the first that takes a delivery is used, as often as it says, and then the next one")
  func order() throws {
    let texts = ["type:a : status 500 x2", "type:a : status 501 x1", "status 502 x1", "type:b : drop"]
    let rules = AnswerRules(try texts.map { try AnswerRule($0, providers: .documented) })
    let told = ["a", "b", "a", "a", "a", "b", "b"].map { rules.take(for: delivery($0))?.name.text }
    #expect(told == [texts[0], texts[2], texts[0], texts[1], nil, texts[3], texts[3]])
    #expect(rules.armed == [.init(rule: try AnswerRule(texts[3], providers: .documented), left: nil)])
  }

  @Test("one that is armed later comes last, and all can be lifted")
  func changed() throws {
    let rules = AnswerRules([try AnswerRule("drop x5", providers: .documented)])
    rules.arm(try AnswerRule("hang", providers: .documented))
    _ = rules.take(for: delivery("a"))
    #expect(rules.armed.map(\.left) == [4, nil])
    rules.disarmAll()
    #expect(rules.armed.isEmpty && rules.take(for: delivery("a")) == nil)
  }
}
