internal import JSON
internal import Webhooks

/// One step by which the secret that signed differs from the one that is configured.
enum SecretChange: String, Sendable, CaseIterable {
  case trimmed = "without the white space around it"
  case withNewline = "with a newline at its end"
  case withCRLF = "with a carriage return and a newline at its end"
  case unquoted = "without the quotes around it"
  case withoutInvisibles = "without the invisible characters in it"
  case withoutSpaces = "without the white space inside of it"
  case withoutName = "without the variable name in front of it"
  case withoutPrefix = "without {prefix} in front"
  case withPrefix = "with {prefix} in front"
  case withoutVersion = "without v1, in front"
  case base64Decoded = "decoded from base64"
  case prefixedBase64Decoded = "without {prefix} and decoded from base64"
  case hexDecoded = "decoded from hexadecimal"
  case prefixedHexDecoded = "without {prefix} and decoded from hexadecimal"
  case withoutLiteralNewline = "without the two characters \\n at its end"
  case literalNewlineResolved = "with the two characters \\n as a newline"
  case percentDecoded = "decoded from a URL"
  case percentEncoded = "encoded for a URL"
  case half = "without its repetition (it was pasted twice)"
  case lowercased = "in lower case"
  case uppercased = "in upper case"
  case plainHyphens = "with plain hyphens for the typographic ones"
  case longestWord = "without the text around it"
  case withoutBackslashes = "without the backslashes in it"
  case underscores = "with underscores for other signs in it"
  case inQuotes = "in double quotes"
  case inSingleQuotes = "in single quotes"
  case inBackticks = "in backticks"
  case asPythonBytes = "as Python prints bytes, b'...'"
  case withReturn = "with a carriage return at its end"
  case withSpaceBefore = "with a space in front"
  case withMark = "with a byte order mark in front"
  case withNoBreakSpace = "with a no-break space at its end"
  case withLiteralNewline = "with the two characters \\n at its end"
  case withVersion = "with v1, in front"
  case zerosForLetters = "with zeros for the letters O"
  case lettersForZeros = "with the letters O for zeros"
  case empty = "as an empty text: the sender has no secret configured"
  case undefined = "as the word undefined: the sender has no secret configured"
  case null = "as the word null: the sender has no secret configured"
  case none = "as the word None: the sender has no secret configured"
  case twice = "written twice"
  /// For schemes that key with what the text stands for.
  case undecoded = "as text, whole and undecoded"
  case base64Encoded = "encoded in base64"
  case hexEncoded = "in hexadecimal"
  case sha256 = "as the bytes of its SHA-256"
  case sha256Hex = "as the hexadecimal SHA-256 of it"
  case sha256Base64 = "as the base64 SHA-256 of it"
  case sha1Hex = "as the hexadecimal SHA-1 of it"
  case md5Hex = "as the hexadecimal MD5 of it"
  case characterMissing = "without one character"
  case characterAdded = "with one character more"
  case charactersSwapped = "with two characters exchanged"
  case characterMistyped = "with one other character"

  /// The step in words that follow the secret's name.
  /// - Parameter prefix: what secrets of its provider begin with.
  func words(prefix: String) -> String { rawValue.replacing("{prefix}", with: prefix) }

  /// Whether it is what a sender's library does with a secret, rather than what a copy does to it.
  var isOfLibraries: Bool {
    switch self {
    case .withoutPrefix, .base64Decoded, .prefixedBase64Decoded, .hexDecoded, .prefixedHexDecoded,
      .base64Encoded, .hexEncoded, .sha256, .sha256Hex, .sha256Base64, .sha1Hex, .md5Hex, .undecoded:
      true
    default: false
    }
  }

  /// The secret's text after this step; nil if the step changes nothing or can't be taken.
  /// - Parameter prefix: what secrets of its provider begin with; empty if nothing marks them.
  func applied(to secret: [UInt8], prefix: String) -> [UInt8]? {
    guard let changed = result(secret, Array(prefix.utf8)), !changed.isEmpty || self == .empty else {
      return nil
    }
    return changed != secret || self == .undecoded ? changed : nil
  }

