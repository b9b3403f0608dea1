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
    /// Found by trying all orders.
    case found
    /// As in an earlier delivery.
    case asInDelivery(UInt64)
  }
}

extension JSONStyle {
  /// The style in a few words: `compact, keys sorted, ending with a newline`.
  public var words: String {
    var words = [spacing.map(\.name) ?? "white space as received"]
    switch order {
    case .asSent: break
    case .sorted: words.append("keys sorted")
    case .integersFirst: words.append("keys that are numbers first")
    case .byLength: words.append("keys by length, as PostgreSQL's jsonb holds them")
    case .documented: words.append("keys in the documented order")
    case .sortedOutside: words.append("keys of the outermost object sorted")
    case .caseless: words.append("keys sorted regardless of case")
    case .descending: words.append("keys sorted in descending order")
    case .reversed: words.append("keys in the reverse order")
    case .found: words.append("keys in another order")
    case .asInDelivery(let sequence): words.append("keys in the order of delivery \(sequence)")
    }
    if let strings { words += strings.words }
    if hasScriptNumbers { words.append("numbers as JavaScript prints them") }
    if endsWithNewline { words.append("ending with a newline") }
    return words.joined(separator: ", ")
  }
}

extension JSONStringStyle {
  fileprivate var words: [String] {
    var words: [String] = []
    switch beyond {
    case .plain: break
    case .lowercaseEscapes: words.append("non-ASCII as \\uxxxx")
    case .uppercaseEscapes: words.append("non-ASCII as \\uXXXX")
    }
    if escapesSlash { words.append("/ as \\/") }
    switch guarded {
    case .none, .terminal: break
    case .lineSeparators: words.append("U+2028 and U+2029 escaped")
    case .html, .htmlAndLineSeparators, .gson: words.append("<, > and & as \\u003c, \\u003e and \\u0026")
    case .uppercaseHTML, .dotNet: words.append("<, > and & as \\u003C, \\u003E and \\u0026")
    }
    if !hasShortControls { words.append("\\b and \\f as \\u0008 and \\u000c") }
    return words.isEmpty ? ["plain UTF-8"] : words
  }
}

/// The white space that a JSON writer puts between tokens.
public struct JSONSpacing: Sendable, Equatable {
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

  /// As JavaScript, Go, PHP and Ruby write unless told otherwise.
  public static let compact = JSONSpacing("compact")
  /// As Python's `json.dumps` writes unless told otherwise.
  public static let python = JSONSpacing("a space after commas and colons", afterComma: " ", afterColon: " ")

  /// The styles in the order of how often they are met: one more is one more row.
  public static let all: [JSONSpacing] = [
    compact, python,
    JSONSpacing("indented by 2 spaces", afterColon: " ", indent: "  "),
    JSONSpacing("indented by 4 spaces", afterColon: " ", indent: "    "),
    JSONSpacing("a space after colons", afterColon: " "),
    JSONSpacing("indented by tabs", afterColon: " ", indent: "\t"),
    JSONSpacing("indented by 2 spaces with CRLF", afterColon: " ", indent: "  ", lineEnd: "\r\n"),
    JSONSpacing(
      "indented by 2 spaces, spaces around colons", beforeColon: " ", afterColon: " ", indent: "  "),
  ]
}
