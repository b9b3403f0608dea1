import TestSupport
import Testing

@testable import JSON

@Suite("The value at a place of a JSON text")
struct JSONLocationTests {
  private static let body = #"{"a":{"b c":[1,"x\u0041",{"d":null}],"e":-1.50},"f":"\/"} "#

  @Test(
    "is found from its key, its first byte, or the bracket that ends it",
    arguments: [
      (#""a""#, ".a", #"{"b c":[1,"x\u0041",{"d":null}],"e":-1.50}"#),
      (#""b c""#, #".a["b c"]"#, #"[1,"x\u0041",{"d":null}]"#),
      ("[1", #".a["b c"]"#, #"[1,"x\u0041",{"d":null}]"#), ("1,", #".a["b c"][0]"#, "1"),
      (#""x"#, #".a["b c"][1]"#, "xA"), ("null", #".a["b c"][2].d"#, "null"),
      ("}]", #".a["b c"][2]"#, #"{"d":null}"#),
      (#"],"e"#, #".a["b c"]"#, #"[1,"x\u0041",{"d":null}]"#), ("-1.50", ".a.e", "-1.50"),
      (":-1", ".a.e", "-1.50"),
      (#""f""#, ".f", "/"), (#"} "#, ".", #"{"a":{"b c":[1,"x\u0041",{"d":null}],"e":-1.50},"f":"\/"}"#),
      (" ", ".a[\"b c\"]", #"[1,"x\u0041",{"d":null}]"#),
    ])
  func found(at text: String, path: String, content: String) throws {
    let bytes = Array(Self.body.utf8)
    let offset = try #require(bytes.index(of: Array(text.utf8)))
    let location = try #require(JSONLocation(in: bytes, at: offset))
    #expect(location.path.text == path)
    #expect(String(decoding: location.content(of: bytes), as: UTF8.self) == content)
  }

  @Test("is all of it behind the last byte, and nothing where the text is no JSON up to its end")
  func edges() throws {
    #expect(JSONLocation(in: Array(" 17 ".utf8), at: 4)?.path == ".")
    #expect(JSONLocation(in: Array("[1] ".utf8), at: 99)?.range == 0..<3)
    #expect(JSONLocation(in: [], at: 0) == nil)
    #expect(JSONLocation(in: Array(#"{"a":[1"#.utf8), at: 1) == nil)
    // What is wrong behind the value does not matter.
    #expect(JSONLocation(in: Array(#"{"a":[1],"b"#.utf8), at: 1)?.path == ".a")
    let deep =
      Array(String(repeating: "[", count: 200_000).utf8) + Array(String(repeating: "]", count: 200_000).utf8)
    #expect(JSONLocation(in: deep, at: 199_999)?.range.count == 2)
    #expect(JSONLocation(in: deep, at: 0, isCancelled: { true }) == nil)
  }

  @Test("a long path has nothing left out, and jq finds the same value by it")
  func jq() throws {
    let keys = (0..<40).map { #"k\u00e9 \"\\\#($0)"# }
    let body = Array((keys.map { "{\"\($0)\":" }.joined() + "\"deep\"" + keys.map { _ in "}" }.joined()).utf8)
    let offset = try #require(body.index(of: Array("\"deep".utf8)))
    let path = try #require(JSONLocation(in: body, at: offset)?.path)
    #expect(!path.text.contains("more"))
    guard (try? Program.run(["jq", "--version"]))?.isEmpty == false else { return }
    #expect(try Program.run(["jq", "-r", path.text], input: body) == Array("deep\n".utf8))
    for text in [#""b c""#, "null", #""f""#] {
      let bytes = Array(Self.body.utf8)
      let offset = try #require(bytes.index(of: Array(text.utf8)))
      let location = try #require(JSONLocation(in: bytes, at: offset))
      let printed = try Program.run(["jq", "-c", location.path.text], input: bytes)
      let own = try Program.run(["jq", "-c", "."], input: Array(bytes[location.range]))
      #expect(printed == own && !own.isEmpty)
    }
  }
}
