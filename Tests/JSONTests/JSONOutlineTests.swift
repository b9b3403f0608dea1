import Testing

@testable import JSON

@Suite struct JSONOutlineTests {
  static let compact = [
    "{}", "[]", "1", #""a b""#, #"{"a":1}"#, #"{"a":{"b":[1,2,{"c":[]}],"d":null},"e":" , "}"#, "[[],[],{}]",
  ]
  static let spaced = [
    " {}", "{} ", "{ }", "[1, 2]", "[1 ,2]", #"{"a": 1}"#, #"{"a" :1}"#, "[\n1]", "[1\n]", #"{"a":{ "b":1}}"#,
  ]

  @Test("a body is compact with no white space but inside of strings", arguments: compact)
  func isCompact(body: String) throws {
    #expect(try #require(JSONOutline(Array(body.utf8))).isCompact)
  }

  @Test("a body with white space anywhere else is not", arguments: spaced)
  func isSpaced(body: String) throws {
    #expect(!(try #require(JSONOutline(Array(body.utf8))).isCompact))
  }
}
