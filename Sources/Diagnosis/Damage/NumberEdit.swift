internal import JSON

/// How numbers change on their way through a parser; they stay text, so that no digit is lost here.
enum NumberEdit {
  /// What may have been in place of the number `text` before `edit`.
  static func originals(_ text: [UInt8], _ edit: ValueEdit) -> [[UInt8]] {
    let isInteger = text.allSatisfy { $0.isASCIIDigit || $0 == minus }
    switch edit {
    case .fractionDropped: return isInteger ? [text + Array(".0".utf8)] : []
    case .hundredthsDropped: return isInteger ? [text + Array(".00".utf8)] : []
    case .fractionAdded: return text.suffix(2).elementsEqual(".0".utf8) ? [Array(text.dropLast(2))] : []
    case .zerosDropped: return isDecimal(text) ? [text + [zero], text + [zero, zero]] : []
    case .zerosAdded: return isDecimal(text) && text.last == zero ? [withoutZeros(text)] : []
    case .exponentExpanded: return withExponent(text)
    case .exponentCollapsed: return writtenOut(text)
    case .exponentSpelled: return respelled(text)
    case .rounded: return isInteger ? neighbours(of: text) : []
    case .zeroSigned: return text == [minus, zero] ? [[zero]] : []
    case .zeroUnsigned: return text == [zero] ? [[minus, zero]] : []
    case .textToNumber: return [[0x22] + text + [0x22]]
    case .boolToNumber:
      return text == [one] ? [Array("true".utf8)] : text == [zero] ? [Array("false".utf8)] : []
    case .counterRaised, .counterLowered: return counts(text, isRaised: edit == .counterRaised)
    case .arrayToElement: return [[0x5B] + text + [0x5D]]
    default: return []
    }
  }

  /// What `edit` makes of a number, for edits that no other one undoes; nil if it changes nothing.
  static func damaged(_ text: [UInt8], _ edit: ValueEdit) -> [UInt8]? {
    switch edit {
    case .hundredthsDropped: return text.suffix(3).elementsEqual(".00".utf8) ? text.dropLast(3) : nil
    case .rounded:
      let value = Int(String(decoding: text, as: UTF8.self))
      return value.flatMap { Int(exactly: Double($0)) }.map { Array(String($0).utf8) }
    default: return nil
    }
  }

  private static let (zero, one, minus, point) = (UInt8(0x30), UInt8(0x31), UInt8(0x2D), UInt8(0x2E))

  private static func isDecimal(_ text: [UInt8]) -> Bool {
    text.contains(point) && text.allSatisfy { $0.isASCIIDigit || $0 == point || $0 == minus }
  }

  /// The fraction without the zeros at its end, and without its point where nothing else is left.
  private static func withoutZeros(_ text: [UInt8]) -> [UInt8] {
    var text = text
    while text.last == zero { text.removeLast() }
    if text.last == point { text.removeLast() }
    return text
  }

  /// `1000` and `1000.0` as `1e3` and its like.
  private static func withExponent(_ text: [UInt8]) -> [[UInt8]] {
    let plain = isDecimal(text) ? withoutZeros(text) : text
    guard plain.allSatisfy({ $0.isASCIIDigit || $0 == minus }), plain.count <= 64 else { return [] }
    let zeros = plain.reversed().prefix { $0 == zero }.count
    let digits = plain.dropLast(zeros)
    guard zeros > 0 || plain.count >= 16, digits.contains(where: \.isASCIIDigit) else { return [] }
    var results =
      zeros == 0
      ? []
      : ["e\(zeros)", "E\(zeros)", "e+\(zeros)", "E+\(zeros)", ".0e\(zeros)", ".0E\(zeros)"].map {
        Array(digits) + Array($0.utf8)
      }
    let whole = digits.drop { $0 == minus }.prefix(1)
    let rest = digits.drop { $0 == minus }.dropFirst()
    if !rest.isEmpty {
      let power = zeros + rest.count
      let sign = digits.prefix { $0 == minus }
      results += ["e\(power)", "E\(power)", "e+\(power)"].map {
        Array(sign) + Array(whole) + [point] + Array(rest) + Array($0.utf8)
      }
    }
    return results
  }

  /// A number with an exponent, written out.
  private static func writtenOut(_ text: [UInt8]) -> [[UInt8]] {
    guard let mark = text.firstIndex(where: { $0 | 0x20 == 0x65 }),
      let power = Int(String(decoding: text[(mark + 1)...], as: UTF8.self)), abs(power) <= 64
    else { return [] }
    let sign = text.prefix { $0 == minus }
    let parts = text[..<mark].drop { $0 == minus }.split(separator: point, maxSplits: 1)
    guard let whole = parts.first else { return [] }
    let fraction = parts.count > 1 ? Array(parts[1]) : []
    let digits = Array(whole) + fraction
    let place = whole.count + power
    guard place > 0 else {
      return [Array(sign) + Array("0.".utf8) + [UInt8](repeating: zero, count: -place) + digits]
    }
    guard place < digits.count else {
      let integer = Array(sign) + digits + [UInt8](repeating: zero, count: place - digits.count)
      return [integer, integer + Array(".0".utf8)] + neighbours(of: integer)
    }
    return [Array(sign) + digits[..<place] + [point] + digits[place...]]
  }

  /// The exponent in the other case, and with or without sign and zero in front.
  private static func respelled(_ text: [UInt8]) -> [[UInt8]] {
    guard let mark = text.firstIndex(where: { $0 | 0x20 == 0x65 }),
      let power = Int(String(decoding: text[(mark + 1)...], as: UTF8.self)), abs(power) < 1000
    else { return [] }
    let size = String(abs(power))
    let signs = power < 0 ? ["-"] : ["", "+"]
    let padded = size.utf8.count == 1 ? [size, "0" + size] : [size]
    let mantissas =
      [Array(text[..<mark])] + (text[..<mark].contains(point) ? [] : [text[..<mark] + Array(".0".utf8)])
    let spellings = ["e", "E"].flatMap { letter in
      signs.flatMap { sign in padded.map { Array("\(letter)\(sign)\($0)".utf8) } }
    }
    return mantissas.flatMap { mantissa in spellings.map { mantissa + $0 } }.filter { $0 != text }
  }

  /// The integers beside a large one that are the same double, where it is written as a double is.
  private static func neighbours(of text: [UInt8]) -> [[UInt8]] {
    guard text.count >= 16, text.count <= 20, let value = Int(String(decoding: text, as: UTF8.self)),
      value.magnitude >= 1 << 53
    else { return [] }
    let double = Double(value)
    // Some writers print as few digits as tell a double from others, and zeros for the rest.
    guard Int(exactly: double) == value || ScriptNumber.printed(double).utf8.elementsEqual(text) else {
      return []
    }
    let distance = Int(double.ulp)
    return (1...distance).flatMap { [$0, -$0] }.compactMap { step in
      let (other, overflow) = value.addingReportingOverflow(step)
      return overflow || Double(other) != double ? nil : Array(String(other).utf8)
    }
  }

  /// A number of attempts before or after it was counted up: few of them.
  private static func counts(_ text: [UInt8], isRaised: Bool) -> [[UInt8]] {
    guard text.count <= 3, let number = Int(String(decoding: text, as: UTF8.self)), number >= 0 else {
      return []
    }
    let others = isRaised ? (1...5).map { number - $0 } : (1...5).map { number + $0 }
    return others.filter { $0 >= 0 }.map { Array(String($0).utf8) }
  }
}
