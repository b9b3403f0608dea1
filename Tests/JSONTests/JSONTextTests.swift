import Foundation
import Testing
@testable import JSON

@Suite struct JSONTextTests {
  private static func written(_ text: String) -> String {
    var bytes: [UInt8] = []
    JSONText.append(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(
    "what could drive a terminal or hide or reorder text is escaped, and nothing else",
    arguments: [
      ("", ""), ("abc", "abc"), ("\"\\/", #"\"\\/"#), ("\n\r\t", #"\n\r\t"#),
      ("\u{0}\u{8}\u{C}\u{1B}", #"\u0000\u0008\u000c\u001b"#),
      ("\u{7F}\u{80}\u{9B}\u{9F}\u{A0}", "\\u007f\\u0080\\u009b\\u009f\u{A0}"), ("é日👍", "é日👍"),
      ("\u{2028}\u{2029}\u{2027}", "\\u2028\\u2029\u{2027}"),
      ("\u{202A}\u{202E}\u{2066}\u{2069}", #"\u202a\u202e\u2066\u2069"#),
      ("\u{200B}\u{200D}\u{FEFF}\u{AD}\u{61C}", #"\u200b\u200d\ufeff\u00ad\u061c"#),
      ("\u{E0041}x", #"\udb40\udc41x"#), ("\u{10FFFF}", "\u{10FFFF}"),
    ])
  func escaping(text: String, expected: String) {
    #expect(Self.written(text) == "\"\(expected)\"")
  }

  @Test("every scalar is read back by another JSON reader")
  func everyScalar() throws {
    for start in stride(from: 0, to: 0x11_0000, by: 0x1000) {
      let scalars = (start..<start + 0x1000).compactMap { Unicode.Scalar(UInt32($0)) }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars)
      let json = Data(Self.written(String(text)).utf8)
      let read = try JSONDecoder().decode(String.self, from: json)
      #expect(Array(read.unicodeScalars) == scalars, "from \(start)")
    }
  }
}
