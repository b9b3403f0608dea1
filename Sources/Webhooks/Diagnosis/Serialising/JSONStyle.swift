/// One way to write a JSON document: spacing, order of keys, escapes, numbers and what ends it.
struct JSONStyle: Sendable {
  /// nil keeps the white space as sent.
  var spacing: JSONSpacing?
  var order: Order
  /// nil keeps every string as sent.
  var strings: JSONStringStyle?
  /// Whether numbers are written as JavaScript prints them, rather than as sent.
  var hasScriptNumbers = false
  var endsWithNewline = false

  /// The order of keys, in words.
  enum Order: Sendable, Equatable {
    case asSent, sorted, integersFirst, documented
    /// As in an earlier delivery.
    case asInDelivery(UInt64)
  }
}

extension JSONStyle {
  /// The style in a few words: `compact, keys sorted, ending with a newline`.
  var words: String {
    var words = [spacing.map(\.name) ?? "white space as received"]
    switch order {
    case .asSent: break
    case .sorted: words.append("keys sorted")
    case .integersFirst: words.append("keys that are numbers first")
    case .documented: words.append("keys in the documented order")
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
    case .none: break
    case .lineSeparators: words.append("U+2028 and U+2029 escaped")
    case .html, .htmlAndLineSeparators, .gson: words.append("<, > and & as \\u003c, \\u003e and \\u0026")
    case .uppercaseHTML, .dotNet: words.append("<, > and & as \\u003C, \\u003E and \\u0026")
    }
    if !hasShortControls { words.append("\\b and \\f as \\u0008 and \\u000c") }
    return words.isEmpty ? ["plain UTF-8"] : words
  }
}
