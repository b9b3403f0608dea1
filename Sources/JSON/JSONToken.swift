/// One token of a JSON body: what it is and which bytes it covers, quotes included.
///
/// A token never holds text of its own, so that what is shown is what was sent: digits, escapes and all.
public struct JSONToken: Sendable, Equatable {
  /// What a token stands for in the grammar of RFC 8259.
  public enum Kind: UInt8, Sendable {
    case beginObject, endObject, beginArray, endArray
    case key, string, number, `true`, `false`, null
    case colon, comma
  }

  public let kind: Kind
  /// Whether a key or string holds a backslash; its bytes are its text where it does not.
  public let isEscaped: Bool
  /// Offset of the first byte.
  public let start: Int
  /// Offset after the last byte.
  public let end: Int

  init(_ kind: Kind, _ start: Int, _ end: Int, isEscaped: Bool = false) {
    self.kind = kind
    self.isEscaped = isEscaped
    self.start = start
    self.end = end
  }

  /// The bytes of the body that the token covers.
  public var range: Range<Int> { start..<end }

  /// The bytes that a key or string stands for: without quotes, escapes resolved, as UTF-8.
  ///
  /// A surrogate without its partner becomes U+FFFD; invalid UTF-8 is passed on as it came. A token of
  /// another kind gives its own bytes. `bytes` must be the body that the token was read from.
  public func unescaped(in bytes: Span<UInt8>) -> [UInt8] {
    guard kind == .key || kind == .string else { return copy(range, of: bytes) }
    let inner = start + 1..<end - 1
    return isEscaped ? JSONEscapes.resolved(in: bytes, inner) : copy(inner, of: bytes)
  }

  /// The bytes that the token stands for, cut out of `body` where nothing in them is escaped.
  ///
  /// `body` must be the one that the token was read from.
  public func content(of body: [UInt8]) -> ByteString {
    if isEscaped { return ByteString(unescaped(in: body.span)) }
    let isQuoted = kind == .key || kind == .string
    return ByteString(body, in: isQuoted ? start + 1..<end - 1 : range)
  }

  /// The text that the token stands for, invalid UTF-8 repaired with U+FFFD.
  ///
  /// `bytes` must be the body that the token was read from.
  public func text(in bytes: Span<UInt8>) -> String {
    if isEscaped { return String(decoding: unescaped(in: bytes), as: UTF8.self) }
    let isQuoted = kind == .key || kind == .string
    let shown = isQuoted ? start + 1..<end - 1 : range
    return bytes.extracting(shown).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }

  private func copy(_ range: Range<Int>, of bytes: Span<UInt8>) -> [UInt8] {
    bytes.extracting(range).withUnsafeBufferPointer { Array($0) }
  }
}

/// Resolves the backslash escapes of a JSON string that the lexer has accepted.
enum JSONEscapes {
  /// The bytes in `range` with every escape replaced by the UTF-8 of what it stands for.
  static func resolved(in bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    var at = range.lowerBound
    while at < range.upperBound {
      let byte = bytes[at]
      at += 1
      guard byte == UInt8(ascii: "\\") else {
        result.append(byte)
        continue
      }
      at = appendEscape(at: at, before: range.upperBound, in: bytes, to: &result)
    }
    return result
  }

  /// Appends what the escape stands for whose letter is at `at`; gives the offset after it.
  private static func appendEscape(
    at: Int, before end: Int, in bytes: Span<UInt8>, to result: inout [UInt8]
  ) -> Int {
    let letter = bytes[at]
    guard letter == UInt8(ascii: "u") else {
      result.append(plain(letter))
      return at + 1
    }
    var after = at + 5
    var value = codeUnit(at: at + 1, in: bytes)
    if let low = lowSurrogate(at: after, before: end, in: bytes), 0xD800..<0xDC00 ~= value {
      value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
      after += 6
    }
    // A surrogate on its own is no scalar: it has no UTF-8.
    if let encoded = UTF8.encode(Unicode.Scalar(value) ?? "\u{FFFD}") { result += encoded }
    return after
  }

  private static func lowSurrogate(at: Int, before end: Int, in bytes: Span<UInt8>) -> UInt32? {
    guard at + 6 <= end, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") else {
      return nil
    }
    let value = codeUnit(at: at + 2, in: bytes)
    return 0xDC00..<0xE000 ~= value ? value : nil
  }

  private static func codeUnit(at: Int, in bytes: Span<UInt8>) -> UInt32 {
    var value: UInt32 = 0
    for offset in at..<at + 4 {
      value = value << 4 | hexValue(bytes[offset])
    }
    return value
  }

  private static func hexValue(_ digit: UInt8) -> UInt32 {
    // Bit 6 is set in letters of both cases and in no digit; 'a' and 'A' both end in 0001.
    UInt32(digit & 0x0F) + (digit & 0x40 == 0 ? 0 : 9)
  }

  /// The byte that a backslash and `letter` stand for, where `letter` is not `u`.
  static func plain(_ letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: letter
    }
  }
}
