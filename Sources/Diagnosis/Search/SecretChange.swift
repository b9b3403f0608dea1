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
  /// For schemes that key with what the text stands for.
  case undecoded = "taken whole, as text"

  /// The secret's text after this step; nil where the step changes nothing or can't be taken.
  func applied(to secret: [UInt8]) -> [UInt8]? {
    guard let changed = result(secret), !changed.isEmpty else { return nil }
    return changed != secret || self == .undecoded ? changed : nil
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
    case .withoutVersion: SecretText.without(Self.version, secret)
    case .base64Decoded: Base64.decodedLeniently(secret[...])
    case .prefixedBase64Decoded:
      SecretText.without(Self.prefix, secret).flatMap { Base64.decodedLeniently($0[...]) }
    case .hexDecoded: SecretText.hexDecoded(secret)
    case .prefixedHexDecoded: SecretText.without(Self.prefix, secret).flatMap(SecretText.hexDecoded)
    case .withoutLiteralNewline: SecretText.withoutSuffix(Array("\\n".utf8), secret)
    case .literalNewlineResolved: SecretText.withoutSuffix(Array("\\n".utf8), secret).map { $0 + [0x0A] }
    case .percentDecoded: PercentCoding.decoded(secret[...], plusIsSpace: false)
    case .percentEncoded: PercentCoding.encoded(secret)
    case .half: SecretText.half(secret)
    case .lowercased: secret.map(\.asciiLowercased)
    case .plainHyphens: SecretText.withPlainHyphens(secret)
    case .undecoded: secret
    }
  }

  private static let prefix = Array("whsec_".utf8)
  /// What stands in front of a secret that was taken from an example of a Standard Webhooks header.
  private static let version = Array("v1,".utf8)
}

/// The edits that a secret's text goes through when it is copied by hand or through a configuration.
enum SecretText {
  static func trimmed(_ secret: [UInt8]) -> [UInt8] {
    guard let text = String(validating: secret, as: UTF8.self) else { return secret }
    return utf8(
      Array(text.unicodeScalars).trimmed { scalar in scalar.properties.isWhitespace || isInvisible(scalar) })
  }

  /// The secret's characters that `isKept` lets through; nil where it is not text.
  static func filtered(_ secret: [UInt8], _ isKept: (Unicode.Scalar) -> Bool) -> [UInt8]? {
    String(validating: secret, as: UTF8.self).map { utf8($0.unicodeScalars.filter(isKept)) }
  }

  /// Byte order marks, zero-width and directional characters: a copy brings them along unseen.
  static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .format || scalar.value == 0
  }

  static func unquoted(_ secret: [UInt8]) -> [UInt8]? {
    guard let text = String(validating: secret, as: UTF8.self) else { return nil }
    let scalars = Array(text.unicodeScalars)
    guard scalars.count > 2, let first = scalars.first, let last = scalars.last else { return nil }
    let pairs: [(Unicode.Scalar, Unicode.Scalar)] = [
      ("\"", "\""), ("'", "'"), ("`", "`"), ("\u{201C}", "\u{201D}"), ("\u{2018}", "\u{2019}"), ("<", ">"),
    ]
    guard pairs.contains(where: { $0 == first && $1 == last }) else { return nil }
    return utf8(scalars.dropFirst().dropLast())
  }

  /// What stands after `NAME=` or `NAME: `, as in a line of a configuration.
  static func afterName(_ secret: [UInt8]) -> [UInt8]? {
    guard let mark = secret.firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }),
      mark > 0, mark + 1 < secret.count
    else { return nil }
    let name = secret[..<mark]
    guard name.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit || $0 == 0x5F || $0 == 0x20 })
    else { return nil }
    let value = trimmed(Array(secret[(mark + 1)...]))
    return unquoted(value) ?? value
  }

  static func without(_ prefix: [UInt8], _ secret: [UInt8]) -> [UInt8]? {
    secret.starts(with: prefix) ? Array(secret.dropFirst(prefix.count)) : nil
  }

  static func withoutSuffix(_ suffix: [UInt8], _ secret: [UInt8]) -> [UInt8]? {
    secret.suffix(suffix.count).elementsEqual(suffix) ? Array(secret.dropLast(suffix.count)) : nil
  }

  static func half(_ secret: [UInt8]) -> [UInt8]? {
    let half = secret.prefix(secret.count / 2)
    guard !half.isEmpty else { return nil }
    // Pasted twice with or without a line end in between.
    let rest = secret.dropFirst(half.count).drop { $0 == 0x0A || $0 == 0x0D || $0 == 0x20 }
    return rest.elementsEqual(half) ? Array(half) : nil
  }

  static func hexDecoded(_ secret: [UInt8]) -> [UInt8]? {
    secret.isEmpty ? nil : Hex.decoded(secret)
  }

  static func withPlainHyphens(_ secret: [UInt8]) -> [UInt8]? {
    String(validating: secret, as: UTF8.self).map {
      utf8($0.unicodeScalars.map { (0x2010...0x2015).contains($0.value) || $0.value == 0x2212 ? "-" : $0 })
    }
  }

  private static func utf8(_ scalars: some Sequence<Unicode.Scalar>) -> [UInt8] {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return Array(String(text).utf8)
  }
}
