/// Bytes as standard base64 with padding, RFC 4648 section 4, and back, strictly.
enum Base64 {
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
  static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
    let start = text.count
    // Filled with padding first, so that what no digit takes is right already.
    text.append(contentsOf: repeatElement(padding, count: (bytes.count + 2) / 3 * 4))
    encode(bytes.span, with: digits.span, into: &text, at: start)
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

  /// The bytes that `text` stands for; nil unless it is exactly what encoding them gives.
  static func decoded(_ text: Span<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    let padded = (0..<min(2, text.count)).prefix { text[text.count - 1 - $0] == padding }.count
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    var bits: UInt32 = 0
    let values = values.span
    for at in 0..<text.count - padded {
      let value = values[Int(text[at])]
      guard value != noDigit else { return nil }
      bits = bits << 6 | UInt32(value)
      guard at % 4 != 0 else { continue }
      bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(6 - 2 * (at % 4))))
    }
    // What is left over of the last digit stands for nothing, and is zero in what an encoder writes.
    let leftover = padded == 0 ? 0 : bits & (padded == 1 ? 0b11 : 0b1111)
    return leftover == 0 ? bytes : nil
  }
}
