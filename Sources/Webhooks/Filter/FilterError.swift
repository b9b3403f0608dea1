/// Why an expression is not a filter, and where.
public struct FilterError: Error, Sendable, Equatable {
  public enum Problem: Sendable, Equatable {
    case missingTerm
    case missingText
    case unknownKey(String)
    case missingValue(of: FilterKey)
    case badValue(String, of: FilterKey)
    case openQuote
    case badEscape
    case openParenthesis
    case unopenedParenthesis
    /// More parentheses inside each other than `limit`.
    case tooDeep(limit: Int)
  }

  public let problem: Problem
  /// Where the problem is, in characters from the start of the expression, from 0; its length at its end.
  public let column: Int
}

extension FilterError: CustomStringConvertible {
  /// One sentence on what is expected; it may quote the expression.
  public var description: String {
    switch problem {
    case .missingTerm: "expected a term here, such as type:analysis.* or a word to search for"
    case .missingText: "expected a text to search for"
    case .unknownKey(let key):
      "there is no key \(key): use \(Self.keys), or put the text in quotes to search for it"
    case .missingValue(let key): "expected \(key.expectation) after \(key.rawValue):"
    case .badValue(let value, let key):
      "\(value) is no value for \(key.rawValue): expected \(key.expectation)"
    case .openQuote: "this quotation mark is not closed: add a second one"
    case .badEscape: "in quotes a backslash stands only before another backslash or a quotation mark"
    case .openParenthesis: "this parenthesis is not closed: add a )"
    case .unopenedParenthesis: "this parenthesis closes nothing: take it out, or put the text in quotes"
    case .tooDeep(let limit): "more than \(limit) parentheses inside each other: take some out"
    }
  }

  private static let keys = FilterKey.allCases.map(\.rawValue).joined(separator: ", ")
}
