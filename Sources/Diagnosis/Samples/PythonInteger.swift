internal import JSON

/// An integer as Python's `int(text)` reads it: any script's digits, single underscores, spaces around it.
struct PythonInteger: Sendable {
  private let isNegative: Bool
  /// ASCII digits without zeros in front; empty for zero.
  private let digits: String

  static let zero = PythonInteger("0")

  /// The most digits that Python converts, since an attacker could keep it busy with more.
  private static let digitLimit = 4300

  /// The integer that `text` stands for; nil if Python raises a ValueError.
  init?(_ text: String) {
    var rest = Array(text.unicodeScalars).trimmed(where: Self.isSpace)
    isNegative = rest.first == "-"
    if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
    guard let digits = Self.digits(rest), digits.count <= Self.digitLimit else { return nil }
    self.digits = String(decoding: digits.drop { $0 == UInt8(ascii: "0") }, as: UTF8.self)
  }

  /// ASCII digits for all digits of `text`; nil if anything but single underscores stands between them.
  private static func digits(_ text: ArraySlice<Unicode.Scalar>) -> [UInt8]? {
    var digits: [UInt8] = []
    var isAfterDigit = false
    for scalar in text {
      if scalar == "_" {
        guard isAfterDigit else { return nil }
        isAfterDigit = false
      } else if scalar.isASCII {
        // Nearly all are: what Unicode knows of them need not be asked.
        guard let digit = UInt8(exactly: scalar.value), digit.isASCIIDigit else { return nil }
        digits.append(digit)
        isAfterDigit = true
      } else {
        let properties = scalar.properties
        guard properties.numericType == .decimal, let value = properties.numericValue else { return nil }
        digits.append(UInt8(ascii: "0") + UInt8(value))
        isAfterDigit = true
      }
    }
    return isAfterDigit ? digits : nil
  }

  /// C's white space, and beyond ASCII what Unicode calls so; the separators U+001C to U+001F are not.
  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x20: true
    case 0x80...: scalar.properties.isWhitespace
    default: false
    }
  }

  var isZero: Bool { digits.isEmpty }

  /// The value as a float; nil if Python raises an OverflowError.
  var seconds: Double? {
    guard let value = Double(isZero ? "0" : digits), value.isFinite else { return nil }
    return isNegative ? -value : value
  }

  /// The number as an f-string prints it.
  var printed: String { isZero ? "0" : (isNegative ? "-" : "") + digits }
}
