internal import JSON
internal import Webhooks

/// A MAC that a header carries, in whatever spelling, for candidates to be compared with.
struct SignatureTarget: Sendable {
  /// The received bytes; fewer than a digest has where the text was cut short.
  let bytes: [UInt8]
  /// The size in bytes of the digest that it is or was the beginning of.
  let digestSize: Int
  /// What a strict reader does not take about the spelling.
  let oddities: [HeaderOddity]

  /// Whether `mac` is the MAC that was received, or begins with all that is left of it.
  func matches(_ mac: [UInt8]) -> Bool {
    guard mac.count == digestSize, bytes.count <= mac.count else { return false }
    return ConstantTime.areEqual(bytes, Array(mac.prefix(bytes.count)))
  }

  /// Fewer hexadecimal digits than these prove nothing: 128 bits are left of the MAC then.
  private static let fewestDigits = 32

  /// The readings of a value that may be a digest; none for any other text.
  static func all(in value: ArraySlice<UInt8>, oddities: [HeaderOddity]) -> [SignatureTarget] {
    let (text, found) = bare(value)
    let oddities = oddities + found
    guard text.count >= 26, text.count <= 4096 else { return [] }
    let digits = text.prefix { $0.hexDigit != nil }
    if digits.count >= fewestDigits { return hexadecimal(digits, of: text, oddities: oddities) }
    guard let decoded = LenientBase64.decoded(text), [20, 32, 64].contains(decoded.count) else { return [] }
    return [SignatureTarget(bytes: decoded, digestSize: decoded.count, oddities: oddities + [.base64])]
  }

  private static func hexadecimal(
    _ digits: ArraySlice<UInt8>, of text: ArraySlice<UInt8>, oddities: [HeaderOddity]
  ) -> [SignatureTarget] {
    let isUppercase = digits.contains { $0.lowercaseHexDigit == nil }
    let oddities = oddities + (isUppercase ? [.uppercase] : [])
    func target(_ count: Int, size: Int, _ more: HeaderOddity?) -> SignatureTarget {
      SignatureTarget(
        bytes: NodeHex.decoded(String(decoding: digits.prefix(count), as: UTF8.self)), digestSize: size,
        oddities: oddities + (more.map { [$0] } ?? []))
    }
    var targets: [SignatureTarget] = []
    if text.count == digits.count {
      if digits.count == 40 { targets.append(target(40, size: 20, nil)) }
      if digits.count == 128 { targets.append(target(128, size: 64, nil)) }
    }
    if digits.count < 64 {
      targets.append(target(digits.count & ~1, size: 32, .cutShort(digits: digits.count)))
    } else {
      targets.append(target(64, size: 32, text.count > 64 ? .trailingText : nil))
    }
    return targets
  }

  /// The value without quotes, white space and the name of an algorithm.
  private static func bare(_ value: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, [HeaderOddity]) {
    var oddities: [HeaderOddity] = []
    var text = value.trimmingSpaces
    if text.count < value.count { oddities.append(.space) }
    let unquoted = text.trimmingQuotes
    if unquoted.count < text.count { oddities.append(.quotes) }
    text = unquoted
    for prefix in SignatureNames.prefixes {
      if text.starts(with: prefix.utf8) {
        text = text.dropFirst(prefix.utf8.count)
        oddities.append(.prefix(prefix))
        break
      }
    }
    return (text, oddities)
  }
}

extension ArraySlice<UInt8> {
  /// The slice without quotation marks at its ends.
  var trimmingQuotes: ArraySlice<UInt8> {
    let isQuote = { (byte: UInt8) in byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }
    var slice = self
    while let byte = slice.first, isQuote(byte) { slice = slice.dropFirst() }
    while let byte = slice.last, isQuote(byte) { slice = slice.dropLast() }
    return slice
  }
}
