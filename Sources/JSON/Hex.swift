/// Bytes as hexadecimal digits, and back.
public enum Hex {
  private static let lowercase = Array("0123456789abcdef".utf8)
  private static let uppercase = Array("0123456789ABCDEF".utf8)

  /// Returns the bytes as lower-case digits, two for each.
  public static func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: digits(of: Array(bytes)), as: UTF8.self)
  }

  /// Returns the bytes as lower-case digits, two for each.
  public static func digits(of bytes: [UInt8]) -> [UInt8] {
    var digits: [UInt8] = []
    digits.reserveCapacity(2 * bytes.count)
    for byte in bytes { append(byte, uppercase: false, to: &digits) }
    return digits
  }

  /// Returns the number in digits, with zeros in front up to `width` of them.
  public static func text(
    _ number: some FixedWidthInteger, width: Int, uppercase isUppercase: Bool = false
  ) -> String {
    number.padded(width, radix: 16, uppercase: isUppercase)
  }

  /// Returns the bytes that `text` stands for, digits of either case, or nil if it is not pairs of digits.
  public static func decoded(_ text: some Collection<UInt8>) -> [UInt8]? {
    guard text.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    var high: UInt8?
    for byte in text {
      guard let digit = byte.hexDigit else { return nil }
      if let first = high { bytes.append(first << 4 | digit) }
      high = high == nil ? digit : nil
    }
    return bytes
  }

  /// Returns the two digits of a byte.
  public static func digits(of byte: UInt8, uppercase isUppercase: Bool = false) -> [UInt8] {
    var digits: [UInt8] = []
    append(byte, uppercase: isUppercase, to: &digits)
    return digits
  }

  /// Appends the two digits of a byte.
  static func append(_ byte: UInt8, uppercase isUppercase: Bool, to text: inout [UInt8]) {
    let digits = isUppercase ? uppercase : lowercase
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
}

extension UInt8 {
  /// The value of a digit `0`–`9` or `a`–`f`.
  @inlinable
  public var lowercaseHexDigit: UInt8? {
    switch self {
    case 0x30...0x39: self - 0x30
    case 0x61...0x66: self - 0x61 + 10
    default: nil
    }
  }

  /// The value of a hexadecimal digit of either case.
  @inlinable
  public var hexDigit: UInt8? { asciiLowercased.lowercaseHexDigit }
}
