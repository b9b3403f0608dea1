/// What the grammar allows at the point that a lexer has reached.
public enum JSONExpectation: Sendable, Equatable, CaseIterable {
  case value
  case valueOrBracket
  case key
  case keyOrBrace
  case colon
  case commaOrBracket
  case commaOrBrace
  case end

  /// The words for a sentence that tells the reader what is missing.
  public var words: String {
    switch self {
    case .value: "a value"
    case .valueOrBracket: "a value or ]"
    case .key: "a key in double quotes"
    case .keyOrBrace: "a key in double quotes or }"
    case .colon: "a colon"
    case .commaOrBracket: "a comma or ]"
    case .commaOrBrace: "a comma or }"
    case .end: "the end of the body"
    }
  }
}
