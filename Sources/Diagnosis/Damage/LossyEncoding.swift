internal import JSON
internal import Webhooks

/// An encoder that loses characters, whose result was signed while the body was sent whole.
enum LossyEncoding: Sendable, Equatable, CaseIterable {
  // If two encodings give the same bytes for a body, the first one is reported.
  case questionPerCharacter, questionPerUnit, latin1, lowBytes, windows, sevenBits, utf16Little, utf16Big
  case latin1PerCharacter, decodedAsLatin1, questionPerByte, dropped, latin1Dropped, characterReferences,
    pythonEscapes
  case replacementPerByte, threeBytesOnly, threeBytesOnlyPerByte, utf16LittleMarked, utf16BigMarked,
    utf32Little, cesu

  /// What is signed for `body`; nil if that is the body itself, or the body is not UTF-8.
  func encoded(_ body: [UInt8]) -> [UInt8]? {
    guard body.isUTF8 else { return nil }
    let isASCII = !body.contains { $0 >= 0x80 }
    if isASCII, !isWide { return nil }
    // A byte order mark in front is reported as such, not as a dropped character.
    if self == .dropped || self == .latin1Dropped, EdgeChange.markAdded.undone(body) != nil { return nil }
    let text = String(decoding: body, as: UTF8.self)
    switch self {
    case .questionPerUnit: return text.utf16.map { $0 < 0x80 ? UInt8($0) : Self.question }
    case .questionPerCharacter:
      return text.unicodeScalars.map { $0.isASCII ? UInt8($0.value) : Self.question }
    case .lowBytes: return text.utf16.map { UInt8($0 & 0xFF) }
    case .latin1: return text.utf16.map { $0 < 0x100 ? UInt8($0) : Self.question }
    case .latin1PerCharacter:
      return text.unicodeScalars.map { $0.value < 0x100 ? UInt8($0.value) : Self.question }
    case .windows: return text.unicodeScalars.map { WindowsCharacters.byte($0) ?? Self.question }
    case .sevenBits: return body.map { $0 & 0x7F }
    case .utf16Little: return Self.bytes(of: text.utf16.lazy.map { $0.littleEndian })
    case .utf16Big: return Self.bytes(of: text.utf16.lazy.map { $0.bigEndian })
    case .utf16LittleMarked: return Self.utf16Little.encoded(body).map { [0xFF, 0xFE] + $0 }
    case .utf16BigMarked: return Self.utf16Big.encoded(body).map { [0xFE, 0xFF] + $0 }
    case .utf32Little: return Self.bytes(of: text.unicodeScalars.lazy.map { $0.value.littleEndian })
    case .questionPerByte: return body.map { $0 < 0x80 ? $0 : Self.question }
    case .dropped: return body.filter { $0 < 0x80 }
    case .latin1Dropped: return text.unicodeScalars.compactMap { $0.value < 0x100 ? UInt8($0.value) : nil }
    case .replacementPerByte: return body.flatMap { $0 < 0x80 ? [$0] : [0xEF, 0xBF, 0xBD] }
    case .characterReferences, .pythonEscapes, .threeBytesOnly, .threeBytesOnlyPerByte, .cesu:
      return text.unicodeScalars.reduce(into: []) { output, scalar in
        if scalar.isASCII { output.append(UInt8(scalar.value)) } else { output += rewritten(scalar) }
      }
    case .decodedAsLatin1: return CharsetDamage.latin1AsUTF8.applied(to: body)
    }
  }

  /// The units as they lie in memory.
  private static func bytes<Unit: FixedWidthInteger>(of units: some Sequence<Unit>) -> [UInt8] {
    Array(units).withUnsafeBytes { Array($0) }
  }

  /// Whether it changes ASCII, too.
  private var isWide: Bool {
    [.utf16Little, .utf16Big, .utf16LittleMarked, .utf16BigMarked, .utf32Little].contains(self)
  }

