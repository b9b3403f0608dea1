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
      case .decoded: Self.encodings.map { $0.made(of: body) }
      case .encoded: Self.decodings.map { $0.made(of: body) }
      // A backslash that is not in front of a quote or of another one has another reason.
      case .slashed: [Self.unslashed(body)].filter { $0.map(Self.slashed) == body }
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

  /// What encoders take, the fewest first.
  private static let encodings = [
    Substitution([("&", "&amp;")]),
    Substitution([("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")]),
    Substitution([("<", "&lt;"), (">", "&gt;")]),
    Substitution([("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#39;")]),
    Substitution([("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#039;")]),
    Substitution([("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#x27;")]),
    Substitution([("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&apos;")]),
    Substitution([("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;")]),
    Substitution([("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#39;")]),
    Substitution([("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&#34;"), ("'", "&#39;")]),
    // Inside of the strings of a document a quote has a backslash.
    Substitution([(#"\""#, "&quot;"), ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#39;")]),
    Substitution([(#"\""#, "&quot;"), ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#039;")]),
  ]

  private static let decodings = [
    Substitution([("&amp;", "&")]), Substitution(entities),
    Substitution([("&quot;", #"\""#), ("&#34;", #"\""#)] + entities),
  ]
  private static let entities = [
    ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#039;", "'"),
    ("&#x27;", "'"), ("&apos;", "'"), ("&#34;", "\""), ("&#x2F;", "/"),
  ]

  /// What PHP's `stripslashes` returns; nil if the body has no backslash.
  private static func unslashed(_ body: [UInt8]) -> [UInt8]? {
    guard body.contains(0x5C) else { return nil }
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

  /// What PHP's `addslashes` returns.
  private static func slashed(_ body: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(body.count + body.count / 4)
    for byte in body {
      if byte == 0x22 || byte == 0x27 || byte == 0x5C { output.append(0x5C) }
      output.append(byte)
    }
    return output
  }
}

/// Replaces some texts by others wherever they occur.
private struct Substitution {
  private let pairs: [(old: [UInt8], new: [UInt8])]
  /// Whether an old text begins with a byte, by that byte.
  private let begins: [Bool]

  /// - Parameter pairs: each old text with its new one; of several that match at a place, the first is replaced.
  init(_ pairs: [(String, String)]) {
    self.pairs = pairs.map { (Array($0.0.utf8), Array($0.1.utf8)) }
    let firsts = Set(self.pairs.compactMap(\.old.first))
    begins = (0...UInt8.max).map(firsts.contains)
  }

  /// The body with the new texts; nil if it has none of the old ones.
  func made(of body: [UInt8]) -> [UInt8]? {
    var output: [UInt8] = []
    var (at, copied) = (0, 0)
    while at < body.count {
      guard begins[Int(body[at])], let pair = pair(at: at, of: body) else {
        at += 1
        continue
      }
      if output.isEmpty { output.reserveCapacity(body.count + body.count / 4) }
      output += body[copied..<at]
      output += pair.new
      at += pair.old.count
      copied = at
    }
    return copied == 0 ? nil : output + body[copied...]
  }

  private func pair(at place: Int, of body: [UInt8]) -> (old: [UInt8], new: [UInt8])? {
    pairs.first { old, _ in
      old.first == body[place] && (old.count == 1 || body[place...].starts(with: old))
    }
  }
}
