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
        word.append(scalar, isQuoted: false)
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
        word.append(scalar, isQuoted: true)
        continue
      }
      guard let escaped = next, escaped == "\"" || escaped == "\\" else {
        throw fault(.badEscape, at: offset - 1)
      }
      skip()
      word.append(escaped, isQuoted: true)
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
