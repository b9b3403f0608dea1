import Testing

@testable import JSON

@Suite("Values that are hidden however they are written")
struct HiddenValuesTests {
  private static let value = "xq7\u{FC}&Kw+9/pz"

  private func values(_ texts: String...) throws -> HiddenValues {
    try #require(HiddenValues(Set(texts.map { ByteString($0) })))
  }

  @Test(
    "a value is found in any spelling, and inside of a longer text",
    arguments: [
      value, "a \(value) b", "XQ7\u{FC}&KW+9/PZ", #"xq7\u00fc&Kw+9\/pz"#,
      #"xq7\u00FC\u0026Kw\u002b9\u002Fpz"#,
      #"{\"a\":\"xq7\\u00fc&Kw+9/pz\"}"#, "xq7%C3%BC%26Kw%2B9%2Fpz", "a=xq7%c3%bc%26Kw%2b9/pz&b=1",
      "xq7%25C3%25BC%2526Kw%252B9%252Fpz", "eHE3w7wmS3crOS9weg==", "ZXhxN8O8Jkt3KzkvcHp6",
      "xq7\u{FC}&amp;Kw+9/pz", "xq7&#xFC;&#38;Kw&#x2B;9&#0047;p&#122;", "<p>xq7\u{FC}&amp;AMP;KW+9/pz</p>",
      "a=xq7%26%23252%3B%26AMP%3Bkw%2B9/pz", #"{\"html\":\"xq7\\u00fc&AMP;Kw+9/pz\"}"#,
      "YWJ4cTfDvCZLdys5L3B6IQ", "787137c3bc264b772b392f707a", "787137C3BC264B772B392F707A",
    ])
  func found(text: String) throws {
    #expect(try values(Self.value).occur(in: text.utf8))
  }

  @Test(
    "other texts hold no value",
    arguments: [
      "", "xq7", "xq7\u{FC}&Kw+9/p", "xq7\\", "%", "%4", "xq7\u{FC}&Kw 9/pz", "\\u00", "&", "&;", "&#;",
      "&amp", "xq7\u{FC}&ampKw+9/pz", "xq7\u{FC}&#1114112;Kw+9/pz", "xq7\u{FC}&#xD800;&#-38;Kw+9/pz",
      "&&&amp;;&#38",
    ])
  func other(text: String) throws {
    #expect(try !values(Self.value).occur(in: text.utf8))
  }

  @Test(
    "a number is not a part of a longer number, and a short value is only hidden where it is all of a text")
  func shortOnes() throws {
    #expect(try values("4900").occur(in: "amount=4900;".utf8) && values("4900").occur(in: "EUR4900".utf8))
    #expect(try !values("4900").occur(in: "149001".utf8))
    #expect(try values("abc").occur(in: "ABC".utf8) && !values("abc").occur(in: "abcd".utf8))
    #expect(try !values().occur(in: "a".utf8) && values().isEmpty)
  }

  @Test("a value is found in the other alphabet of base64, and where a plus stands for its blank")
  func otherSpellings() throws {
    #expect(try values(">>>???~~~").occur(in: "x=Pj4-Pz8_fn5-".utf8))
    #expect(try values("Ada Lovelace").occur(in: "name=Ada+Lovelace&x=%41".utf8))
  }

  @Test("too many values, or too long ones, are not looked for at all")
  func tooMany() {
    #expect(HiddenValues(Set((0...4096).map { ByteString("value \($0)") })) == nil)
    #expect(HiddenValues([ByteString(Array(repeating: 0x61, count: 1 << 20 + 1))]) == nil)
  }

  @Test("values that begin alike cost no product of their number and the text's length")
  func alike() throws {
    let values = try #require(HiddenValues(Set((0..<4000).map { ByteString("aaaaaaaa\($0)") })))
    // It gives up, and what it has not looked through counts as hidden.
    #expect(values.occur(in: Array(repeating: UInt8(ascii: "a"), count: 1 << 16)))
  }

  @Test("strings, keys and numbers of a body that hold a value are masked, and every other byte stays")
  func body() throws {
    let body =
      #"{ "a":"xq7\u00fc&Kw+9/pz", "b" : ["see xq7%C3%BC%26Kw%2B9%2Fpz",4900,49001,1], "xq7ü&Kw+9/pz":true}"#
    let hidden = try values(Self.value, "4900", "1").hiding(in: Array(body.utf8))
    #expect(
      hidden.map { String(decoding: $0, as: UTF8.self) }
        == #"{ "a":"[redacted]", "b" : ["[redacted]","[redacted]",49001,1], "[redacted]":true}"#)
    #expect(try values(Self.value).hiding(in: Array("{".utf8)) == nil)
  }

  @Test("a list of paths has blanks or commas between them, also where a name has them")
  func list() throws {
    let paths = try JSONMask.Path.list(#" $.a,  .b["c d"] $['e,f'].g "#)
    #expect(paths.map(\.text) == ["$.a", #".b["c d"]"#, "$['e,f'].g"])
    #expect(try JSONMask.Path.list(" ,").isEmpty)
    #expect(throws: JSONMask.Path.Fault(column: 7, due: "a member's name")) {
      try JSONMask.Path.list("$.a $.")
    }
    #expect(throws: JSONMask.Path.Fault.self) { try JSONMask.Path.list(#"$["a b"#) }
  }
}
