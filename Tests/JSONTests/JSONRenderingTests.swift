import Testing

@testable import JSON

@Suite struct JSONRenderingTests {
  private func written(
    _ text: String, _ spacing: Int?, strings: JSONStringStyle? = nil, order: JSONStyle.Order = .asSent,
    scriptNumbers: Bool = false, limit: Int = 10_000
  ) throws -> String? {
    let outline = try #require(JSONOutline(Array(text.utf8)))
    let plan: JSONKeyPlan =
      switch order {
      case .sorted: .sorted(outline)
      case .integersFirst: .integersFirst(outline)
      default: .asSent
      }
    let style = JSONStyle(
      spacing: spacing.map { JSONSpacing.all[$0] }, order: order, strings: strings,
      hasScriptNumbers: scriptNumbers)
    return JSONRendering.bytes(of: outline, style: style, plan: plan, limit: limit)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("spacing changes and nothing else")
  func spacing() throws {
    let text = #"{ "a" : [1.0 ,2e+5,{}] , "b":[ ], "a":"x" }"#
    #expect(try written(text, 0) == #"{"a":[1.0,2e+5,{}],"b":[],"a":"x"}"#)
    #expect(try written(text, 1) == #"{"a": [1.0, 2e+5, {}], "b": [], "a": "x"}"#)
    let indented = "{\n  \"a\": [\n    1.0,\n    2e+5,\n    {}\n  ],\n  \"b\": [],\n  \"a\": \"x\"\n}"
    #expect(try written(text, 2) == indented)
    #expect(try written(text, nil) == text)
  }

  @Test("keys are sorted at every depth, and integers go first as in JavaScript")
  func order() throws {
    let text = #"{"b":{"z":1,"10":2,"9":3},"a":[{"d":1,"c":2}]}"#
    #expect(try written(text, 0, order: .sorted) == #"{"a":[{"c":2,"d":1}],"b":{"10":2,"9":3,"z":1}}"#)
    #expect(try written(text, 0, order: .integersFirst) == #"{"b":{"9":3,"10":2,"z":1},"a":[{"d":1,"c":2}]}"#)
  }

  static let spellings: [(JSONStringStyle, String)] = [
    (JSONStringStyle(), #""é/<\n\u0001\"\b😀+""#),
    (JSONStringStyle(beyond: .lowercaseEscapes), #""\u00e9/<\n\u0001\"\b\ud83d\ude00+""#),
    (
      JSONStringStyle(beyond: .uppercaseEscapes, escapesSlash: true), #""\u00E9\/<\n\u0001\"\b\uD83D\uDE00+""#
    ),
    (JSONStringStyle(guarded: .html, hasShortControls: false), #""é/\u003c\n\u0001\"\u0008😀+""#),
    (
      JSONStringStyle(beyond: .uppercaseEscapes, guarded: .dotNet),
      #""\u00E9/\u003C\n\u0001\u0022\b\uD83D\uDE00\u002B""#
    ),
  ]

  @Test("strings are spelled in each writer's way", arguments: spellings.indices)
  func strings(index: Int) throws {
    let (style, expected) = Self.spellings[index]
    #expect(try written(#""\u00E9\/\u003C\n\u0001\"\b\ud83D\uDE00+""#, 0, strings: style) == expected)
    #expect(try written(#""é/<\n\u0001\"\b😀+""#, 0, strings: style) == expected)
  }

  @Test("a surrogate without its partner stays one")
  func surrogate() throws {
    #expect(try written(#""\uD800x""#, 0, strings: JSONStringStyle()) == #""\ud800x""#)
  }

  @Test("numbers are printed as JavaScript does where that is asked for")
  func numbers() throws {
    #expect(
      try written("[1.0,2e+5,-0,12345678901234567890]", 0, scriptNumbers: true)
        == "[1,200000,0,12345678901234567000]")
  }

  @Test("what would grow beyond the limit is not made")
  func limit() throws {
    let deep = String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)
    #expect(try written(deep, 2, limit: 100_000) == nil)
    #expect(try written(deep, 0, limit: 100_000) == deep)
  }
}
