internal import JSON

/// One step by which the secret that signed differs from the one that is configured.
enum SecretChange: String, Sendable, CaseIterable {
  case trimmed = "without the white space around it"
  case withNewline = "with a newline at its end"
  case withCRLF = "with a carriage return and a newline at its end"
  case unquoted = "without the quotes around it"
  case withoutInvisibles = "without the invisible characters in it"
  case withoutSpaces = "without the white space inside of it"
  case withoutName = "without the variable name in front of it"
  case withoutPrefix = "without whsec_ in front"
  case withPrefix = "with whsec_ in front"
  case withoutVersion = "without v1, in front"
  case base64Decoded = "decoded from base64"
  case prefixedBase64Decoded = "without whsec_ and decoded from base64"
  case hexDecoded = "decoded from hexadecimal"
  case prefixedHexDecoded = "without whsec_ and decoded from hexadecimal"
  case withoutLiteralNewline = "without the two characters \\n at its end"
  case literalNewlineResolved = "with the two characters \\n as a newline"
  case percentDecoded = "decoded from a URL"
  case percentEncoded = "encoded for a URL"
  case half = "taken once, as it stands there twice"
  case lowercased = "in lower case"
  case plainHyphens = "with plain hyphens for the typographic ones"

  /// The secret after this step; nil where it changes nothing or can't be taken.
  func applied(to secret: [UInt8]) -> [UInt8]? {
    guard let changed = result(secret), !changed.isEmpty, changed != secret else { return nil }
    return changed
  }

  private func result(_ secret: [UInt8]) -> [UInt8]? {
    switch self {
    case .trimmed: SecretText.trimmed(secret)
    case .withNewline: secret + [0x0A]
    case .withCRLF: secret + [0x0D, 0x0A]
    case .unquoted: SecretText.unquoted(SecretText.trimmed(secret))
    case .withoutInvisibles: SecretText.filtered(secret) { !SecretText.isInvisible($0) }
    case .withoutSpaces: SecretText.filtered(secret) { !$0.properties.isWhitespace }
    case .withoutName: SecretText.afterName(secret)
    case .withoutPrefix: SecretText.without(Self.prefix, secret)
    case .withPrefix: secret.starts(with: Self.prefix) ? nil : Self.prefix + secret
    case .withoutVersion: SecretText.without(Array("v1,".utf8), secret)
    case .base64Decoded: LenientBase64.decoded(secret[...])
    case .prefixedBase64Decoded:
      SecretText.without(Self.prefix, secret).flatMap { LenientBase64.decoded($0[...]) }
    case .hexDecoded: SecretText.hexDecoded(secret)
    case .prefixedHexDecoded: SecretText.without(Self.prefix, secret).flatMap(SecretText.hexDecoded)
    case .withoutLiteralNewline: SecretText.withoutSuffix(Array("\\n".utf8), secret)
    case .literalNewlineResolved: SecretText.withoutSuffix(Array("\\n".utf8), secret).map { $0 + [0x0A] }
    case .percentDecoded: PercentCoding.decoded(secret[...], plusIsSpace: false)
    case .percentEncoded: PercentCoding.encoded(secret)
    case .half: SecretText.half(secret)
    case .lowercased: secret.map(\.asciiLowercased)
    case .plainHyphens: SecretText.withPlainHyphens(secret)
    }
  }

  private static let prefix = Array("whsec_".utf8)
}
