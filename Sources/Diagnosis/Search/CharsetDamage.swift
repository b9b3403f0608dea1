/// A way in which a body's characters were read in one encoding and written in another.
enum CharsetDamage: Sendable, Equatable, CaseIterable {
  case latin1AsUTF8, windowsAsUTF8, twice, toLatin1, toWindows, toUTF16, signedAsText

  /// The body before this happened to it; nil where it can't have happened.
  /// - Throws: where that body would have more than `limit` bytes.
  func undone(_ body: [UInt8], limit: Int = .max) throws(BodyTooLarge) -> [UInt8]? {
    switch self {
    case .latin1AsUTF8: return Self.narrowed(body) { $0.value < 0x100 ? UInt8($0.value) : nil }
    case .windowsAsUTF8: return Self.narrowed(body, WindowsCharacters.byte)
    case .twice:
      return Self.narrowed(body, WindowsCharacters.byte).flatMap {
        Self.narrowed($0, WindowsCharacters.byte)
      }
    case .toLatin1: return try Self.widened(body, limit) { Unicode.Scalar($0) }
    case .toWindows: return try Self.widened(body, limit, WindowsCharacters.scalar)
    case .toUTF16: return try Self.fromUTF16(body, limit)
    case .signedAsText: return try RepairedUTF8.bytes(body, limit: limit)
    }
  }

  /// Each character as one byte: undoes that single bytes were taken for characters.
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
    var text: [UInt8] = []
    text.reserveCapacity(size)
    for byte in body { append(byte < 0x80 ? Unicode.Scalar(byte) : scalar(byte), to: &text) }
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

  private static func append(_ scalar: Unicode.Scalar, to text: inout [UInt8]) {
    switch scalar.value {
    case ..<0x80: text.append(UInt8(scalar.value))
    case ..<0x800:
      text.append(UInt8(0xC0 | scalar.value >> 6))
      text.append(UInt8(0x80 | scalar.value & 0x3F))
    default:
      text.append(UInt8(0xE0 | scalar.value >> 12))
      text.append(UInt8(0x80 | scalar.value >> 6 & 0x3F))
      text.append(UInt8(0x80 | scalar.value & 0x3F))
    }
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
