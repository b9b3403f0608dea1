internal import JSON

/// Numbers of JSON read as `Int` and `Double` read their texts, but where they stand: a text is made of rare ones only.
enum SessionNumber {
  /// Returns the number, or nil if it has a point or an exponent, or does not fit.
  static func integer<Number: FixedWidthInteger>(_ text: Span<UInt8>) -> Number? {
    HTTPText.number(text).flatMap { Number(exactly: $0) } ?? Number(string(text))
  }

  /// Returns the nearest number that a `Double` can hold.
  static func decimal(_ text: Span<UInt8>) -> Double? { short(text) ?? Double(string(text)) }

  /// The most digits that make a whole number which a `Double` holds exactly, as it does ten to so many; what one is
  /// divided by the other is then rounded once, and right.
  private static let digits = 15
  private static let powers = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  /// The number, where it has few digits and no exponent.
  private static func short(_ text: Span<UInt8>) -> Double? {
    let isNegative = text.count > 0 && text[0] == UInt8(ascii: "-")
    let start = isNegative ? 1 : 0
    guard text.count - start <= digits + 1 else { return nil }
    var (whole, point) = (0, Int?.none)
    for index in start..<text.count {
      if text[index] == UInt8(ascii: "."), point == nil {
        point = index
      } else {
        guard text[index].isASCIIDigit else { return nil }
        whole = whole * 10 + Int(text[index] - UInt8(ascii: "0"))
      }
    }
    let decimals = point.map { text.count - 1 - $0 } ?? 0
    guard text.count - start - (point == nil ? 0 : 1) <= digits else { return nil }
    let value = Double(whole) / powers[decimals]
    return isNegative ? -value : value
  }

  private static func string(_ text: Span<UInt8>) -> String {
    text.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }
}
