internal import JSON

// What edits do to a document: the other side of what undoes them.
extension ValueEdit {
  /// Returns the body after this edit in every place, or nil if it changes nothing or the body is not JSON.
  func applied(to body: [UInt8]) -> [UInt8]? {
    if Self.ofText.contains(self) { return opposite.flatMap { TextEdit($0)?.originals(body).first } }
    guard let outline = JSONOutline(body) else { return nil }
    var damaged: [UInt8]?
    let take = { (made: [UInt8]) in
      damaged = made
      return true
    }
    if let opposite {
      _ = opposite.visit(outline, alike: true, take)
    } else {
      let changes = Replacement.damage(by: self, to: outline)
      damaged = changes.isEmpty ? nil : Replacement.made(changes, in: body)
    }
    return damaged == body ? nil : damaged
  }

  /// The edit whose originals are what this one makes of a body: each undoes what the other does.
  private var opposite: ValueEdit? {
    switch self {
    // A date is known in one spelling only after it was in any other one.
    case .dateToMicroseconds: .dateToZ
    case .dateRespelled, .exponentSpelled: self
    // What is left out is undone by what other bodies tell.
    case .nullMembersDropped: .nullMembersAdded
    case .emptyMembersDropped: .emptyMembersAdded
    default: Self.opposites.lazy.compactMap { $0 == self ? $1 : $1 == self ? $0 : nil }.first
    }
  }

  private static let opposites: [(ValueEdit, ValueEdit)] = [
    (.objectToArray, .arrayToObject), (.emptyToNull, .nullToEmpty), (.fractionDropped, .fractionAdded),
    (.zerosDropped, .zerosAdded), (.exponentExpanded, .exponentCollapsed), (.zeroSigned, .zeroUnsigned),
    (.counterRaised, .counterLowered), (.textToNumber, .numberToText), (.boolToNumber, .numberToBool),
    (.boolToText, .textToBool), (.nullToText, .textToNull), (.arrayToNull, .nullToArray),
    (.objectToNull, .nullToObject), (.elementToArray, .arrayToElement), (.trimmed, .padded),
    (.linesToCRLF, .linesToLF), (.dateToZ, .dateToOffset),
    (.dateToMilliseconds, .dateToMillisecondsWithOffset), (.keysToSnakeCase, .keysToCamelCase),
    (.wordCapitalised, .wordCapitalised), (.decoded, .encoded), (.slashed, .unslashed),
    (.composed, .decomposed),
  ]
}

extension Replacement {
  /// What an edit without an opposite does to a document.
  fileprivate static func damage(by edit: ValueEdit, to outline: JSONOutline) -> [Replacement] {
    switch edit {
    case .nullMembersAdded: MemberEdit.added("null", to: outline)
    case .emptyMembersAdded: MemberEdit.added("\"\"", to: outline)
    default:
      outline.tokens.filter { $0.kind == .number }.compactMap { token in
        NumberEdit.damaged(Array(outline.body[token.range]), edit).map {
          Replacement(range: token.range, texts: [$0])
        }
      }
    }
  }
}
