/// Numbers as JavaScript reads and prints them (ECMA-262, `Number(text)` and `String(number)`).
public enum ScriptNumber {
  /// Returns what `Number(text)` gives: NaN for anything that is not a number as a whole, 0 for white space only.
  public static func parsed(_ text: String) -> Double {
    if let whole = whole(text) { return whole }
    let trimmed = Array(text.unicodeScalars).trimmed(where: isSpace)
    guard let first = trimmed.first else { return 0 }
    if let radix = radix(of: trimmed) { return integer(trimmed.dropFirst(2), radix: radix) }
    let unsigned = first == "+" || first == "-" ? trimmed.dropFirst() : trimmed
    if unsigned.elementsEqual("Infinity".unicodeScalars) { return first == "-" ? -.infinity : .infinity }
    guard isDecimal(unsigned) else { return .nan }
    let value = Double(decimalText(unsigned)) ?? .nan
    return first == "-" ? -value : value
  }

  /// A number of so few digits that it is exact: as times are, of which each delivery has one.
  private static func whole(_ text: String) -> Double? {
    guard (1...15).contains(text.utf8.count), text.utf8.allSatisfy(\.isASCIIDigit) else { return nil }
    return Int(text).map(Double.init)
  }

  /// White space and line ends of the language; U+FEFF is one of them, U+0085 is not.
  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x20, 0xA0, 0xFEFF, 0x2028, 0x2029: true
    default: scalar.properties.generalCategory == .spaceSeparator
    }
  }

  private static func radix(of text: ArraySlice<Unicode.Scalar>) -> Int? {
    guard text.count > 2, text.first == "0" else { return nil }
    switch text.dropFirst().first {
    case "x", "X": return 16
    case "o", "O": return 8
    case "b", "B": return 2
    default: return nil
    }
  }

  private static func integer(_ digits: ArraySlice<Unicode.Scalar>, radix: Int) -> Double {
    var value = 0.0
    for digit in digits {
      guard digit.isASCII, let number = Character(digit).hexDigitValue, number < radix else { return .nan }
      value = value * Double(radix) + Double(number)
    }
    return value
  }

  /// Whether the text is digits with at most one point and an exponent; a digit must stand on one side.
  private static func isDecimal(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
    var rest = text
    func skipDigits() -> Int {
      let digits = rest.prefix { ("0"..."9").contains($0) }.count
      rest = rest.dropFirst(digits)
      return digits
    }
    var digits = skipDigits()
    if rest.first == "." {
      rest = rest.dropFirst()
      digits += skipDigits()
    }
    guard digits > 0 else { return false }
    if rest.first == "e" || rest.first == "E" {
      rest = rest.dropFirst()
      if rest.first == "+" || rest.first == "-" { rest = rest.dropFirst() }
      guard skipDigits() > 0 else { return false }
    }
    return rest.isEmpty
  }

  /// The text with a digit on both sides of the point, as Swift asks for.
  private static func decimalText(_ text: ArraySlice<Unicode.Scalar>) -> String {
    let mantissa = text.prefix { $0 != "e" && $0 != "E" }
    var result = mantissa.first == "." ? "0" : ""
    result.unicodeScalars.append(contentsOf: mantissa)
    if mantissa.last == "." { result += "0" }
    result.unicodeScalars.append(contentsOf: text[mantissa.endIndex...])
    return result
  }

  /// Returns what `String(number)` gives: the shortest digits that read back as the same number.
  public static func printed(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity" }
    guard value != 0 else { return "0" }
    // No fewer digits read back as a number that is exact.
    if let whole = Int(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
    let sign = value < 0 ? "-" : ""
    let (digits, point) = shortest(abs(value))
    let zeros = { (count: Int) in String(repeating: "0", count: count) }
    switch point {
    case digits.utf8.count...21: return sign + digits + zeros(point - digits.utf8.count)
    case 1...21: return sign + digits.prefix(point) + "." + digits.dropFirst(point)
    case -5...0: return sign + "0." + zeros(-point) + digits
    default:
      let fraction = digits.dropFirst()
      let exponent = (point > 0 ? "+" : "") + String(point - 1)
      return sign + digits.prefix(1) + (fraction.isEmpty ? "" : "." + fraction) + "e" + exponent
    }
  }

  /// The shortest digits of a number above 0, and where the point stands among them.
  private static func shortest(_ value: Double) -> (digits: String, point: Int) {
    let parts = value.description.split(separator: "e")
    let exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let fraction = mantissa.count == 2 ? mantissa[1] : ""
    let all = Substring(mantissa[0] + fraction)
    let significant = all.drop { $0 == "0" }
    let point = exponent + mantissa[0].utf8.count - (all.utf8.count - significant.utf8.count)
    var digits = String(significant)
    while digits.utf8.last == UInt8(ascii: "0") { digits.removeLast() }
    return (digits, point)
  }
}
