import TestSupport
import Testing
@testable import Webhooks

@Suite struct FilterParserTests {
  @Test(
    "a wrong expression is refused with the column and the problem",
    arguments: [
      ("foo:bar", 0, .unknownKey("foo")), ("dup http://a", 4, .unknownKey("http")),
      (":a", 0, .unknownKey("")),
      ("Kind:a", 0, .unknownKey("Kind")), ("type:", 5, .missingValue(of: .type)),
      ("dup live: true", 9, .missingValue(of: .live)), ("live:|dup", 5, .missingValue(of: .live)),
      ("live:yes", 5, .badValue("yes", of: .live)), ("sig:bad", 4, .badValue("bad", of: .sig)),
      ("provider:stripe", 9, .badValue("stripe", of: .provider)), ("age:old", 4, .badValue("old", of: .age)),
      ("age:>", 4, .badValue(">", of: .age)), ("age:=>5", 4, .badValue("=>5", of: .age)),
      ("age:5x", 4, .badValue("5x", of: .age)), ("age:1.2.3", 4, .badValue("1.2.3", of: .age)),
      ("age:>9999999999999", 4, .badValue(">9999999999999", of: .age)),
      ("age:>999999999999d", 4, .badValue(">999999999999d", of: .age)),
      ("age:1.0000001", 4, .badValue("1.0000001", of: .age)), ("size:>10q", 5, .badValue(">10q", of: .size)),
      ("size:k", 5, .badValue("k", of: .size)), ("attempt:>1k", 8, .badValue(">1k", of: .attempt)),
      ("answer:6xx", 7, .badValue("6xx", of: .answer)), ("answer:20x", 7, .badValue("20x", of: .answer)),
      ("answer:20", 7, .badValue("20", of: .answer)), ("answer:2000", 7, .badValue("2000", of: .answer)),
      ("answer:xxx", 7, .badValue("xxx", of: .answer)), ("header:=a", 7, .badValue("=a", of: .header)),
      ("~", 1, .missingText), ("~ a", 1, .missingText), ("~\"\"", 1, .missingText), ("\"\"", 0, .missingText),
      ("|", 0, .missingTerm), ("a |", 3, .missingTerm), ("a ||| b", 4, .missingTerm),
      ("a && ", 5, .missingTerm), ("and a", 0, .missingTerm), ("a or or b", 5, .missingTerm),
      ("not", 3, .missingTerm), ("a and && b", 6, .missingTerm), ("| a", 0, .missingTerm),
      ("()", 1, .missingTerm), ("a ( )", 4, .missingTerm), ("-", 1, .missingTerm), ("a -", 3, .missingTerm),
      ("-|a", 1, .missingTerm), ("-)", 1, .missingTerm), ("(a", 0, .openParenthesis),
      ("a (b (c)", 2, .openParenthesis),
      ("a)", 1, .unopenedParenthesis), (")", 0, .missingTerm), ("(a))", 3, .unopenedParenthesis),
      ("a \"b", 2, .openQuote), ("type:\"b", 5, .openQuote), ("\"", 0, .openQuote), ("\"\\\"", 0, .openQuote),
      ("\"a\\n\"", 2, .badEscape), ("\"a\\", 2, .badEscape), ("日本e\u{301} foo:", 4, .unknownKey("foo")),
      ("👨‍👩‍👧 )", 2, .unopenedParenthesis),
    ] as [(String, Int, FilterError.Problem)])
  func errors(text: String, column: Int, problem: FilterError.Problem) {
    #expect(throws: FilterError(problem: problem, column: column)) { try Filter(text) }
  }

  @Test("parentheses go a hundred deep and no deeper")
  func depth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "(", count: depth) + "dup" + String(repeating: ")", count: depth)
    }
    #expect(try Filter(nested(100)) == Filter("dup"))
    #expect(throws: FilterError(problem: .tooDeep(limit: 100), column: 100)) { try Filter(nested(101)) }
    #expect(throws: FilterError(problem: .tooDeep(limit: 100), column: 100)) {
      try Filter(String(repeating: "(", count: 100_000))
    }
    #expect(throws: FilterError(problem: .tooDeep(limit: 100), column: 201)) {
      try Filter(String(repeating: "-(", count: 100_000))
    }
  }

  @Test("many groups beside each other are no depth")
  func width() throws {
    #expect(try !Filter(String(repeating: "(dup|answer:5xx) ", count: 500)).isEmpty)
  }

  @Test("a hundred thousand negations are one or none")
  func negations() throws {
    #expect(try Filter(String(repeating: "-", count: 100_000) + "dup") == Filter("dup"))
    #expect(try Filter(String(repeating: "!", count: 99_999) + "dup") == Filter("-dup"))
  }

  @Test("no text whatever stops the parser, and the column never lies outside it")
  func anyText() {
    let alphabet = Array("tdup:\"\\|()-!~ =<>5k*é\u{301}")
    for _ in 0..<20_000 {
      let text = String((0..<Int.random(in: 0...20)).map { _ in alphabet.randomElement()! })
      do {
        _ = try Filter(text)
      } catch {
        #expect((0...text.count).contains(error.column), "\(text)")
      }
    }
  }
}
