import Testing

@testable import JSON

@Suite("the beginning of JSON")
struct JSONBeginningTests {
  @Test(
    "the beginning of a text is a text of its own, up to its last whole value before a comma",
    arguments: [
      ("[1,2,3]", 7, "[1,2]", 1), ("[1,2,3]", 4, "[1]", 1),
      (#"{"a":[1,{"b":2,"c":3}]}"#, 99, #"{"a":[1,{"b":2}]}"#, 3),
      (#"{"a":1,"b":"x,y"}"#, 99, #"{"a":1}"#, 1), (#"{"a":[],"b":[{"c,":1}]}"#, 99, #"{"a":[]}"#, 1),
      (#"[[1],[2],[3]]"#, 99, "[[1],[2]]", 1), (#"[true,fals,1]"#, 8, "[true]", 1), ("[1 , 2]", 99, "[1]", 1),
      (#"["\u00e9,",12,3]"#, 99, #"["\u00e9,",12]"#, 1),
      // A string that was cut off.
      (#"["x,"#, 99, #"["x,…"]"#, 1), (#"{"a":1,"b":"xyz"}"#, 14, #"{"a":1,"b":"xy…"}"#, 1),
      (#""abc""#, 3, #""ab…""#, 0), (#"["a\u00e9"]"#, 8, #"["a…"]"#, 1), (#"["a\\"]"#, 4, #"["a…"]"#, 1),
      (#"["a\\b"]"#, 5, #"["a\\…"]"#, 1), ("[\"aé\"]", 4, #"["a…"]"#, 1), ("[\"aéb\"]", 5, #"["aé…"]"#, 1),
      (#"{"a":1,"bcd":2}"#, 9, #"{"a":1}"#, 1), ("\"\u{E9}", 2, #""…""#, 0),
    ])
  func beginnings(body: String, limit: Int, text: String, closed: Int) {
    let beginning = JSONBeginning(of: Array(body.utf8), atMost: limit)
    #expect(beginning.map { String(decoding: $0.text, as: UTF8.self) } == text)
    #expect(beginning?.closed == closed)
  }

  @Test(
    "what holds no whole value, or is no JSON as far as it is read, has none",
    arguments: [
      "", "1", "[1]", "[", #"{"a,b"#, #"{"a,b":1}"#, "1,2", "[1]],2", "[1,,2,", "{1,2}", "a,b",
      "\u{FEFF}[1,2]",
    ])
  func none(body: String) {
    #expect(JSONBeginning(of: Array(body.utf8), atMost: 99) == nil)
  }

  @Test("the beginning of whatever is JSON is JSON, and its lines are the first lines of the whole")
  func lines() throws {
    let body = Array(#"{"a":[1,{"b":[],"c":"d,e"},[[[2],3],4]],"f":{"g":{},"h":null},"i":[5]}"#.utf8)
    let whole = PayloadDocument(body, mode: .pretty)
    for limit in body.indices {
      guard let beginning = JSONBeginning(of: body, atMost: limit) else { continue }
      let document = PayloadDocument(beginning.text, mode: .pretty)
      #expect(document.fault == nil)
      for line in 0..<document.lineCount - beginning.closed - 1 {
        #expect(document.line(at: line) == whole.line(at: line))
      }
    }
  }
}
