/// A run of characters that belong together in a filter expression, quoted parts out of their quotes.
struct FilterWord {
  /// One character, and whether it stood in quotes, where it has no meaning but itself.
  struct Letter {
    let scalar: Unicode.Scalar
    let isQuoted: Bool
  }

  private(set) var letters: [Letter] = []
  /// Whether any part stood in quotes, an empty one too.
  private(set) var hasQuotes = false
  /// Whether the word begins with a quotation mark.
  private(set) var beginsQuoted = false

  /// Whether nothing stands here, not even a pair of quotation marks.
  var isAbsent: Bool { letters.isEmpty && !hasQuotes }

  var text: String { Self.text(letters[...]) }

  mutating func append(_ scalar: Unicode.Scalar, isQuoted: Bool) {
    letters.append(Letter(scalar: scalar, isQuoted: isQuoted))
  }

  mutating func beginQuotes() {
    if letters.isEmpty, !hasQuotes { beginsQuoted = true }
    hasQuotes = true
  }

  /// What stands before the first unquoted `separator`, and after it where there is one.
  func split(at separator: Unicode.Scalar) -> (before: String, after: FilterWord?) {
    guard let index = letters.firstIndex(where: { $0.scalar == separator && !$0.isQuoted }) else {
      return (text, nil)
    }
    var after = FilterWord()
    after.letters = Array(letters[(index + 1)...])
    after.hasQuotes = hasQuotes
    return (Self.text(letters[..<index]), after)
  }

  private static func text(_ letters: ArraySlice<Letter>) -> String {
    var scalars = String.UnicodeScalarView()
    for letter in letters { scalars.append(letter.scalar) }
    return String(scalars)
  }
}

extension FilterWord {
  /// Whether an unquoted word ends before `scalar`.
  static func isEnd(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "|" || scalar == "(" || scalar == ")" || scalar.properties.isWhitespace
  }

  /// `text` as it has to be written to be read back as itself: in quotes where it must.
  static func quoted(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { !isEnd($0) && $0 != "\"" && $0 != "=" }
    guard !isPlain || text.isEmpty else { return text }
    var quoted = "\"".unicodeScalars
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { quoted.append("\\") }
      quoted.append(scalar)
    }
    quoted.append("\"")
    return String(quoted)
  }
}
