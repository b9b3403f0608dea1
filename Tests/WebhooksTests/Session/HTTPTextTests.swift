import JSON
import Testing
@testable import Webhooks

@Suite struct HTTPTextTests {
  @Test(
    "tokens, values and targets hold what HTTP allows in them",
    arguments: [
      ("POST", true, true, true), ("X-A_b.c!#$%&'*+^`|~9", true, true, true), ("", false, true, false),
      ("a b", false, true, false), ("a:b", false, true, true), ("a\tb", false, true, false),
      ("a\rb", false, false, false),
      ("a\nb", false, false, false), ("a\u{0}", false, false, false), ("a\u{7F}", false, false, false),
      ("é", false, true, true), ("/hook?a=b", false, true, true), ("http://a/", false, true, true),
    ])
  func classes(text: String, isToken: Bool, isValue: Bool, isTarget: Bool) {
    #expect(HTTPText.isToken(ByteString(text)) == isToken)
    #expect(HTTPText.isFieldValue(ByteString(text)) == isValue)
    #expect(HTTPText.isTarget(ByteString(text)) == isTarget)
  }

  @Test("each byte counts wherever it stands, in texts of any length")
  func everyByte() {
    let tokens = Set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    for byte in UInt8.min...UInt8.max {
      #expect(HTTPText.isToken(ByteString([byte])) == tokens.contains(byte), "\(byte)")
      let isAllowed = byte >= 32 && byte != 127 || byte == 9
      for (place, count) in [(0, 1), (0, 8), (7, 8), (8, 9), (3, 17), (15, 16)] {
        var text = [UInt8](repeating: 0xE9, count: count)
        text[place] = byte
        #expect(HTTPText.isFieldValue(ByteString(text)) == isAllowed, "\(byte) at \(place) of \(count)")
      }
    }
  }

  @Test(
    "a field's line is a name, a colon and a value without the white space around it",
    arguments: [
      ("A: b", "A", "b"), ("A:b", "A", "b"), ("A: \t b c\t ", "A", "b c"), ("A:", "A", ""),
      ("A: \t", "A", ""),
      ("A-1:::", "A-1", "::"), ("A", nil, nil), (": b", nil, nil), ("A : b", nil, nil), (" A: b", nil, nil),
      ("", nil, nil), ("A: b\u{0}", nil, nil), ("A: \u{7F}", nil, nil), ("A:\rb", nil, nil),
    ] as [(String, String?, String?)])
  func fields(line: String, name: String?, value: String?) {
    let bytes = Array(line.utf8)
    let found = HTTPText.field(in: bytes.span)
    #expect(found.map { String(decoding: bytes[$0.name], as: UTF8.self) } == name)
    #expect(found.map { String(decoding: bytes[$0.value], as: UTF8.self) } == value)
  }

  @Test(
    "a number is digits alone, and fits",
    arguments: [
      ("0", 0), ("007", 7), ("9223372036854775807", .max), ("9223372036854775808", nil), ("", nil),
      ("-1", nil),
      ("1 ", nil), ("99999999999999999999", nil),
    ] as [(String, Int?)])
  func numbers(text: String, number: Int?) {
    #expect(HTTPText.number(Array(text.utf8).span) == number)
  }
}
