internal import JSON
internal import Webhooks

/// A wrong way to write the bytes of a digest, known from senders' code.
enum DigestForm: Sendable, Equatable, CaseIterable {
  case zerosDropped, leadingZerosDropped, signedBytes, signedBytesShort
  case separated, listed, base64OfHex, hexOfHex, hexOfBase64, base32, decimal

  /// The digest as it is written so.
  func written(_ mac: [UInt8]) -> [UInt8] {
    let pairs = mac.map { Hex.text([$0]) }
    let hex = Array(pairs.joined().utf8)
    switch self {
    case .zerosDropped: return Array(mac.map { String($0, radix: 16) }.joined().utf8)
    case .leadingZerosDropped: return Array(hex.drop { $0 == UInt8(ascii: "0") })
    case .signedBytes: return Array(zip(mac, pairs).map { ($0 < 0x80 ? "" : "ffffff") + $1 }.joined().utf8)
    case .signedBytesShort:
      return Array(zip(mac, pairs).map { $0 < 0x80 ? String($0, radix: 16) : "ffffff" + $1 }.joined().utf8)
    case .separated: return Array(pairs.joined(separator: "-").utf8)
    case .listed: return Array(mac.map { String($0) }.joined(separator: ",").utf8)
    case .base64OfHex: return Base64.encoded(hex)
    case .hexOfHex: return Array(Hex.text(hex).utf8)
    case .hexOfBase64: return Array(Hex.text(Base64.encoded(mac)).utf8)
    case .base32: return Self.asBase32(mac)
    case .decimal: return Self.asDecimal(mac)
    }
  }

  /// Whether `text` may be a digest of `size` bytes in this form.
  func fits(_ text: ArraySlice<UInt8>, size: Int) -> Bool {
    let isHex = text.allSatisfy { $0.hexDigit != nil }
    switch self {
    case .zerosDropped, .leadingZerosDropped: return isHex && (size..<2 * size).contains(text.count)
    case .signedBytes, .signedBytesShort:
      return isHex && (size..<8 * size + 1).contains(text.count) && text.speaksOf("ffffff")
    default: return read(text, size: size) != nil
    }
  }

  /// The digest that `text` stands for; nil if it is not written so.
  func read(_ text: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
    let digest: [UInt8]? =
      switch self {
      case .separated: Self.separated(text, size: size)
      case .listed: Self.listed(text, size: size)
      case .base64OfHex: Base64.decodedLeniently(text).flatMap { Hex.decoded($0) }
      case .hexOfHex: Hex.decoded(Array(text)).flatMap { Hex.decoded($0) }
      case .hexOfBase64: Hex.decoded(Array(text)).flatMap { Base64.decodedLeniently($0[...]) }
      case .base32: Self.base32(text)
      case .decimal: Self.decimal(text, size: size)
      default: nil
      }
    return digest?.count == size ? digest : nil
  }

  /// Pairs of digits with hyphens, colons, blanks, or `0x` and `\x`, between them.
  private static func separated(_ text: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
    guard text.count > 2 * size, text.count <= 8 * size else { return nil }
    var digits: [UInt8] = []
    var rest = text
    if rest.starts(with: "<Buffer".utf8) { rest = rest.dropFirst(7) }
    while let byte = rest.first {
      let isMark = rest.starts(with: "0x".utf8) || rest.starts(with: #"\x"#.utf8)
      if !isMark, byte.hexDigit != nil {
        digits.append(byte)
      } else if !isMark, !signs.contains(byte) {
        return nil
      }
      rest = rest.dropFirst(isMark ? 2 : 1)
    }
    return Hex.decoded(digits)
  }

  private static let signs = Array("-: ,;_.<>{}[]()".utf8)

  /// The bytes as decimal numbers, signed or not.
  private static func listed(_ text: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
    let isSpaced = text.contains { $0 == 0x20 || $0 == 0x2C || $0 == 0x3B }
    let numbers = text.split { byte in
      !byte.isASCIIDigit && !(isSpaced && byte == UInt8(ascii: "-"))
    }
    guard numbers.count == size else { return nil }
    let values = numbers.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
    guard values.count == size, values.allSatisfy({ (-128..<256).contains($0) }) else { return nil }
    return values.map { UInt8(truncatingIfNeeded: $0) }
  }

  private static func base32(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var (value, count): (UInt32, UInt32) = (0, 0)
    var output: [UInt8] = []
    for byte in text where byte != UInt8(ascii: "=") {
      let digit: UInt8
      switch byte {
      case 0x41...0x5A: digit = byte - 0x41
      case 0x61...0x7A: digit = byte - 0x61
      case 0x32...0x37: digit = byte - 0x32 + 26
      default: return nil
      }
      value = value << 5 | UInt32(digit)
      count += 5
      guard count >= 8 else { continue }
      count -= 8
      output.append(UInt8(truncatingIfNeeded: value >> count))
    }
    return output
  }

  private static let base32Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

  private static func asBase32(_ bytes: [UInt8]) -> [UInt8] {
    var (value, count): (UInt32, UInt32) = (0, 0)
    var output: [UInt8] = []
    for byte in bytes {
      value = value << 8 | UInt32(byte)
      count += 8
      while count >= 5 {
        count -= 5
        output.append(base32Digits[Int(value >> count & 31)])
      }
    }
    if count > 0 { output.append(base32Digits[Int(value << (5 - count) & 31)]) }
    return output
  }

  private static func asDecimal(_ bytes: [UInt8]) -> [UInt8] {
    var digits: [UInt8] = [0]
    for byte in bytes {
      var carry = Int(byte)
      for index in digits.indices.reversed() {
        carry += Int(digits[index]) << 8
        digits[index] = UInt8(carry % 10)
        carry /= 10
      }
      while carry > 0 {
        digits.insert(UInt8(carry % 10), at: 0)
        carry /= 10
      }
    }
    return digits.map { $0 + UInt8(ascii: "0") }
  }

  /// The digest as one large decimal number.
  private static func decimal(_ text: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
    guard text.count > 2 * size, text.count <= 3 * size, text.allSatisfy(\.isASCIIDigit) else { return nil }
    var bytes = [UInt8](repeating: 0, count: size)
    for digit in text {
      var carry = Int(digit - 0x30)
      for index in bytes.indices.reversed() {
        carry += Int(bytes[index]) * 10
        bytes[index] = UInt8(carry & 0xFF)
        carry >>= 8
      }
      guard carry == 0 else { return nil }
    }
    return bytes
  }

  /// What is wrong, as a sentence about the digest.
  var words: String {
    switch self {
    case .zerosDropped: "each byte below 0x10 lost its leading zero"
    case .leadingZerosDropped: "it lost its leading zero, as a number printed in hexadecimal does"
    case .signedBytes, .signedBytesShort: "bytes from 0x80 on are written as ffffffxx, as signed numbers are"
    case .separated: "there are signs between its bytes, such as hyphens or colons"
    case .listed: "its bytes are written as a list of numbers"
    case .base64OfHex: "the hexadecimal text was put into base64"
    case .hexOfHex: "the hexadecimal text was written in hexadecimal once more"
    case .hexOfBase64: "the base64 text was written in hexadecimal"
    case .base32: "it is in base32"
    case .decimal: "it is written as one decimal number"
    }
  }
}