  /// One character beyond ASCII, where it is not written as UTF-8 has it.
  private func rewritten(_ scalar: Unicode.Scalar) -> [UInt8] {
    let value = scalar.value
    let plain = UTF8.encode(scalar).map { Array($0) } ?? []
    switch self {
    case .characterReferences: return Array("&#\(value);".utf8)
    case .pythonEscapes:
      let (mark, size) = value < 0x100 ? ("x", 2) : value < 0x10000 ? ("u", 4) : ("U", 8)
      return Array("\\\(mark)\(Hex.text(value, width: size))".utf8)
    case .threeBytesOnly: return value < 0x10000 ? plain : [Self.question]
    case .threeBytesOnlyPerByte: return value < 0x10000 ? plain : [UInt8](repeating: Self.question, count: 4)
    default:
      guard value >= 0x10000 else { return plain }
      return scalar.utf16.flatMap { unit in
        [0xE0 | UInt8(unit >> 12), 0x80 | UInt8(unit >> 6 & 0x3F), 0x80 | UInt8(unit & 0x3F)]
      }
    }
  }

  private static let question = UInt8(ascii: "?")

  /// Whether nothing is lost of `body`, so that it may have been sent so, and have been converted on the way.
  func isWhole(for body: [UInt8]) -> Bool {
    switch self {
    case .latin1, .latin1PerCharacter, .lowBytes, .latin1Dropped:
      String(decoding: body, as: UTF8.self).unicodeScalars.allSatisfy { $0.value < 0x100 }
    case .windows:
      String(decoding: body, as: UTF8.self).unicodeScalars.allSatisfy { WindowsCharacters.byte($0) != nil }
    default: isWide || self == .cesu
    }
  }

  /// The encoding that nothing was lost in, after "in".
  var encodingWords: String {
    switch self {
    case .latin1, .latin1PerCharacter, .lowBytes, .latin1Dropped: "Latin-1"
    case .windows: "Windows-1252"
    case .utf16Little: "UTF-16 (little-endian)"
    case .utf16Big: "UTF-16 (big-endian)"
    case .utf16LittleMarked: "UTF-16 (little-endian, with a byte order mark)"
    case .utf16BigMarked: "UTF-16 (big-endian, with a byte order mark)"
    case .utf32Little: "UTF-32"
    default: "CESU-8, with surrogates for characters of four bytes"
    }
  }

  /// What was signed, as the object of a sentence.
  var words: String {
    switch self {
    case .questionPerUnit: "the body with one ? for each UTF-16 unit that is not ASCII"
    case .questionPerCharacter: "the body with one ? for each character that is not ASCII"
    case .lowBytes: "the low byte of each UTF-16 unit of the body"
    case .latin1, .latin1PerCharacter: "the body in Latin-1, with ? for each character that Latin-1 lacks"
    case .windows: "the body in Windows-1252, with ? for each character that Windows-1252 lacks"
    case .sevenBits: "the body with the top bit of each byte cleared"
    case .utf16Little: "the body in UTF-16 (little-endian)"
    case .utf16Big: "the body in UTF-16 (big-endian)"
    case .utf16LittleMarked: "the body in UTF-16 (little-endian, with a byte order mark)"
    case .utf16BigMarked: "the body in UTF-16 (big-endian, with a byte order mark)"
    case .utf32Little: "the body in UTF-32"
    case .questionPerByte: "the body with one ? for each byte that is not ASCII"
    case .dropped: "the body without the characters that are not ASCII"
    case .latin1Dropped: "the body in Latin-1, without the characters that Latin-1 lacks"
    case .replacementPerByte: "the body decoded as ASCII, with U+FFFD for each other byte"
    case .characterReferences: "the body with &#...; for each character that is not ASCII"
    case .pythonEscapes: "the body with Python's escapes for each character that is not ASCII"
    case .threeBytesOnly: "the body with one ? for each character of four bytes, such as emoji"
    case .threeBytesOnlyPerByte: "the body with four ? for each character of four bytes, such as emoji"
    case .cesu: "the body in CESU-8, with surrogates for characters of four bytes"
    case .decodedAsLatin1: "the body read as Latin-1 and encoded as UTF-8"
    }
  }
}
