/// Numbers as short decimals: no exponent, no zeros at the end, at most so many digits after the point.
enum ShortDecimal {
  /// `value` rounded to so many decimals, at most 9; nil where it is not finite or has more than 18 digits
  /// before the point.
  static func text(_ value: Double, decimals: Int) -> String? {
    guard value.isFinite, abs(value) < 1e18 else { return nil }
    // Apart, since together both would not fit in 64 bits.
    let unit = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
    var whole = abs(value).rounded(.towardZero)
    var fraction = ((abs(value) - whole) * unit).rounded()
    if fraction >= unit {
      whole += 1
      fraction = 0
    }
    return text(isNegative: value < 0, whole: UInt64(whole), fraction: UInt64(fraction), decimals: decimals)
  }

  /// `value`, a number of millionths, as a decimal: 3_200_000 is `3.2`.
  static func text(millionths value: Int64) -> String {
    let (whole, fraction) = value.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    return text(isNegative: value < 0, whole: whole, fraction: fraction, decimals: 6)
  }

  private static func text(isNegative: Bool, whole: UInt64, fraction: UInt64, decimals: Int) -> String {
    guard fraction > 0 else { return isNegative && whole > 0 ? "-\(whole)" : "\(whole)" }
    var digits = fraction.padded(decimals)
    while digits.utf8.last == UInt8(ascii: "0") { digits.removeLast() }
    return "\(isNegative ? "-" : "")\(whole).\(digits)"
  }
}
