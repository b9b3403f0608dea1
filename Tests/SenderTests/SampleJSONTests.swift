import Testing

@testable import Sender

@Suite struct SampleJSONTests {
  @Test(
    "a value is written compactly, in order, and escaped only where JSON asks for it",
    arguments: [
      (["b": 1, "a": [], "c": [:]], #"{"b":1,"a":[],"c":{}}"#),
      (["x", 2, .bool(true), .bool(false), .number("0.10")], #"["x",2,true,false,0.10]"#),
      ("é 日本語 👋 /", #""é 日本語 👋 /""#),
      (.string("\"\\\n\r\t\u{1}\u{1f}"), #""\"\\\n\r\t\u0001\u001f""#),
      (["k\"": ["n": ["m": 1]]], #"{"k\"":{"n":{"m":1}}}"#),
    ] as [(SampleJSON, String)])
  func text(value: SampleJSON, text: String) {
    #expect(String(decoding: value.bytes, as: UTF8.self) == text)
  }

  @Test("setting a key keeps the place of an old value and puts a new one last")
  func setting() {
    let object: SampleJSON = ["note": "test", "timestamp": 1]
    #expect(object.setting("note", to: "x").bytes == Array(#"{"note":"x","timestamp":1}"#.utf8))
    #expect(object.setting("more", to: 2).bytes == Array(#"{"note":"test","timestamp":1,"more":2}"#.utf8))
    #expect(SampleJSON.string("s").setting("more", to: 2).bytes == Array(#""s""#.utf8))
  }
}
