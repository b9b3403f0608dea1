/// Numbers of JSON as the decimals that they are: nothing is rounded.
enum JSONNumber {
  /// What two number tokens that are written differently have in common all the same.
  static func note(_ left: ByteString, _ right: ByteString) -> Difference.Note? {
    if let one = Decimal(left), let other = Decimal(right), one == other { return .sameNumber }
    // Parsing longer numbers as a Double takes too long.
    guard left.count < 400, right.count < 400, let one = Double(left.text), let other = Double(right.text)
    else { return nil }
    return one == other && one.isFinite ? .sameDouble : nil
  }

  /// `0.ddd × 10^point`, without zeros at either end; no digits for 0, which has no sign here.
  private struct Decimal: Equatable {
    var isNegative: Bool
    var digits: ArraySlice<UInt8>
    var point: Int

    /// Reads a number token; nil if its exponent is larger than anybody means it.
    init?(_ token: ByteString) {
      var rest = token.bytes
      isNegative = rest.first == UInt8(ascii: "-")
      if isNegative { rest = rest.dropFirst() }
      let whole = rest.prefix { $0.isASCIIDigit }
      rest = rest.dropFirst(whole.count)
      var fraction: ArraySlice<UInt8> = []
      if rest.first == UInt8(ascii: ".") {
        fraction = rest.dropFirst().prefix { $0.isASCIIDigit }
        rest = rest.dropFirst(1 + fraction.count)
      }
      let exponent = rest.isEmpty ? 0 : Self.exponent(rest.dropFirst())
      guard let exponent else { return nil }
      let all = Array(whole) + Array(fraction)
      let significant = all.drop { $0 == UInt8(ascii: "0") }
      digits = significant.trimmed { $0 == UInt8(ascii: "0") }
      point = digits.isEmpty ? 0 : exponent + whole.count - (all.count - significant.count)
      if digits.isEmpty { isNegative = false }
    }

    private static func exponent(_ text: ArraySlice<UInt8>) -> Int? {
      Int(String(decoding: text.prefix(17), as: UTF8.self)).flatMap { text.count > 16 ? nil : $0 }
    }
  }
}
