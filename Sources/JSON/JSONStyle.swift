/// One way to write a JSON document: spacing, order of keys, escapes, numbers and what ends it.
public struct JSONStyle: Sendable {
  /// nil keeps the white space as sent.
  public var spacing: JSONSpacing?
  public var order: Order
  /// nil keeps every string as sent.
  public var strings: JSONStringStyle?
  /// Whether numbers are written as JavaScript prints them, rather than as sent.
  public var hasScriptNumbers = false
  public var endsWithNewline = false

  public init(
    spacing: JSONSpacing?, order: Order, strings: JSONStringStyle? = nil, hasScriptNumbers: Bool = false
  ) {
    self.spacing = spacing
    self.order = order
    self.strings = strings
    self.hasScriptNumbers = hasScriptNumbers
  }

  /// The order of keys, in words.
  public enum Order: Sendable, Equatable {
    case asSent, sorted, integersFirst, byLength, documented
    case sortedOutside, caseless, descending, reversed
    /// By the number of bytes only, the shortest or the longest first; those of one length as sent.
    case shortestFirst, longestFirst
    /// By this rule in all objects but the outermost one.
    indirect case inside(Order)
    /// Found by trying all orders.
    case found
    /// As in an earlier delivery.
    case asInDelivery(UInt64)
  }
}

extension JSONStyle {
  /// The style in a few words: `compact, keys sorted, ending with a newline`.
  public var words: String {
    ([spacing?.name ?? "white space as received"] + otherWords(strings?.words ?? [])).joined(separator: ", ")
  }

  /// Returns the style in a few words without what makes no difference to a document with these traits; white space
  /// and strings that are as received are not mentioned.
  public func words(for traits: JSONTraits) -> String {
    let spacing = spacing.map { [$0.name] } ?? []
    return (spacing + otherWords(strings?.words(for: traits) ?? [])).joined(separator: ", ")
  }

  private func otherWords(_ strings: [String]) -> [String] {
    var words: [String] = []
    if let order = order.words { words.append(order) }
    words += strings
    if hasScriptNumbers { words.append("numbers as JavaScript prints them") }
    if endsWithNewline { words.append("ending with a newline") }
    return words
  }
}

extension JSONStyle.Order {
  /// The rule in a few words; nil for keys as they were sent.
  fileprivate var words: String? {
    switch self {
    case .asSent: nil
    case .sorted: "keys sorted"
    case .integersFirst: "keys that are numbers first"
    case .byLength: "keys by length, as PostgreSQL's jsonb holds them"
    case .documented: "keys in the documented order"
    case .sortedOutside: "keys of the outermost object sorted"
    case .caseless: "keys sorted regardless of case"
    case .descending: "keys sorted in descending order"
    case .reversed: "keys in the reverse order"
    case .shortestFirst: "shortest keys first"
    case .longestFirst: "longest keys first"
    case .inside(let order): order.words.map { $0 + " in inner objects" }
    case .found: "keys in another order"
    case .asInDelivery(let sequence): "keys in the order of delivery \(sequence)"
    }
  }
}

extension JSONStringStyle {
  fileprivate var words: [String] {
    let words = beyondWords + slashWords + guardWords + controlWords
    return words.isEmpty ? ["plain UTF-8"] : words
  }

  /// The same for strings with these traits: what they do not hold is not spoken of.
  fileprivate func words(for traits: JSONTraits) -> [String] {
    let words =
      (traits.hasBeyondASCII ? beyondWords : []) + (traits.hasSlash ? slashWords : [])
      + guardWords(traits.guardable) + (traits.hasShortControls ? controlWords : [])
      + (traits.hasDelete && escapesDelete ? ["DEL as \\u007f"] : [])
    guard words.isEmpty else { return words }
    return [traits.hasBeyondASCII ? "plain UTF-8" : "no optional escapes"]
  }

  /// Which of the characters that a document holds are guarded: `< and > as \u003c and \u003e`.
  private func guardWords(_ held: Set<UInt32>) -> [String] {
    let codes = held.filter(guarded.contains).sorted()
    guard !codes.isEmpty else { return [] }
    let names = codes.map { $0 < 0x80 ? String(UnicodeScalar(UInt8($0))) : "U+" + String($0, radix: 16) }
    let escapes = codes.map { "\\u" + Hex.text($0, width: 4, uppercase: guarded.hasUppercaseDigits) }
    return ["\(names.inSentence) as \(escapes.inSentence)"]
  }

  private var beyondWords: [String] {
    switch beyond {
    case .plain: []
    case .lowercaseEscapes: ["non-ASCII as \\uxxxx"]
    case .uppercaseEscapes: ["non-ASCII as \\uXXXX"]
    }
  }

  private var slashWords: [String] { escapesSlash ? ["/ as \\/"] : [] }

  private var guardWords: [String] {
    switch guarded {
    case .none, .terminal: []
    case .lineSeparators: ["U+2028 and U+2029 escaped"]
    case .html, .htmlAndLineSeparators, .gson: ["<, > and & as \\u003c, \\u003e and \\u0026"]
    case .uppercaseHTML, .dotNet: ["<, > and & as \\u003C, \\u003E and \\u0026"]
    }
  }

  private var controlWords: [String] { hasShortControls ? [] : ["\\b and \\f as \\u0008 and \\u000c"] }
}

/// The white space that a JSON writer puts between tokens.
///
/// Shared, since it is handed on with the style of each candidate.
public final class JSONSpacing: Sendable, Equatable {
  /// The style in a few words: `compact`.
  public let name: String
  let afterComma: [UInt8]
  let beforeColon: [UInt8]
  let afterColon: [UInt8]
  /// One level of indentation; nil writes all on one line.
  let indent: [UInt8]?
  let lineEnd: [UInt8]

  private init(
    _ name: String, afterComma: String = "", beforeColon: String = "", afterColon: String = "",
    indent: String? = nil, lineEnd: String = "\n"
  ) {
    self.name = name
    self.afterComma = Array(afterComma.utf8)
    self.beforeColon = Array(beforeColon.utf8)
    self.afterColon = Array(afterColon.utf8)
    self.indent = indent.map { Array($0.utf8) }
    self.lineEnd = Array(lineEnd.utf8)
  }

  public static func == (left: JSONSpacing, right: JSONSpacing) -> Bool { left === right }

  /// As JavaScript, Go, PHP and Ruby write by default.
  public static let compact = JSONSpacing("compact")
  /// As Python's `json.dumps` writes by default.
  public static let python = JSONSpacing("a space after commas and colons", afterComma: " ", afterColon: " ")

  /// As most tools write for people.
  public static let indented = JSONSpacing("indented by 2 spaces", afterColon: " ", indent: "  ")

  /// The styles in the order of how often they are met: one more is one more row.
  public static let all: [JSONSpacing] = [
    compact, python, indented,
    JSONSpacing("indented by 4 spaces", afterColon: " ", indent: "    "),
    JSONSpacing("a space after colons", afterColon: " "),
    JSONSpacing("indented by tabs", afterColon: " ", indent: "\t"),
    JSONSpacing("indented by 2 spaces with CRLF", afterColon: " ", indent: "  ", lineEnd: "\r\n"),
    JSONSpacing(
      "indented by 2 spaces, spaces around colons", beforeColon: " ", afterColon: " ", indent: "  "),
  ]
}
