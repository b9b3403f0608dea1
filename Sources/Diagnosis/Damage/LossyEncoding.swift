internal import Webhooks

/// An encoder that loses characters, whose result was signed while the body was sent whole.
enum LossyEncoding: Sendable, Equatable, CaseIterable {
  case questionPerUnit, questionPerCharacter, lowBytes, latin1, windows, sevenBits, utf16Little, utf16Big
  case decodedAsLatin1

  /// What is signed for `body`; nil where that is the body itself, or the body is not UTF-8.
  func encoded(_ body: [UInt8]) -> [UInt8]? {
    guard body.isUTF8 else { return nil }
    let isASCII = !body.contains { $0 >= 0x80 }
    if isASCII, self != .utf16Little, self != .utf16Big { return nil }
    let text = String(decoding: body, as: UTF8.self)
    switch self {
    case .questionPerUnit: return text.utf16.map { $0 < 0x80 ? UInt8($0) : Self.question }
    case .questionPerCharacter:
      return text.unicodeScalars.map { $0.isASCII ? UInt8($0.value) : Self.question }
    case .lowBytes: return text.utf16.map { UInt8($0 & 0xFF) }
    case .latin1: return text.utf16.map { $0 < 0x100 ? UInt8($0) : Self.question }
    case .windows: return text.unicodeScalars.map { WindowsCharacters.byte($0) ?? Self.question }
    case .sevenBits: return body.map { $0 & 0x7F }
    case .utf16Little: return text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    case .utf16Big: return text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    case .decodedAsLatin1: return body.flatMap { $0 < 0x80 ? [$0] : [0xC0 | $0 >> 6, 0x80 | $0 & 0x3F] }
    }
  }

  private static let question = UInt8(ascii: "?")

  /// What was signed, as the object of a sentence.
  var words: String {
    switch self {
    case .questionPerUnit: "the body with one ? for each UTF-16 unit that is not ASCII"
    case .questionPerCharacter: "the body with one ? for each character that is not ASCII"
    case .lowBytes: "the low byte of each UTF-16 unit of the body"
    case .latin1: "the body in Latin-1, with ? for what Latin-1 has not"
    case .windows: "the body in Windows-1252, with ? for what that has not"
    case .sevenBits: "the body with the top bit of each byte cleared"
    case .utf16Little: "the body in UTF-16 (little-endian)"
    case .utf16Big: "the body in UTF-16 (big-endian)"
    case .decodedAsLatin1: "the body read as Latin-1 and encoded as UTF-8"
    }
  }
}
