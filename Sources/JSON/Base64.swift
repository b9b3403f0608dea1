/// Bytes as standard base64 with padding, RFC 4648 section 4, and back, strictly or leniently, as real senders write
/// it.
public enum Base64 {
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")
  private static let noDigit: UInt8 = 0xFF

  /// The value of each byte as a digit, or `noDigit`.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: noDigit, count: 256)
    for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
    return values
  }()

  /// Appends the digits for `bytes` to `text`.
  public static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
    let start = text.count
    // Filled with padding first, so that what no digit takes is right already.
    text.append(contentsOf: repeatElement(padding, count: (bytes.count + 2) / 3 * 4))
    encode(bytes.span, with: digits.span, into: &text, at: start)
  }

  /// Returns the digits for `bytes`.
  public static func encoded(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    append(bytes, to: &text)
    return text
  }

  /// Returns the digits that depend on `bytes` alone when they are encoded together with other bytes.
  /// - Parameter skipped: how many bytes are encoded in front of `bytes`.
  public static func digits(ownedBy bytes: [UInt8], behind skipped: Int) -> ArraySlice<UInt8> {
    let digits = encoded([UInt8](repeating: 0, count: skipped) + bytes)
    return digits[(skipped * 8 + 5) / 6..<(skipped + bytes.count) * 8 / 6]
  }

  private static func encode(
    _ source: Span<UInt8>, with digits: Span<UInt8>, into text: inout [UInt8], at start: Int
  ) {
    var output = text.mutableSpan
    var at = 0
    var place = start
    while at + 3 <= source.count {
      let group = UInt32(source[at]) << 16 | UInt32(source[at + 1]) << 8 | UInt32(source[at + 2])
      for digit in 0..<4 { output[place + digit] = digits[Int(group >> UInt32(18 - 6 * digit) & 63)] }
      at += 3
      place += 4
    }
    guard at < source.count else { return }
    let left = source.count - at
    let group = UInt32(source[at]) << 16 | (left == 2 ? UInt32(source[at + 1]) << 8 : 0)
    for digit in 0...left { output[place + digit] = digits[Int(group >> UInt32(18 - 6 * digit) & 63)] }
  }

  /// Returns the bytes that `text` stands for, or nil unless it is exactly what encoding them gives.
  public static func decoded(_ text: Span<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    let padded = (0..<min(2, text.count)).prefix { text[text.count - 1 - $0] == padding }.count
    let digits = text.count - padded
    var bytes = [UInt8](repeating: 0, count: digits * 3 / 4)
    return decode(text, digits: digits, with: values.span, into: &bytes) ? bytes : nil
  }

  /// Returns the bytes that `text` stands for, in either alphabet, with or without padding and line ends, or nil if
  /// it is not base64 or holds less than one byte.
  public static func decodedLeniently(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var digits: [UInt8] = []
    digits.reserveCapacity(text.count + 3)
    for byte in text {
      switch byte {
      case UInt8(ascii: "-"): digits.append(UInt8(ascii: "+"))
      case UInt8(ascii: "_"): digits.append(UInt8(ascii: "/"))
      case 0x0A, 0x0D: break
      default: digits.append(byte)
      }
    }
    while digits.last == padding { digits.removeLast() }
    guard digits.count > 1 else { return nil }
    digits += repeatElement(padding, count: (4 - digits.count % 4) % 4)
    return decoded(digits.span)
  }

  /// Decodes four digits at a time; false if one is none, or where bits are left over.
  private static func decode(
    _ text: Span<UInt8>, digits: Int, with values: Span<UInt8>, into bytes: inout [UInt8]
  ) -> Bool {
    func value(_ at: Int) -> UInt32 { at < digits ? UInt32(values[Int(text[at])]) : 0 }
    var output = bytes.mutableSpan
    var place = 0
    var at = 0
    // Nearly all of them are whole: of those none is asked where the text ends.
    while at + 4 <= digits {
      let four = UInt32(littleEndian: text.bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt32.self))
      // There is a value for each of the 256 bytes.
      func value(_ shift: UInt32) -> UInt32 {
        UInt32(values[unchecked: Int(UInt8(truncatingIfNeeded: four >> shift))])
      }
      let (first, second, third, fourth) = (value(0), value(8), value(16), value(24))
      guard (first | second | third | fourth) < 64 else { return false }
      let group = first << 18 | second << 12 | third << 6 | fourth
      output[place] = UInt8(truncatingIfNeeded: group >> 16)
      output[place + 1] = UInt8(truncatingIfNeeded: group >> 8)
      output[place + 2] = UInt8(truncatingIfNeeded: group)
      at += 4
      place += 3
    }
    while at < digits {
      let (first, second, third, fourth) = (value(at), value(at + 1), value(at + 2), value(at + 3))
      guard (first | second | third | fourth) < 64 else { return false }
      var group = first << 26 | second << 20 | third << 14 | fourth << 8
      for _ in 0..<min(3, output.count - place) {
        output[place] = UInt8(truncatingIfNeeded: group >> 24)
        group <<= 8
        place += 1
      }
      // What is left over of the last digit stands for nothing, and is zero in what an encoder writes.
      guard group == 0 else { return false }
      at += 4
    }
    return true
  }
}
