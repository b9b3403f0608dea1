/// Windows-1252 as the WHATWG encoding standard has it: five bytes without a character are control codes.
enum WindowsCharacters {
  /// The characters of the bytes 0x80 to 0x9F; the rest are as in Latin-1.
  private static let upper: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152,
    0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122,
    0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
  ]

  private static let bytes = Dictionary(
    uniqueKeysWithValues: upper.enumerated().map { ($1, UInt8(0x80 + $0)) })

  static func scalar(_ byte: UInt8) -> Unicode.Scalar {
    guard 0x80...0x9F ~= byte else { return Unicode.Scalar(byte) }
    return Unicode.Scalar(upper[Int(byte) - 0x80]) ?? Unicode.Scalar(byte)
  }

  /// The byte that stands for a character; nil where none does.
  static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
    if let byte = bytes[scalar.value] { return byte }
    return scalar.value < 0x80 || 0xA0...0xFF ~= scalar.value ? UInt8(scalar.value) : nil
  }
}
