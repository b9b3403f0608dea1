/// Finds where strings, numbers and words of a JSON body end, and refuses what RFC 8259 does not allow.
enum JSONScanner {
  private static let low: UInt64 = 0x0101_0101_0101_0101
  private static let high: UInt64 = 0x8080_8080_8080_8080
  private static let quotes = low &* 0x22
  private static let backslashes = low &* 0x5C
  private static let spaces = low &* 0x20

  /// The offset of the first byte from `start` on that is no white space.
  @inline(__always)
  static func skipWhiteSpace(in bytes: Span<UInt8>, from start: Int) -> Int {
    var at = start
    while at < bytes.count {
      let byte = bytes[at]
      guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { break }
      at += 1
    }
    return at
  }

  /// The end of the string whose opening quote is at `start`, and whether it holds a backslash.
  ///
  /// Bytes above 0x7F pass whatever they are: the text gate shows them, and the bytes stay as sent.
  @inline(__always)
  static func string(
    in bytes: Span<UInt8>, from start: Int
  ) throws(JSONFault) -> (end: Int, isEscaped: Bool) {
    let at = skipPlain(in: bytes, from: start + 1)
    if at < bytes.count, bytes[at] == UInt8(ascii: "\"") { return (at + 1, false) }
    return (try escapedString(in: bytes, from: start, at: at), true)
  }

  private static func escapedString(
    in bytes: Span<UInt8>, from start: Int, at first: Int
  ) throws(JSONFault) -> Int {
    var at = first
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\""): return at + 1
      case UInt8(ascii: "\\"): at = try escape(in: bytes, from: at, ofStringFrom: start)
      case let byte: throw .controlCharacter(byte, at: at)
      }
      at = skipPlain(in: bytes, from: at)
    }
    throw .openString(from: start, at: bytes.count)
  }

  /// The offset of the first quote, backslash or control character from `start` on.
  @inline(__always)
  private static func skipPlain(in bytes: Span<UInt8>, from start: Int) -> Int {
    var at = start
    let raw = bytes.bytes
    while at &+ 8 <= bytes.count {
      let word = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
      // A byte's high bit ends up set where the subtraction borrows: below 0x20, or equal. A borrow can
      // only spoil bytes after the first one found, and only that one is used.
      let found =
        ((word &- spaces) | ((word ^ quotes) &- low) | ((word ^ backslashes) &- low)) & ~word & high
      if found != 0 { return at &+ found.trailingZeroBitCount / 8 }
      at &+= 8
    }
    while at < bytes.count, isPlain(bytes[at]) { at &+= 1 }
    return at
  }

  @inline(__always)
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private static func escape(
    in bytes: Span<UInt8>, from start: Int, ofStringFrom string: Int
  ) throws(JSONFault) -> Int {
    guard start + 1 < bytes.count else { throw .openString(from: string, at: bytes.count) }
    switch bytes[start + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return start + 2
    case UInt8(ascii: "u"):
      break
    default:
      throw .badEscape(at: start)
    }
    for digit in start + 2..<start + 6 {
      guard digit < bytes.count else { throw .openString(from: string, at: bytes.count) }
      guard isHexDigit(bytes[digit]) else { throw .badEscape(at: start) }
    }
    return start + 6
  }

  /// The end of the number that begins at `start` with a digit or a minus sign.
  @inline(__always)
  static func number(in bytes: Span<UInt8>, from start: Int) throws(JSONFault) -> Int {
    var at = start
    if bytes[at] == UInt8(ascii: "-") { at += 1 }
    if at < bytes.count, bytes[at] == UInt8(ascii: "0") {
      at += 1
    } else {
      at = try digits(in: bytes, from: at)
    }
    guard at < bytes.count, continuesNumber(bytes[at]) else { return at }
    return try fractionAndExponent(in: bytes, from: at)
  }

  private static func fractionAndExponent(in bytes: Span<UInt8>, from start: Int) throws(JSONFault) -> Int {
    var at = start
    if bytes[at] == UInt8(ascii: ".") {
      at = try digits(in: bytes, from: at + 1)
    }
    if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
      at += 1
      if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
      at = try digits(in: bytes, from: at)
    }
    if at < bytes.count, continuesNumber(bytes[at]) { throw .badNumber(at: at) }
    return at
  }

  @inline(__always)
  private static func digits(in bytes: Span<UInt8>, from start: Int) throws(JSONFault) -> Int {
    var at = start
    while at < bytes.count, bytes[at].isASCIIDigit { at &+= 1 }
    guard at > start else { throw .badNumber(at: start) }
    return at
  }

  /// Whether the byte would be read as part of a number, rightly or wrongly.
  @inline(__always)
  private static func continuesNumber(_ byte: UInt8) -> Bool {
    byte.isASCIIDigit || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
      || byte.isASCIILetter
  }

  /// The end of `true`, `false` or `null` at `start`.
  @inline(__always)
  static func word(
    _ word: StaticString, in bytes: Span<UInt8>, from start: Int
  ) throws(JSONFault) -> Int {
    let end = start + word.utf8CodeUnitCount
    guard end <= bytes.count else { throw .badWord(at: start) }
    for offset in 0..<word.utf8CodeUnitCount where bytes[start + offset] != word.utf8Start[offset] {
      throw .badWord(at: start)
    }
    if end < bytes.count, bytes[end].isASCIILetter || bytes[end].isASCIIDigit { throw .badWord(at: start) }
    return end
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    byte.isASCIIDigit || (byte | 0x20) &- UInt8(ascii: "a") < 6
  }
}
