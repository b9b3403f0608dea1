/// Percent-encoded text, as in URLs and forms, and back.
public enum PercentCoding {
  /// Returns the text with each `%XX` decoded to its byte; nil if a percent sign isn't followed by two digits.
  public static func decoded(_ text: ArraySlice<UInt8>, plusIsSpace: Bool) -> [UInt8]? {
    var bytes: [UInt8] = []
    var at = text.startIndex
    while at < text.endIndex {
      let (byte, length) = byte(at: at, of: text)
      guard length > 1 || byte != UInt8(ascii: "%") else { return nil }
      bytes.append(plusIsSpace && length == 1 && byte == UInt8(ascii: "+") ? 0x20 : byte)
      at += length
    }
    return bytes
  }

  /// Returns the byte at a place of a text, and how many bytes stand for it there: three where it is percent-encoded.
  public static func byte<Text: RandomAccessCollection<UInt8>>(
    at place: Int, of text: Text
  ) -> (byte: UInt8, length: Int) where Text.Index == Int {
    guard text[place] == UInt8(ascii: "%"), place + 2 < text.endIndex, let high = text[place + 1].hexDigit,
      let low = text[place + 2].hexDigit
    else { return (text[place], 1) }
    return (high << 4 | low, 3)
  }

  /// Returns the bytes with all but letters, digits and `-._~` as `%XX`, or `%xx`.
  public static func encoded(_ bytes: [UInt8], uppercase isUppercase: Bool = true) -> [UInt8] {
    encoded(bytes, plain: "-._~", uppercase: isUppercase)
  }

  /// Returns the bytes as the value of a form field: as browsers and `URLSearchParams` write it.
  public static func encodedForm(_ bytes: [UInt8]) -> [UInt8] {
    encoded(bytes, plain: "*-._ ", uppercase: true).map { $0 == 0x20 ? UInt8(ascii: "+") : $0 }
  }

  private static func encoded(_ bytes: [UInt8], plain: String, uppercase isUppercase: Bool) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + bytes.count / 2)
    for byte in bytes {
      if byte.isASCIILetter || byte.isASCIIDigit || plain.utf8.contains(byte) {
        output.append(byte)
      } else {
        output.append(UInt8(ascii: "%"))
        Hex.append(byte, uppercase: isUppercase, to: &output)
      }
    }
    return output
  }
}
