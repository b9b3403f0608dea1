internal import JSON

/// A comparison with a number, as in `>300`, `<=5m` or `=10k`.
struct FilterThreshold: Sendable, Equatable {
  enum Comparison: String, Sendable {
    case less = "<"
    case atMost = "<="
    case equal = "="
    case atLeast = ">="
    case greater = ">"
  }

  let comparison: Comparison
  /// The number in millionths, so that it is printed as exactly as it was read.
  private let millionths: Int64
  private let number: Double

  /// Reads a comparison, `=` where none stands, and a decimal number with at most one unit of `units`, in
  /// lower case; nil for anything else, and for what is beyond 64 bits of millionths.
  /// - Parameters:
  ///   - units: what each is worth, in parts of one.
  ///   - parts: how many parts make one.
  init?(_ text: String, units: [String: Int64], parts: Int64 = 1) {
    var rest = Array(text.utf8)[...]
    comparison = Self.comparison(&rest)
    var factor = parts
    let number = rest.prefix { !$0.isASCIILetter }
    let unit = String(decoding: rest[number.endIndex...], as: UTF8.self).asciiLowercased
    if !unit.isEmpty {
      guard let worth = units[unit] else { return nil }
      factor = worth
      rest = number
    }
    guard let value = Self.millionths(rest) else { return nil }
    let (scaled, overflow) = value.multipliedReportingOverflow(by: factor)
    guard !overflow else { return nil }
    millionths = scaled / parts
    self.number = Double(millionths) / 1e6
  }

  static let timeUnits: [String: Int64] = ["s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400]
  /// In milliseconds.
  static let shortTimeUnits: [String: Int64] = [
    "ms": 1, "s": 1000, "m": 60_000, "min": 60_000, "h": 3_600_000,
  ]
  static let sizeUnits: [String: Int64] = [
    "b": 1, "k": 1 << 10, "kb": 1 << 10, "kib": 1 << 10, "m": 1 << 20, "mb": 1 << 20, "mib": 1 << 20,
    "g": 1 << 30, "gb": 1 << 30, "gib": 1 << 30,
  ]

  /// The number alone; nil if it is compared by more than "=".
  var plain: Double? { comparison == .equal ? number : nil }

  func admits(_ value: Double) -> Bool {
    switch comparison {
    case .less: value < number
    case .atMost: value <= number
    case .equal: value == number
    case .atLeast: value >= number
    case .greater: value > number
    }
  }

  private static func comparison(_ text: inout ArraySlice<UInt8>) -> Comparison {
    for length in [2, 1] {
      let sign = String(decoding: text.prefix(length), as: UTF8.self)
      guard let comparison = Comparison(rawValue: sign) else { continue }
      text = text.dropFirst(length)
      return comparison
    }
    return .equal
  }

  /// The value of `-?[0-9]{1,13}(\.[0-9]{1,6})?`, in millionths; nil if they are beyond 64 bits.
  ///
  /// That is every number that a `description` can hold, whatever unit it was written in.
  private static func millionths(_ text: ArraySlice<UInt8>) -> Int64? {
    let isNegative = text.first == UInt8(ascii: "-")
    let parts = text.dropFirst(isNegative ? 1 : 0)
      .split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = digits(parts[0], atMost: 13) else { return nil }
    var millionths: Int64 = 0
    if parts.count == 2 {
      guard let fraction = digits(parts[1], atMost: 6) else { return nil }
      millionths = (parts[1].count..<6).reduce(fraction) { scaled, _ in scaled * 10 }
    }
    let (scaled, isTooLarge) = whole.multipliedReportingOverflow(by: 1_000_000)
    let (value, isBeyond) = scaled.addingReportingOverflow(millionths)
    guard !isTooLarge, !isBeyond else { return nil }
    return isNegative ? -value : value
  }

  private static func digits(_ text: ArraySlice<UInt8>, atMost limit: Int) -> Int64? {
    guard (1...limit).contains(text.count), text.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return text.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
  }
}

extension FilterThreshold: CustomStringConvertible {
  var description: String { comparison.rawValue + ShortDecimal.text(millionths: millionths) }
}
