import TestSupport
import Testing

@testable import JSON

@Suite("JSON lexer")
struct JSONLexerTests {
  @Test("each kind of token is found with the bytes that it covers")
  func kinds() throws {
    let body = Array(#" {"k" : [-0, "s\n", true,false , null], "e":{}, "f":[ ]} "#.utf8)
    let tokens = try JSONLexer.tokens(of: body)
    #expect(
      tokens.map(\.kind) == [
        .beginObject, .key, .colon, .beginArray, .number, .comma, .string, .comma, .true, .comma,
        .false, .comma, .null, .endArray, .comma, .key, .colon, .beginObject, .endObject, .comma,
        .key, .colon, .beginArray, .endArray, .endObject,
      ])
    let texts = tokens.map { String(decoding: body[$0.range], as: UTF8.self) }
    #expect(
      texts == [
        "{", #""k""#, ":", "[", "-0", ",", #""s\n""#, ",", "true", ",", "false", ",", "null", "]", ",",
        #""e""#, ":", "{", "}", ",", #""f""#, ":", "[", "]", "}",
      ])
    #expect(tokens.filter(\.isEscaped).count == 1)
  }

  @Test(
    "well-formed texts are taken",
    arguments: [
      "0", "-0", "-0.0e-0", "1.0", "1E+2", "10", "\"\"", "[]", "{}", "null", " true\n", "[[],[[]]]",
      #""\u00e9\uD800\"\\\/\b\f\n\r\t""#, "\"\u{7F}\"", #"{"":0,"":0}"#, "[1e9999]",
    ])
  func accepted(text: String) throws {
    #expect(try !JSONLexer.tokens(of: Array(text.utf8)).isEmpty)
  }

  static let refused: [(String, JSONFault)] = [
    ("", .empty(size: 0)),
    (" \n", .empty(size: 2)),
    ("\u{FEFF}{}", .byteOrderMark),
    ("{}{}", .unexpected(UInt8(ascii: "{"), at: 2, due: .end)),
    ("[1,]", .unexpected(UInt8(ascii: "]"), at: 3, due: .value)),
    ("[,1]", .unexpected(UInt8(ascii: ","), at: 1, due: .valueOrBracket)),
    ("{,}", .unexpected(UInt8(ascii: ","), at: 1, due: .keyOrBrace)),
    (#"{"a":1,}"#, .unexpected(UInt8(ascii: "}"), at: 7, due: .key)),
    (#"{"a" 1}"#, .unexpected(UInt8(ascii: "1"), at: 5, due: .colon)),
    (#"{"a":}"#, .unexpected(UInt8(ascii: "}"), at: 5, due: .value)),
    ("{'a':1}", .unexpected(UInt8(ascii: "'"), at: 1, due: .keyOrBrace)),
    ("[1}", .unexpected(UInt8(ascii: "}"), at: 2, due: .commaOrBracket)),
    (#"{"a":1]"#, .unexpected(UInt8(ascii: "]"), at: 6, due: .commaOrBrace)),
    ("[1 2]", .unexpected(UInt8(ascii: "2"), at: 3, due: .commaOrBracket)),
    ("]", .unexpected(UInt8(ascii: "]"), at: 0, due: .value)),
    ("[", .cutOff(at: 1, due: .valueOrBracket)),
    (#"{"a""#, .cutOff(at: 4, due: .colon)),
    (#"{"a":1"#, .cutOff(at: 6, due: .commaOrBrace)),
    (#"["ab"#, .openString(from: 1, at: 4)),
    (#"["ab\"#, .openString(from: 1, at: 5)),
    (#"["\u12"#, .openString(from: 1, at: 6)),
    ("[\"abcdefgh\tij\"]", .controlCharacter(9, at: 10)),
    (#"["abcdefgh\x"]"#, .badEscape(at: 10)),
    (#"["\u12g4"]"#, .badEscape(at: 2)),
    ("[-]", .badNumber(at: 2)), ("[01]", .badNumber(at: 2)), ("[1.]", .badNumber(at: 3)),
    ("[1e+]", .badNumber(at: 4)), ("[1.5x]", .badNumber(at: 4)), ("[0x10]", .badNumber(at: 2)),
    ("[1.2.3]", .badNumber(at: 4)), ("-", .badNumber(at: 1)),
    ("[nul]", .badWord(at: 1)), ("[tru", .badWord(at: 1)), ("[nulls]", .badWord(at: 1)),
    ("[NaN]", .badWord(at: 1)), ("undefined", .badWord(at: 0)),
    ("[+1]", .unexpected(UInt8(ascii: "+"), at: 1, due: .valueOrBracket)),
    ("[.5]", .unexpected(UInt8(ascii: "."), at: 1, due: .valueOrBracket)),
  ]

  @Test("what is not JSON is refused with its reason and offset", arguments: refused)
  func refusal(text: String, fault: JSONFault) {
    #expect(throws: fault) { try JSONLexer.tokens(of: Array(text.utf8)) }
  }

  @Test("a special byte is found at every place of a word of eight", arguments: 0..<24)
  func everyPlace(length: Int) throws {
    let plain = String(repeating: "é", count: length / 2) + String(repeating: "x", count: length % 2)
    let tokens = try JSONLexer.tokens(of: Array("[\"\(plain)\",0]".utf8))
    #expect(tokens[1].range == 1..<length + 3)
    for byte in [UInt8](0..<0x20) {
      let body = Array("[\"\(plain)".utf8) + [byte] + Array("abcdefghij\"]".utf8)
      #expect(throws: JSONFault.controlCharacter(byte, at: 2 + length)) { try JSONLexer.tokens(of: body) }
    }
  }

  @Test("bytes that are no UTF-8 pass inside strings and nowhere else")
  func invalidUTF8() throws {
    #expect(try JSONLexer.tokens(of: [0x22, 0xFF, 0xC0, 0x80, 0x22]).count == 1)
    #expect(throws: JSONFault.unexpected(0xFF, at: 0, due: .value)) { try JSONLexer.tokens(of: [0xFF]) }
  }

  @Test(
    "depth is limited exactly, whatever the mix of objects and arrays", arguments: [1, 63, 64, 65, 10_000])
  func depthLimit(limit: Int) throws {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
      let levels = limit / (open.hasPrefix("[{") ? 2 : 1)
      let body = String(repeating: open, count: levels) + "0" + String(repeating: close, count: levels)
      #expect(throws: Never.self) { try JSONLexer.tokens(of: Array(body.utf8), maximumDepth: limit) }
    }
    let deeper = Array(String(repeating: "[", count: limit + 1).utf8)
    #expect(throws: JSONFault.tooDeep(limit: limit, at: limit)) {
      try JSONLexer.tokens(of: deeper, maximumDepth: limit)
    }
  }

  @Test("brackets must match at every depth, past the first 64 levels too")
  func mismatchedDeep() {
    let open = String(repeating: "[", count: 70) + "{\"a\":" + String(repeating: "[", count: 70)
    let body = Array((open + "0" + String(repeating: "]", count: 71)).utf8)
    #expect(throws: JSONFault.unexpected(UInt8(ascii: "]"), at: 216, due: .commaOrBrace)) {
      try JSONLexer.tokens(of: body)
    }
  }

  @Test("random and mutated bytes never trap, and a fault lies within the body")
  func mutations() throws {
    var random = SeededRandom(seed: 1)
    var refusals = 0
    for round in 0..<3000 {
      var body = Array(random.json().utf8)
      #expect(throws: Never.self) { try JSONLexer.tokens(of: body) }
      if round.isMultiple(of: 3) { body = (0..<40).map { _ in UInt8.random(in: 0...255, using: &random) } }
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let at = Int.random(in: 0..<body.count, using: &random)
        body[at] = Array("[]{}\":,\\0eE+-.tnu\u{1}".utf8).randomElement(using: &random)!
      }
      if Bool.random(using: &random) { body.removeLast(Int.random(in: 0...body.count, using: &random)) }
      do throws(JSONFault) {
        _ = try JSONLexer.tokens(of: body)
      } catch let fault {
        refusals += 1
        #expect(0...body.count ~= fault.offset)
      }
    }
    #expect(refusals > 1000)
  }
}
