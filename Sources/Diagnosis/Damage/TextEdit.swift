internal import JSON

/// A change to the text of the whole body, whatever it holds.
struct TextEdit {
  private let edit: ValueEdit

  /// nil for an edit of values.
  init?(_ edit: ValueEdit) {
    guard ValueEdit.ofText.contains(edit) else { return nil }
    self.edit = edit
  }

  /// The bodies that may have been before the change.
  func originals(_ body: [UInt8]) -> [[UInt8]] {
    let texts: [[UInt8]?] =
      switch edit {
      case .decoded: Self.sets.map { Self.encoded(body, $0) }
      case .encoded: [Self.sets[0], Self.all, Self.inStrings].map { Self.decoded(body, $0) }
      // A backslash that is not in front of a quote or of another one has another reason.
      case .slashed: [Self.unslashed(body)].filter { Self.slashed($0) == body }
      case .composed: [LetterForms.decomposed(body)]
      case .decomposed: [LetterForms.composed(body)]
      default: [Self.slashed(body)]
      }
    return texts.compactMap { $0 == body ? nil : $0 }
  }

  /// Hands each body that may have been before the change to `visit`, until that says to stop; gives whether it did.
  /// - Parameter alike: whether only the change in all places alike is made.
  func visit(_ body: [UInt8], alike: Bool, _ visit: ([UInt8]) -> Bool) -> Bool {
    if originals(body).contains(where: visit) { return true }
    guard !alike, edit == .composed || edit == .decomposed else { return false }
    let letters = LetterForms.letters(of: body, composed: edit == .composed)
    return edit.visitSome(
      letters.count > ValueEdit.choices ? Self.strings(letters, body) : letters, body, visit)
  }

  /// The changes that lie in the same string of a document, as one.
  private static func strings(_ changes: [Replacement], _ body: [UInt8]) -> [Replacement] {
    changes.reduce(into: []) { strings, change in
      guard let last = strings.last, !body[last.range.upperBound..<change.range.lowerBound].contains(0x22)
      else { return strings.append(change) }
      let between = body[last.range.upperBound..<change.range.lowerBound]
      strings[strings.count - 1] = Replacement(
        range: last.range.lowerBound..<change.range.upperBound,
        texts: [last.texts[0] + between + change.texts[0]])
    }
  }

  private typealias Entity = (plain: [UInt8], text: [UInt8])

  private static func entities(_ pairs: [(String, String)]) -> [Entity] {
    pairs.map { (Array($0.0.utf8), Array($0.1.utf8)) }
  }

  /// What encoders take, the fewest first.
  private static let sets: [[Entity]] = [
    entities([("&", "&amp;")]),
    entities([("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")]),
    entities([("<", "&lt;"), (">", "&gt;")]),
    entities([("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#39;")]),
    entities([("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#039;")]),
    entities([("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#x27;")]),
    entities([("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&apos;")]),
    entities([("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;")]),
    entities([("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#39;")]),
    entities([("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&#34;"), ("'", "&#39;")]),
    // Inside of the strings of a document a quote has a backslash.
    entities([(#"\""#, "&quot;"), ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#39;")]),
    entities([(#"\""#, "&quot;"), ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#039;")]),
  ]

  private static let all = entities([
    ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#39;"), ("'", "&#039;"),
    ("'", "&#x27;"), ("'", "&apos;"), ("\"", "&#34;"), ("/", "&#x2F;"),
  ])
  private static let inStrings = entities([(#"\""#, "&quot;"), (#"\""#, "&#34;")]) + all

  private static func encoded(_ body: [UInt8], _ entities: [Entity]) -> [UInt8] {
    replaced(body, entities.map { ($0.plain, $0.text) })
  }

  private static func decoded(_ body: [UInt8], _ entities: [Entity]) -> [UInt8] {
    body.contains(0x26) ? replaced(body, entities.map { ($0.text, $0.plain) }) : body
  }

  private static func replaced(_ body: [UInt8], _ pairs: [(old: [UInt8], new: [UInt8])]) -> [UInt8] {
    let starts = Set(pairs.compactMap(\.old.first))
    var output: [UInt8] = []
    output.reserveCapacity(body.count + 64)
    var rest = body[...]
    while let byte = rest.first {
      let found = starts.contains(byte) ? pairs.first { rest.starts(with: $0.old) } : nil
      output += found?.new ?? [byte]
      rest = rest.dropFirst(found?.old.count ?? 1)
    }
    return output
  }

  /// As PHP's `stripslashes` does it.
  private static func unslashed(_ body: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    var isEscaped = false
    for byte in body {
      if byte == 0x5C, !isEscaped {
        isEscaped = true
      } else {
        output.append(byte)
        isEscaped = false
      }
    }
    return output
  }

  /// As PHP's `addslashes` does it.
  private static func slashed(_ body: [UInt8]) -> [UInt8] {
    body.flatMap { byte -> [UInt8] in [0x22, 0x27, 0x5C].contains(byte) ? [0x5C, byte] : [byte] }
  }
}
