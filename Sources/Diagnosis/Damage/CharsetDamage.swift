internal import JSON

/// A way in which a body's characters were read in one encoding and written in another.
enum CharsetDamage: Sendable, Equatable, CaseIterable {
  case latin1AsUTF8, windowsAsUTF8, twice, toLatin1, toWindows, toUTF16, signedAsText

  /// The body after this has happened to it; nil if it can't happen, or would not show afterwards.
  func applied(to body: [UInt8]) -> [UInt8]? {
    guard body.isUTF8 else { return nil }
    let isASCII = !body.contains { $0 >= 0x80 }
    switch self {
    case .latin1AsUTF8: return isASCII ? nil : Self.written(body) { Unicode.Scalar($0) }
    case .windowsAsUTF8: return isASCII ? nil : Self.written(body, WindowsCharacters.scalar)
    case .twice: return Self.windowsAsUTF8.applied(to: body).flatMap(Self.windowsAsUTF8.applied)
    case .toLatin1:
      return Self.narrowed(body) { $0.value < 0x100 ? UInt8($0.value) : nil }.flatMap(Self.broken)
    case .toWindows: return Self.narrowed(body, WindowsCharacters.byte).flatMap(Self.broken)
    case .toUTF16:
      let units = String(decoding: body, as: UTF8.self).utf16
      return body.isEmpty ? nil : [0xFF, 0xFE] + units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    case .signedAsText: return Self.unrepaired(body)
    }
  }

  /// The bytes where they are no longer UTF-8, which is how the damage is seen.
  private static func broken(_ body: [UInt8]) -> [UInt8]? { body.isUTF8 ? nil : body }

  /// The bytes where they are UTF-8.
  private static func whole(_ body: [UInt8]) -> [UInt8]? { body.isUTF8 ? body : nil }

  /// The body with a byte that is no character in place of each U+FFFD; nil if there is none.
  private static func unrepaired(_ body: [UInt8]) -> [UInt8]? {
    let scalars = String(decoding: body, as: UTF8.self).unicodeScalars
    guard scalars.contains("\u{FFFD}") else { return nil }
    return scalars.flatMap {
      $0 == "\u{FFFD}" ? [0xFF] : Array(UTF8.encode($0) ?? UTF8.encodedReplacementCharacter)
    }
  }

  /// The body before this happened to it; nil if it can't have happened.
  /// - Throws: where that body would have more than `limit` bytes.
  func undone(_ body: [UInt8], limit: Int = .max) throws(BodyTooLarge) -> [UInt8]? {
    switch self {
    // Where the single bytes are no UTF-8, no UTF-8 was read wrong.
    case .latin1AsUTF8:
      return Self.narrowed(body) { $0.value < 0x100 ? UInt8($0.value) : nil }.flatMap(Self.whole)
    case .windowsAsUTF8: return Self.narrowed(body, WindowsCharacters.byte).flatMap(Self.whole)
    case .twice:
      return Self.narrowed(body, WindowsCharacters.byte).flatMap {
        Self.narrowed($0, WindowsCharacters.byte)
      }.flatMap(Self.whole)
    case .toLatin1: return try Self.widened(body, limit) { Unicode.Scalar($0) }
    case .toWindows: return try Self.widened(body, limit, WindowsCharacters.scalar)
    case .toUTF16: return try Self.fromUTF16(body, limit)
    case .signedAsText:
      guard !body.isUTF8 else { return nil }
      guard let text = UTF8.repaired(body, limit: limit) else { throw BodyTooLarge() }
      return text
    }
  }

  /// Writes each character as one byte: the reverse of reading each byte as a character.
  private static func narrowed(_ body: [UInt8], _ byte: (Unicode.Scalar) -> UInt8?) -> [UInt8]? {
    guard body.contains(where: { $0 >= 0x80 }), let text = try? UTF8Span(validating: body.span) else {
      return nil
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(body.count)
    var scalars = text.makeUnicodeScalarIterator()
    while let scalar = scalars.next() {
      guard let byte = byte(scalar) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  /// Each byte as a character in UTF-8, for a body that is not UTF-8.
  private static func widened(
    _ body: [UInt8], _ limit: Int, _ scalar: (UInt8) -> Unicode.Scalar
  ) throws(BodyTooLarge) -> [UInt8]? {
    guard !body.isUTF8 else { return nil }
    let size = body.reduce(0) { $0 + ($1 < 0x80 ? 1 : UTF8.width(scalar($1))) }
    guard size <= limit else { throw BodyTooLarge() }
    return written(body, scalar, reserving: size)
  }

  /// Each byte as a character, in UTF-8.
  private static func written(
    _ body: [UInt8], _ scalar: (UInt8) -> Unicode.Scalar, reserving size: Int = 0
  ) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(size)
    for byte in body {
      if byte < 0x80 { text.append(byte) } else if let code = UTF8.encode(scalar(byte)) { text += code }
    }
    return text
  }

  private static func fromUTF16(_ body: [UInt8], _ limit: Int) throws(BodyTooLarge) -> [UInt8]? {
    guard body.count >= 4, body.count % 2 == 0 else { return nil }
    let isBig = body.starts(with: [0xFE, 0xFF]) || (body[0] == 0 && body[1] != 0)
    let isLittle = body.starts(with: [0xFF, 0xFE]) || (body[1] == 0 && body[0] != 0)
    guard isBig || isLittle else { return nil }
    func unit(_ at: Int) -> UInt16 {
      let (high, low) = isBig ? (body[at], body[at + 1]) : (body[at + 1], body[at])
      return UInt16(high) << 8 | UInt16(low)
    }
    let units = stride(from: unit(0) == 0xFEFF ? 2 : 0, to: body.count, by: 2).lazy.map(unit)
    var text: [UInt8] = []
    text.reserveCapacity(min(limit, body.count))
    _ = transcode(units.makeIterator(), from: UTF16.self, to: UTF8.self, stoppingOnError: false) { byte in
      if text.count <= limit { text.append(byte) }
    }
    guard text.count <= limit else { throw BodyTooLarge() }
    return text
  }

  /// What happened, as the end of a sentence about the body.
  var words: String {
    switch self {
    case .latin1AsUTF8: "was UTF-8 that was read as Latin-1 and written as UTF-8 again"
    case .windowsAsUTF8: "was UTF-8 that was read as Windows-1252 and written as UTF-8 again"
    case .twice: "was UTF-8 that was twice read as Windows-1252 and written as UTF-8 again"
    case .toLatin1: "was UTF-8 and was converted to Latin-1"
    case .toWindows: "was UTF-8 and was converted to Windows-1252"
    case .toUTF16: "was UTF-8 and was converted to UTF-16"
    case .signedAsText: "is not UTF-8, and was signed as text with U+FFFD in place of what is not"
    }
  }
}

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

  /// The byte that stands for a character; nil if none does.
  static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
    if let byte = bytes[scalar.value] { return byte }
    return scalar.value < 0x80 || 0xA0...0xFF ~= scalar.value ? UInt8(scalar.value) : nil
  }
}
