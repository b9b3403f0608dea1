import JSON
import Testing

/// A JSON text that is asked for what it holds.
struct JSONValueTests {
  private func value(_ text: String) -> JSONValue? { JSONValue(Array(text.utf8)) }

  @Test("each kind is told from the others, and is nothing else")
  func kinds() throws {
    let texts = [#""a\u00e9""#, "true", "false", "-7", "null", "[1,[2]]", #"{"a":{"b":1}}"#, "1.5"]
    let values = try texts.map { try #require(value($0)) }
    #expect(values.map(\.string) == ["aé", nil, nil, nil, nil, nil, nil, nil])
    #expect(values.map(\.bool) == [nil, true, false, nil, nil, nil, nil, nil])
    #expect(values.map(\.integer) == [nil, nil, nil, -7, nil, nil, nil, nil])
    #expect(values.map(\.isNull) == [false, false, false, false, true, false, false, false])
    #expect(values.map { $0.elements?.count } == [nil, nil, nil, nil, nil, 2, nil, nil])
    #expect(values.map { $0.members?.count } == [nil, nil, nil, nil, nil, nil, 1, nil])
  }

  @Test("a number that 64 bits can't hold is no whole one")
  func large() {
    #expect(value("9223372036854775807")?.integer == .max)
    #expect(value("9223372036854775808")?.integer == nil)
    #expect(value("1e2")?.integer == nil)
  }

  @Test("what it takes of the text is given as it was sent, and base64 is decoded strictly")
  func bytes() {
    let object = JSONObject(Array(#"{ "a" : [ 1.0 , "x" ], "b":"e30=", "c":"e30" }"#.utf8))
    #expect(object?["a"]?.raw == Array(#"[ 1.0 , "x" ]"#.utf8))
    #expect(object?["b"]?.bytes == Array("{}".utf8) && object?["c"]?.bytes == nil)
  }

  @Test("of a key that stands twice the last one counts, and its bytes are compared")
  func keys() {
    let object = JSONObject(Array("{\"a\":1,\"\\u0061\":2,\"e\u{301}\":3}".utf8))
    #expect(object?["a"]?.integer == 2)
    #expect(object?["\u{E9}"] == nil && object?["e\u{301}"]?.integer == 3)
  }

  @Test("what is no JSON, no object or has too many tokens is none", arguments: ["", "{", "{}x", "[1,2,3]"])
  func none(text: String) {
    #expect(JSONObject(Array(text.utf8)) == nil)
    #expect(JSONValue(Array(text.utf8), limit: 3) == nil)
  }
}
