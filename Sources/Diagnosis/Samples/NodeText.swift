internal import JSON

/// Hexadecimal text as Node's `Buffer.from(text, "hex")` decodes it: leniently.
enum NodeHex {
  /// The bytes of the pairs up to the first that is no pair of digits; a last single digit is dropped.
  ///
  /// Node looks at the low byte of each UTF-16 unit only, so that U+0161 counts as `a`.
  static func decoded(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var high: UInt8?
    for unit in text.utf16 {
      guard let digit = UInt8(truncatingIfNeeded: unit).hexDigit else { break }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return bytes
  }
}

/// Bytes as text and back, as a server does that reads a body as a string: what is not UTF-8 becomes U+FFFD.
///
/// By hand, since the standard library takes seconds for a megabyte of bytes that are all wrong.
enum RepairedUTF8 {
  private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

  /// The bytes with U+FFFD for each longest beginning of a character that does not go on, as WHATWG decoders do.
  static func bytes(_ body: [UInt8]) -> [UInt8] {
    (try? bytes(body, limit: .max)) ?? body
  }

  /// The same, unless it would have more than `limit` bytes.
  static func bytes(_ body: [UInt8], limit: Int) throws(BodyTooLarge) -> [UInt8] {
    guard !body.isUTF8 else { return body }
    var size = 0
    forEachPiece(of: body) { size += $1 ? $0.count : replacement.count }
    guard size <= limit else { throw BodyTooLarge() }
    var output: [UInt8] = []
    output.reserveCapacity(size)
    forEachPiece(of: body) { output += $1 ? body[$0] : replacement[...] }
    return output
  }

  private static func forEachPiece(of body: [UInt8], _ visit: (Range<Int>, _ isWhole: Bool) -> Void) {
    var at = 0
    while at < body.count {
      let (count, isWhole) = character(in: body.span, at: at)
      visit(at..<at + count, isWhole)
      at += count
    }
  }

  /// How many bytes at `start` belong together, and whether they are a character.
  private static func character(in body: Span<UInt8>, at start: Int) -> (count: Int, isWhole: Bool) {
    let lead = body[start]
    guard lead >= 0x80 else { return (1, true) }
    guard 0xC2...0xF4 ~= lead else { return (1, false) }
    let width = (~lead).leadingZeroBitCount
    for place in 1..<width {
      let range = place == 1 ? second(after: lead) : 0x80...0xBF
      guard start + place < body.count, range ~= body[start + place] else { return (place, false) }
    }
    return (width, true)
  }

  /// What may follow a lead byte, so that nothing is overlong, a surrogate or beyond U+10FFFF.
  private static func second(after lead: UInt8) -> ClosedRange<UInt8> {
    switch lead {
    case 0xE0: 0xA0...0xBF
    case 0xED: 0x80...0x9F
    case 0xF0: 0x90...0xBF
    case 0xF4: 0x80...0x8F
    default: 0x80...0xBF
    }
  }
}
