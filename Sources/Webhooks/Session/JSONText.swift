/// Writes text as a JSON string that is safe to print as it is.
enum JSONText {
  /// Appends `text` in quotes. Controls and what hides or reorders text are escaped, so that a line of a
  /// session can neither drive the terminal that it is printed in nor look like another one.
  static func append(_ text: String, to bytes: inout [UInt8]) {
    let source = text.utf8Span.span
    bytes.append(UInt8(ascii: "\""))
    var start = 0
    var at = 0
    while at < source.count {
      if isPlain(source[at]) {
        at += 1
        continue
      }
      let (scalar, width) = decode(source, at)
      if mustEscape(scalar) {
        copy(source, start..<at, to: &bytes)
        appendEscape(scalar, to: &bytes)
        start = at + width
      }
      at += width
    }
    copy(source, start..<at, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Whether the byte is an ASCII character that stands for itself, as nearly all of them are.
  @inline(__always)
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte &- 0x20 < 0x5F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  @inline(__always)
  private static func mustEscape(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x22, 0x5C: true
    case 0x20...0x7E: false
    case 0x00...0x1F, 0x7F...0x9F: true
    case 0x00AD, 0x061C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
    case 0xFFF9...0xFFFB, 0xE0000...0xE007F: true
    default: false
    }
  }

  /// The scalar that begins at `at` in valid UTF-8, and how many bytes it has.
  @inline(__always)
  private static func decode(_ text: Span<UInt8>, _ at: Int) -> (scalar: UInt32, width: Int) {
    let lead = text[at]
    guard lead >= 0x80 else { return (UInt32(lead), 1) }
    let width = (~lead).leadingZeroBitCount
    var scalar = UInt32(lead) & (0x7F >> UInt32(width))
    for next in at + 1..<at + width { scalar = scalar << 6 | UInt32(text[next] & 0x3F) }
    return (scalar, width)
  }

  private static func copy(_ source: Span<UInt8>, _ range: Range<Int>, to bytes: inout [UInt8]) {
    source.extracting(range).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
  }

  private static func appendEscape(_ scalar: UInt32, to bytes: inout [UInt8]) {
    switch scalar {
    case 0x22: bytes.append(contentsOf: "\\\"".utf8)
    case 0x5C: bytes.append(contentsOf: "\\\\".utf8)
    case 0x09: bytes.append(contentsOf: "\\t".utf8)
    case 0x0A: bytes.append(contentsOf: "\\n".utf8)
    case 0x0D: bytes.append(contentsOf: "\\r".utf8)
    case 0x10000...:
      appendUnit(0xD800 + (scalar - 0x10000) >> 10, to: &bytes)
      appendUnit(0xDC00 + (scalar - 0x10000) & 0x3FF, to: &bytes)
    default: appendUnit(scalar, to: &bytes)
    }
  }

  private static func appendUnit(_ unit: UInt32, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: "\\u".utf8)
    for shift: UInt32 in [12, 8, 4, 0] {
      let digit = UInt8(unit >> shift & 0xF)
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}
