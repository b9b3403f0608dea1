import Screen
import Testing

@testable import Curses

struct KeyDecoderTests {
  private static func text(_ bytes: [UInt8], _ charset: Charset = .utf8) -> String {
    var decoder = KeyDecoder(charset)
    let inputs = bytes.flatMap { decoder.take($0) } + decoder.end()
    return String(
      String.UnicodeScalarView(
        inputs.map {
          if case .scalar(let scalar) = $0 { scalar == Key.unreadable ? "!" : scalar } else { "?" }
        }))
  }

  @Test(
    "bytes become characters, and what is no UTF-8 one mark each, with nothing lost around it",
    arguments: [
      (Array("aé日😀\u{7F}".utf8), "aé日😀\u{7F}"), ([0x61, 0xFF, 0x62], "a!b"),
      ([0xE9, 0x1B, 0x5B], "!\u{1B}["),
      ([0xC3], "!"), ([0x80, 0x80], "!!"), ([0xE6, 0x97, 0xC3, 0xA9], "!é"), ([0xED, 0xA0, 0x80], "!"),
      ([0xC0, 0xAF], "!!"), ([0xF0, 0x9F, 0x98], "!"),
    ] as [([UInt8], String)])
  func characters(bytes: [UInt8], text: String) {
    #expect(Self.text(bytes) == text)
  }

  @Test("in a locale without UTF-8 each character beyond ASCII is one mark")
  func ascii() {
    #expect(Self.text(Array("café 日x".utf8), .ascii) == "caf! !x")
    #expect(Self.text([0x63, 0xE9], .ascii) == "c!")
  }
}
