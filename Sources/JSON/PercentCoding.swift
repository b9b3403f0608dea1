/// Percent-encoded text, as in URLs and forms, and back.
public enum PercentCoding {
  /// Returns the text with each `%XX` decoded to its byte; nil if a percent sign isn't followed by two digits.
  public static func decoded(_ text: ArraySlice<UInt8>, plusIsSpace: Bool) -> [UInt8]? {
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

  /// Returns the bytes with all but letters, digits and `-._~` as `%XX`.
  public static func encoded(_ bytes: [UInt8]) -> [UInt8] { encoded(bytes, plain: "-._~") }

  /// Returns the bytes as the value of a form field: as browsers and `URLSearchParams` write it.
  public static func encodedForm(_ bytes: [UInt8]) -> [UInt8] {
    encoded(bytes, plain: "*-._ ").map { $0 == 0x20 ? UInt8(ascii: "+") : $0 }
  }

  private static func encoded(_ bytes: [UInt8], plain: String) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + bytes.count / 2)
    for byte in bytes {
      if byte.isASCIILetter || byte.isASCIIDigit || plain.utf8.contains(byte) {
        output.append(byte)
      } else {
        output.append(UInt8(ascii: "%"))
        Hex.append(byte, uppercase: true, to: &output)
      }
    }
    return output
  }
}
