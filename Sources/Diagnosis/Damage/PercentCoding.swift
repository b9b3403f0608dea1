internal import JSON

/// Percent-encoded text, as in URLs and forms, and back.
enum PercentCoding {
  /// The text with each `%XX` as its byte; nil where a percent sign has no two digits after it.
  static func decoded(_ text: ArraySlice<UInt8>, plusIsSpace: Bool) -> [UInt8]? {
    var bytes: [UInt8] = []
    var at = text.startIndex
    while at < text.endIndex {
      let byte = text[at]
      if byte == UInt8(ascii: "%") {
        guard at + 2 < text.endIndex, let high = text[at + 1].hexDigit, let low = text[at + 2].hexDigit
        else { return nil }
        bytes.append(high << 4 | low)
        at += 3
      } else {
        bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte)
        at += 1
      }
    }
    return bytes
  }

  /// The bytes with all but letters, digits and `-._~` as `%XX`.
  static func encoded(_ bytes: [UInt8]) -> [UInt8] { encoded(bytes, plain: "-._~") }

  /// The bytes as the value of a form field: as browsers and `URLSearchParams` write it.
  static func encodedForm(_ bytes: [UInt8]) -> [UInt8] {
    encoded(bytes, plain: "*-._ ").map { $0 == 0x20 ? UInt8(ascii: "+") : $0 }
  }

  private static func encoded(_ bytes: [UInt8], plain: String) -> [UInt8] {
    bytes.flatMap { byte -> [UInt8] in
      let isPlain = byte.isASCIILetter || byte.isASCIIDigit || plain.utf8.contains(byte)
      return isPlain ? [byte] : [0x25] + Hex.digits(of: byte, uppercase: true)
    }
  }
}
