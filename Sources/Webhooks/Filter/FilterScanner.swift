/// Reads a filter expression word by word and knows at which column it stands.
///
/// It goes by Unicode scalar, so that a combining mark at the start of a value can't hide the `~` or the
/// quotation mark before it; columns are counted in characters, as a user sees them.
struct FilterScanner {
  private let expression: String
  private let scalars: [Unicode.Scalar]
  private(set) var offset = 0

  init(_ expression: String) {
    self.expression = expression
    scalars = Array(expression.unicodeScalars)
  }

  /// The scalar that is read next; nil at the end.
  var next: Unicode.Scalar? { offset < scalars.count ? scalars[offset] : nil }

  mutating func skip() { offset += 1 }

  mutating func skipWhitespace() {
    while let scalar = next, scalar.properties.isWhitespace { skip() }
  }

  /// Takes `scalar` if it comes next.
  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    skip()
    return true
  }

  /// Whether `word` comes next, whatever its case, and ends there.
  func isAt(word: String) -> Bool {
    let letters = Array(word.unicodeScalars)
    let end = offset + letters.count
    guard end <= scalars.count, end == scalars.count || FilterWord.isEnd(scalars[end]) else { return false }
    return zip(letters, scalars[offset..<end]).allSatisfy {
      $0 == $1 || $0.properties.isLowercase && $0.value == $1.value | 0x20
    }
  }

  /// Takes `word` if it comes next.
  mutating func take(word: String) -> Bool {
    guard isAt(word: word) else { return false }
    offset += word.unicodeScalars.count
    return true
  }

  /// Reads to the next unquoted space, `|` or parenthesis, or past an unquoted `separator` if one is given.
  /// - Returns: the word, and whether the separator ended it.
  mutating func word(upTo separator: Unicode.Scalar? = nil) throws(FilterError) -> (FilterWord, Bool) {
    var word = FilterWord()
    while let scalar = next, !FilterWord.isEnd(scalar) {
      skip()
      if scalar == separator, !word.beginsQuoted { return (word, true) }
      if scalar == "\"" {
        try readQuoted(into: &word)
      } else {
        word.append(scalar, isQuoted: false, at: offset - 1)
      }
    }
    return (word, false)
  }

  /// Reads what is in quotes, after the first quotation mark and up to behind the second.
  private mutating func readQuoted(into word: inout FilterWord) throws(FilterError) {
    let start = offset - 1
    word.beginQuotes()
    while let scalar = next {
      skip()
      if scalar == "\"" { return }
      guard scalar == "\\" else {
        word.append(scalar, isQuoted: true, at: offset - 1)
        continue
      }
      guard let escaped = next, escaped == "\"" || escaped == "\\" else {
        throw fault(.badEscape, at: offset - 1)
      }
      skip()
      word.append(escaped, isQuoted: true, at: offset - 1)
    }
    throw fault(.openQuote, at: start)
  }

  /// An error about what stands `offset` scalars into the expression.
  func fault(_ problem: FilterError.Problem, at offset: Int) -> FilterError {
    var scalarsBefore = 0
    var column = 0
    for character in expression {
      scalarsBefore += character.unicodeScalars.count
      if scalarsBefore > offset { break }
      column += 1
    }
    return FilterError(problem: problem, column: column)
  }
}

/// A run of characters that belong together in a filter expression, quoted parts out of their quotes.
struct FilterWord {
  /// One character, and whether it stood in quotes, where it has no meaning but itself.
  struct Letter {
    let scalar: Unicode.Scalar
    let isQuoted: Bool
    /// Where it stands in the expression, in scalars.
    let offset: Int
  }

  private(set) var letters: [Letter] = []
  /// Whether any part stood in quotes, an empty one too.
  private(set) var hasQuotes = false
  /// Whether the word begins with a quotation mark.
  private(set) var beginsQuoted = false

  /// Whether nothing stands here, not even a pair of quotation marks.
  var isAbsent: Bool { letters.isEmpty && !hasQuotes }

  var text: String { Self.text(letters[...]) }

  mutating func append(_ scalar: Unicode.Scalar, isQuoted: Bool, at offset: Int) {
    letters.append(Letter(scalar: scalar, isQuoted: isQuoted, offset: offset))
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
