import Testing
@testable import JSON

@Suite struct JSONWriterTests {
  @Test("objects, arrays and values stand with commas between and none at the ends")
  func nesting() {
    var json = JSONWriter()
    json.object {
      $0.field("a", 1)
      $0.field("b", nil as String?)
      $0.array("c") {
        $0.element("x")
        $0.array { _ in }
        $0.object { $0.field("d", true) }
      }
      $0.object("e") { _ in }
      $0.null("f")
      $0.field("g", nil as Int?)
      $0.field("h", nil as Bool?)
      $0.field("i", .infinity, decimals: 3)
      $0.field("j", 2.5, decimals: 3)
      $0.field("k", base64: [0])
    }
    let text =
      #"""
      {"a":1,"b":null,"c":["x",[],{"d":true}],"e":{},"f":null,"g":null,"h":null,"i":null,\#
      "j":2.5,"k":"AA=="}
      """#
    #expect(String(decoding: json.bytes, as: UTF8.self) == text)
  }

  @Test("values on lines of their own have no commas between")
  func lines() {
    var json = JSONWriter()
    for _ in 0..<2 {
      json.object { _ in }
      json.endLine()
    }
    #expect(String(decoding: json.bytes, as: UTF8.self) == "{}\n{}\n")
    json.clear()
    json.array { _ in }
    #expect(json.bytes == Array("[]".utf8))
  }
}
