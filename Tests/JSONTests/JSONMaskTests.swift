import TestSupport
import Testing

@testable import JSON

@Suite("Values of JSON hidden by their paths")
struct JSONMaskTests {
  private func hidden(_ paths: [String], _ body: String) throws -> JSONMask.Result? {
    JSONMask(try paths.map { try JSONMask.Path($0) }).hiding(in: Array(body.utf8))
  }

  @Test(
    "the value is hidden, and every other byte stays",
    arguments: [
      (
        ["$.data.email"], #"{ "data" : {"email":"a@b.c" , "n":1.50}}"#,
        #"{ "data" : {"email":"[redacted]" , "n":1.50}}"#
      ),
      (
        ["$..phone"], #"{"phone":1,"a":[{"phone":"2"},[{"b":{"phone":{"x":[]}}}]]}"#,
        #"{"phone":"[redacted]","a":[{"phone":"[redacted]"},[{"b":{"phone":"[redacted]"}}]]}"#
      ),
      (["$.a[1]"], "{\"a\":[1,\n2,3]}", "{\"a\":[1,\n\"[redacted]\",3]}"),
      (
        ["$.a[*].b"], #"{"a":[{"b":1,"c":2},{"b":3}]}"#,
        #"{"a":[{"b":"[redacted]","c":2},{"b":"[redacted]"}]}"#
      ),
      (["$.*"], #"{"a":1,"b":[2]}"#, #"{"a":"[redacted]","b":"[redacted]"}"#),
      (["$['a b']", #".["c"]"#], #"{"a b":1,"c":2,"d":3}"#, #"{"a b":"[redacted]","c":"[redacted]","d":3}"#),
      (["$.x"], #"{"\u0078":1,"x":2,"X":3}"#, #"{"\u0078":"[redacted]","x":"[redacted]","X":3}"#),
      (
        ["$..a.b"], #"{"a":{"a":{"b":1},"b":2,"c":{"b":3}}}"#,
        #"{"a":{"a":{"b":"[redacted]"},"b":"[redacted]","c":{"b":3}}}"#
      ),
      (["$..[0]"], "[[1,2],3]", #"["[redacted]",3]"#), (["$.a"], "[1]", "[1]"), (["$.a"], "1", "1"),
      (["$.a"], #"{"b":{"a":1}}"#, #"{"b":{"a":1}}"#),
      (["$..a", "$.b.a"], #"{"b":{"a":1}}"#, #"{"b":{"a":"[redacted]"}}"#),
    ])
  func table(paths: [String], body: String, expected: String) throws {
    let result = try #require(try hidden(paths, body))
    #expect(String(decoding: result.body, as: UTF8.self) == expected)
  }

  @Test("what was hidden is told, as it reads")
  func values() throws {
    let result = try #require(try hidden(["$.a"], #"{"a":{"k":"x\u0041","n":[12,true]},"b":"c"}"#))
    #expect(result.values == ["xA", "12"])
  }

  @Test("nothing is told of what is not JSON, or nests too deep")
  func refused() throws {
    for body in [
      "", "x", #"{"a":1"#, "[1] 2",
      String(repeating: "[", count: 20_000) + String(repeating: "]", count: 20_000),
    ] {
      #expect(try hidden(["$.a"], body) == nil)
    }
  }

  @Test("the paths that led to something are told, also those that lead into what another hides")
  func met() throws {
    let paths = ["$.a", "$.a.b", "$.c", "$..d", "$.e[1]", "$.e[0]"]
    let result = try #require(try hidden(paths, #"{"a":{"b":{"d":1}},"e":[2],"cc":3}"#))
    #expect(result.met == [0, 1, 3, 5])
    #expect(try hidden(["$.x", "$..y"], #"{"a":1}"#)?.met == [])
  }

  @Test(
    "a path that can't be understood says where",
    arguments: [
      ("", 1), ("a", 1), ("$", 1), ("$.", 3), ("$a", 2), ("$.a b", 4), ("$.a[", 5), ("$.a[x]", 5),
      ("$.a[1", 6),
      ("$['a]", 6), ("$.a.", 5), ("$...a", 4), ("$" + String(repeating: ".a", count: 61), 1), ("$.a[-1]", 5),
      ("$.\u{E4}\u{E4}[", 6), ("$['\u{E4}", 5),
    ])
  func faults(path: String, column: Int) {
    #expect { try JSONMask.Path(path) } throws: { ($0 as? JSONMask.Path.Fault)?.column == column }
  }

  @Test("random bodies stay as they are where no path leads, and JSON where one does")
  func random() throws {
    var random = SeededRandom(seed: 7)
    let mask = JSONMask([try JSONMask.Path("$..a"), try JSONMask.Path("$.*[0]")])
    let none = JSONMask([try JSONMask.Path("$..not-there")])
    for _ in 0..<500 {
      let body = Array(random.json().utf8)
      guard JSONOutline(body) != nil else { continue }
      #expect(none.hiding(in: body)?.body == body)
      let result = try #require(mask.hiding(in: body))
      #expect(JSONOutline(result.body) != nil)
      #expect(mask.hiding(in: result.body)?.body == result.body)
    }
  }
}
