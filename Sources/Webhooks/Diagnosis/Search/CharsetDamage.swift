/// A way in which a body's characters were read in one encoding and written in another.
enum CharsetDamage: Sendable, Equatable, CaseIterable {
  case latin1AsUTF8, windowsAsUTF8, twice, toLatin1, toWindows, toUTF16, signedAsText

  /// The body before this happened to it; nil where it can't have happened.
  func undone(_ body: [UInt8]) -> [UInt8]? {
    switch self {
    case .latin1AsUTF8: Self.narrowed(body) { $0.value < 0x100 ? UInt8($0.value) : nil }
    case .windowsAsUTF8: Self.narrowed(body, WindowsCharacters.byte)
    case .twice: Self.windowsAsUTF8.undone(body).flatMap(Self.windowsAsUTF8.undone)
    case .toLatin1: Self.widened(body) { Unicode.Scalar($0) }
    case .toWindows: Self.widened(body, WindowsCharacters.scalar)
    case .toUTF16: Self.fromUTF16(body)
    case .signedAsText: RepairedUTF8.bytes(body)
    }
  }

  /// Each character as one byte: undoes that single bytes were taken for characters.
  private static func narrowed(_ body: [UInt8], _ byte: (Unicode.Scalar) -> UInt8?) -> [UInt8]? {
    guard body.contains(where: { $0 >= 0x80 }), let text = String(validating: body, as: UTF8.self) else {
      return nil
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(body.count)
    for scalar in text.unicodeScalars {
      guard let byte = byte(scalar) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  /// Each byte as a character in UTF-8, for a body that is not UTF-8.
  private static func widened(_ body: [UInt8], _ scalar: (UInt8) -> Unicode.Scalar) -> [UInt8]? {
    guard String(validating: body, as: UTF8.self) == nil else { return nil }
    var text: [UInt8] = []
    text.reserveCapacity(body.count * 2)
    for byte in body {
      let code = byte < 0x80 ? UInt32(byte) : scalar(byte).value
      switch code {
      case ..<0x80: text.append(byte)
      case ..<0x800:
        text.append(UInt8(0xC0 | code >> 6))
        text.append(UInt8(0x80 | code & 0x3F))
      default:
        text.append(UInt8(0xE0 | code >> 12))
        text.append(UInt8(0x80 | code >> 6 & 0x3F))
        text.append(UInt8(0x80 | code & 0x3F))
      }
    }
    return text
  }

  private static func fromUTF16(_ body: [UInt8]) -> [UInt8]? {
    guard body.count >= 4, body.count % 2 == 0 else { return nil }
    let isBig = body.starts(with: [0xFE, 0xFF]) || (body[0] == 0 && body[1] != 0)
    let isLittle = body.starts(with: [0xFF, 0xFE]) || (body[1] == 0 && body[0] != 0)
    guard isBig || isLittle else { return nil }
    let units = stride(from: 0, to: body.count, by: 2).map { at -> UInt16 in
      let (high, low) = isBig ? (body[at], body[at + 1]) : (body[at + 1], body[at])
      return UInt16(high) << 8 | UInt16(low)
    }
    let text = units.first == 0xFEFF ? units.dropFirst() : units[...]
    return Array(String(decoding: text, as: UTF16.self).utf8)
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
