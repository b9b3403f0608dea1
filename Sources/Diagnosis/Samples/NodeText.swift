internal import JSON

/// Hexadecimal text as Node's `Buffer.from(text, "hex")` decodes it: leniently.
enum NodeHex {
  /// The bytes of the pairs up to the first that is no pair of digits; a last single digit is dropped.
  ///
  /// Node looks at the low byte of each UTF-16 unit only, so that U+0161 counts as `a`.
  static func decoded(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var high: UInt8?
    let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    let units = isASCII ? Array(text.utf8) : text.utf16.map { UInt8(truncatingIfNeeded: $0) }
    bytes.reserveCapacity(units.count / 2)
    for unit in units {
      guard let digit = unit.hexDigit else { break }
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