  private func result(_ secret: [UInt8], _ prefix: [UInt8]) -> [UInt8]? {
    switch self {
    case .trimmed: SecretText.trimmed(secret)
    case .withNewline: secret + [0x0A]
    case .withCRLF: secret + [0x0D, 0x0A]
    case .unquoted: SecretText.unquoted(SecretText.trimmed(secret))
    case .withoutInvisibles: SecretText.filtered(secret) { !SecretText.isInvisible($0) }
    case .withoutSpaces: SecretText.filtered(secret) { !$0.properties.isWhitespace }
    case .withoutName: SecretText.afterName(secret)
    case .withoutPrefix: SecretText.without(prefix, secret)
    case .withPrefix: secret.starts(with: prefix) ? nil : prefix + secret
    case .withoutVersion: SecretText.without(Self.version, secret)
    case .base64Decoded: Base64.decodedLeniently(secret[...])
    case .prefixedBase64Decoded:
      SecretText.without(prefix, secret).flatMap { Base64.decodedLeniently($0[...]) }
    case .hexDecoded: SecretText.hexDecoded(secret)
    case .prefixedHexDecoded: SecretText.without(prefix, secret).flatMap(SecretText.hexDecoded)
    case .withoutLiteralNewline: SecretText.withoutSuffix(Array("\\n".utf8), secret)
    case .literalNewlineResolved: SecretText.withoutSuffix(Array("\\n".utf8), secret).map { $0 + [0x0A] }
    case .percentDecoded: PercentCoding.decoded(secret[...], plusIsSpace: false)
    case .percentEncoded: PercentCoding.encoded(secret)
    case .half: SecretText.half(secret)
    case .lowercased: secret.map(\.asciiLowercased)
    case .uppercased: secret.map { $0.isASCIILetter ? $0 & 0xDF : $0 }
    case .plainHyphens: SecretText.withPlainHyphens(secret)
    case .longestWord: SecretText.longestWord(secret)
    case .withoutBackslashes: secret.filter { $0 != 0x5C }
    case .underscores: secret.map { $0 == 0x20 || $0 == 0x2D ? 0x5F : $0 }
    case .inQuotes, .inSingleQuotes, .inBackticks, .asPythonBytes: quoted(secret)
    case .withReturn: secret + [0x0D]
    case .withSpaceBefore: [0x20] + secret
    case .withMark: [0xEF, 0xBB, 0xBF] + secret
    case .withNoBreakSpace: secret + [0xC2, 0xA0]
    case .withLiteralNewline: secret + Array("\\n".utf8)
    case .withVersion: secret.starts(with: Self.version) ? nil : Self.version + secret
    case .zerosForLetters: secret.map { $0 == UInt8(ascii: "O") ? 0x30 : $0 }
    case .lettersForZeros: secret.map { $0 == 0x30 ? UInt8(ascii: "O") : $0 }
    case .empty: []
    case .undefined: Array("undefined".utf8)
    case .null: Array("null".utf8)
    case .none: Array("None".utf8)
    case .twice: secret + secret
    case .base64Encoded: Base64.encoded(secret)
    case .hexEncoded: Array(Hex.text(secret).utf8)
    case .sha256, .sha256Hex, .sha256Base64, .sha1Hex, .md5Hex: hashed(secret)
    case .undecoded: secret
    case .characterMissing, .characterAdded, .charactersSwapped, .characterMistyped: nil
    }
  }

  private func quoted(_ secret: [UInt8]) -> [UInt8] {
    let quote: UInt8 = self == .inQuotes ? 0x22 : self == .inBackticks ? 0x60 : 0x27
    return (self == .asPythonBytes ? [UInt8(ascii: "b")] : []) + [quote] + secret + [quote]
  }

  private func hashed(_ secret: [UInt8]) -> [UInt8]? {
    let function: PlainHash = self == .md5Hex ? .md5 : self == .sha1Hex ? .sha1 : .sha256
    let spelling: SignedInstead.Spelling =
      self == .sha256 ? .bytes : self == .sha256Base64 ? .base64 : .hexadecimal
    return function.digest([secret]).map(spelling.written)
  }

  /// What stands in front of a secret that was taken from an example of a Standard Webhooks header.
  private static let version = Array("v1,".utf8)
}
