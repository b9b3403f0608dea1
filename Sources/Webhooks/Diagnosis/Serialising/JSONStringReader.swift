/// Reads the characters that the inside of a JSON string stands for, one after the other.
///
/// Unlike unescaping it loses nothing: surrogates without a partner and bytes that are not UTF-8 come as such.
///
/// Like the lexer it does not hold the text: every call is handed the same bytes.
struct JSONStringReader {
  enum Unit {
    /// A Unicode scalar, or a surrogate without its partner.
    case code(UInt32)
    case invalidByte(UInt8)
  }

  private var at = 0

  /// The next character of `text`, which is what stands between a string's quotes.
  mutating func next(in text: Span<UInt8>) -> Unit? {
    guard at < text.count else { return nil }
    let byte = text[at]
    if byte == UInt8(ascii: "\\") { return .code(escape(in: text)) }
    if byte < 0x80 {
      at += 1
      return .code(UInt32(byte))
    }
    return scalar(lead: byte, in: text)
  }

  private mutating func escape(in text: Span<UInt8>) -> UInt32 {
    guard at + 1 < text.count else {
      at += 1
      return 0x5C
    }
    guard let unit = unit(at: at, in: text) else {
      defer { at += 2 }
      return UInt32(JSONEscapes.plain(text[at + 1]))
    }
    at += 6
    guard 0xD800..<0xDC00 ~= unit, let low = self.unit(at: at, in: text), 0xDC00..<0xE000 ~= low else {
      return unit
    }
    at += 6
    return 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
  }

  /// The value of the `\uXXXX` at `start`, if one stands there.
  private func unit(at start: Int, in text: Span<UInt8>) -> UInt32? {
    guard start + 6 <= text.count, text[start] == 0x5C, text[start + 1] == UInt8(ascii: "u") else {
      return nil
    }
    var value: UInt32 = 0
    for at in start + 2..<start + 6 {
      guard let digit = text[at].hexDigit else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  private mutating func scalar(lead: UInt8, in text: Span<UInt8>) -> Unit {
    let width = (~lead).leadingZeroBitCount
    if 2...4 ~= width, at + width <= text.count {
      let value = (at + 1..<at + width).reduce(UInt32(lead) & (0x7F >> UInt32(width))) {
        $0 << 6 | UInt32(text[$1] & 0x3F)
      }
      let isContinued = (at + 1..<at + width).allSatisfy { text[$0] & 0xC0 == 0x80 }
      if isContinued, let scalar = Unicode.Scalar(value), UTF8.width(scalar) == width {
        at += width
        return .code(value)
      }
    }
    at += 1
    return .invalidByte(lead)
  }
}
