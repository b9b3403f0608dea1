internal import JSON

/// The edits that a secret's text goes through when it is copied by hand or through a configuration.
enum SecretText {
  static func trimmed(_ secret: [UInt8]) -> [UInt8] {
    guard let text = String(validating: secret, as: UTF8.self) else { return secret }
    return utf8(
      Array(text.unicodeScalars).trimmed { scalar in scalar.properties.isWhitespace || isInvisible(scalar) })
  }

  /// The secret's characters that `isKept` lets through; nil if it is not text.
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

  /// The longest run of what secrets are made of.
  static func longestWord(_ secret: [UInt8]) -> [UInt8]? {
    let words = secret.split { !$0.isASCIILetter && !$0.isASCIIDigit && !Self.signs.contains($0) }
    return words.max { $0.count < $1.count }.flatMap { $0.count >= 8 ? Array($0) : nil }
  }

  private static let signs = Array("_-+/".utf8)

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

extension SecretChange {
  /// The secrets one character away, for a change that can be at any place.
  func everywhere(in secret: [UInt8]) -> [[UInt8]] {
    let places = Array(secret.indices)
    switch self {
    case .characterMissing:
      return places.map { place in secret.enumerated().filter { $0.offset != place }.map(\.element) }
    case .charactersSwapped:
      return places.dropLast().map { place in
        var changed = secret
        changed.swapAt(place, place + 1)
        return changed
      }
    case .characterAdded:
      return [secret.count, 0].flatMap { place in
        Self.printable.map { secret[..<place] + [$0] + secret[place...] }
      }.map { Array($0) }
    case .characterMistyped:
      return places.flatMap { place in
        Self.letters.map { letter in
          var changed = secret
          changed[place] = letter
          return changed
        }
      }
    default: return []
    }
  }

  private static let printable = [UInt8](0x20...0x7E) + [0x09]
  private static let letters = printable.filter {
    $0.isASCIILetter || $0.isASCIIDigit || $0 == 0x5F || $0 == 0x2D
  }
}
