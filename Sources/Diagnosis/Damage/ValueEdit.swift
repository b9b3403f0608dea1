internal import JSON
internal import Webhooks

/// A change that frameworks make to the values of a document: in all places alike, or in some of them.
enum ValueEdit: Sendable, Equatable, CaseIterable {
  case objectToArray, arrayToObject, emptyToNull, nullToEmpty
  case fractionDropped, fractionAdded, zerosDropped, zerosAdded, hundredthsDropped
  case exponentExpanded, exponentCollapsed, exponentSpelled, rounded, zeroSigned, zeroUnsigned
  case counterRaised, textToNumber, numberToText
  case boolToNumber, numberToBool, boolToText, textToBool, nullToText, textToNull, wordCapitalised
  case arrayToNull, objectToNull, nullToArray, nullToObject, elementToArray, arrayToElement
  case trimmed, padded, linesToCRLF, linesToLF
  case dateToZ, dateToOffset, dateToMilliseconds, dateToMillisecondsWithOffset, dateToMicroseconds
  case dateRespelled, counterLowered
  case nullMembersAdded, emptyMembersAdded
  /// Known only from the keys of other bodies of its kind.
  case nullMembersDropped, emptyMembersDropped
  case keysToSnakeCase, keysToCamelCase
  case decoded, encoded, slashed, unslashed, composed, decomposed

  /// Those that are made of the text of the whole body, whether it is a document or not.
  static let ofText: [ValueEdit] = [.decoded, .encoded, .slashed, .unslashed, .composed, .decomposed]
  static let ofValues = allCases.filter { !ofText.contains($0) }

  /// More places than these are not tried one at a time.
  private static let places = 64
  /// With no more places than these each choice of them is tried.
  static let choices = 5

  /// Hands each body that `outline` may have been before this edit to `visit`, until that says to stop.
  /// - Parameter alike: whether only the change in all places alike is made.
  func visit(_ outline: JSONOutline, alike: Bool = false, _ visit: ([UInt8]) -> Bool) -> Bool {
    let changes = Replacement.all(of: self, in: outline, likeliest: alike)
    guard !changes.isEmpty else { return false }
    let body = outline.body
    if visit(Replacement.made(changes.map(\.first), in: body)) { return true }
    guard !alike else { return false }
    return visitSome(changes, body, visit)
      || changes.prefix(Self.places).contains { change in
        change.texts.dropFirst().contains {
          visit(Replacement.made([Replacement(range: change.range, texts: [$0])], in: body))
        }
      }
  }

  /// Makes the change in some of the places: in each choice of them, where they are few.
  func visitSome(_ changes: [Replacement], _ body: [UInt8], _ visit: ([UInt8]) -> Bool) -> Bool {
    guard changes.count > 1 else { return false }
    return changes.count > Self.choices
      ? visitOneByOne(changes, body, visit) : visitChoices(changes, body, visit)
  }

  func visitChoices(
    _ changes: [Replacement], _ body: [UInt8], _ visit: ([UInt8]) -> Bool
  ) -> Bool {
    (1..<(1 << changes.count) - 1).contains { choice in
      let chosen = changes.enumerated().filter { choice >> $0.offset & 1 == 1 }.map(\.element.first)
      return visit(Replacement.made(chosen, in: body))
    }
  }

  func visitOneByOne(
    _ changes: [Replacement], _ body: [UInt8], _ visit: ([UInt8]) -> Bool
  ) -> Bool {
    changes.prefix(Self.places).contains { visit(Replacement.made([$0.first], in: body)) }
      || changes.indices.prefix(Self.places).contains { left in
        var others = changes.map(\.first)
        others.remove(at: left)
        return visit(Replacement.made(others, in: body))
      }
  }
}

/// A stretch of a body, and the texts that may have been there before; the first is the likeliest.
struct Replacement {
  let range: Range<Int>
  let texts: [[UInt8]]

  var first: Replacement { Replacement(range: range, texts: Array(texts.prefix(1))) }

  /// The body with each stretch as its first text.
  static func made(_ changes: [Replacement], in body: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(body.count + 16 * changes.count)
    var copied = 0
    // Of two that lie in each other the outer one is made.
    for change in changes where change.range.lowerBound >= copied {
      output += body[copied..<change.range.lowerBound]
      output += change.texts[0]
      copied = change.range.upperBound
    }
    return output + body[copied...]
  }

  /// Every place where `edit` may have been made.
  /// - Parameter isLikeliest: whether no more than the likeliest text is asked for, where others take long to make.
  static func all(
    of edit: ValueEdit, in outline: JSONOutline, likeliest isLikeliest: Bool = false
  ) -> [Replacement] {
    switch edit {
    case .nullMembersAdded: return MemberEdit.members(of: outline) { $0.kind == .null }
    case .emptyMembersAdded:
      return MemberEdit.members(of: outline) { token in
        (token.kind == .string && token.end - token.start == 2) || token.kind.isOpening
      }
    case .keysToSnakeCase, .keysToCamelCase:
      return MemberEdit.keys(of: outline, toSnake: edit == .keysToCamelCase)
    default: break
    }
    let kinds = edit.kinds
    return outline.tokens.indices.compactMap { at in
      guard !kinds.isDisjoint(with: ValueEdit.Kinds(outline.tokens[at].kind)) else { return nil }
      let texts = edit.originals(at, outline, likeliest: isLikeliest)
      guard !texts.isEmpty else { return nil }
      return Replacement(
        range: outline.range(ofValueAt: at), texts: texts)
    }
  }
}

extension ValueEdit {
  /// What may have been in place of the value at `at`; none if this edit can't have made it.
  fileprivate func originals(_ at: Int, _ outline: JSONOutline, likeliest: Bool) -> [[UInt8]] {
    let token = outline.tokens[at]
    let text = outline.body[token.range]
    switch token.kind {
    case .number: return NumberEdit.originals(Array(text), self)
    case .string: return StringEdit.originals(Array(text.dropFirst().dropLast()), self, likeliest: likeliest)
    case .true, .false, .null: return word(token.kind).map { [Array($0.utf8)] } ?? []
    case .beginArray, .beginObject: return container(at, outline).map { [$0] } ?? []
    default: return []
    }
  }

  private func word(_ kind: JSONToken.Kind) -> String? {
    switch (self, kind) {
    case (.emptyToNull, .null): "\"\""
    case (.arrayToNull, .null): "[]"
    case (.objectToNull, .null): "{}"
    case (.textToNull, .null): "\"null\""
    case (.numberToBool, .true): "1"
    case (.numberToBool, .false): "0"
    case (.textToBool, .true): "\"true\""
    case (.textToBool, .false): "\"false\""
    default: nil
    }
  }

  private func container(_ at: Int, _ outline: JSONOutline) -> [UInt8]? {
    let isEmpty = outline.end(of: at) == at + 1
    switch (self, outline.tokens[at].kind) {
    case (.objectToArray, .beginArray): return isEmpty ? Array("{}".utf8) : nil
    case (.arrayToObject, .beginObject): return isEmpty ? Array("[]".utf8) : nil
    case (.nullToArray, .beginArray), (.nullToObject, .beginObject): return isEmpty ? Array("null".utf8) : nil
    case (.elementToArray, .beginArray):
      guard !isEmpty, at > 0, outline.end(of: at + 1) == outline.end(of: at) - 1 else { return nil }
      return BodyWrapping.value(at: at + 1, of: outline)
    default: return nil
    }
  }

  /// What happened, as the end of a sentence about the body.
  var words: String {
    switch self {
    case .objectToArray: "got [] in place of {}"
    case .arrayToObject: "got {} in place of []"
    case .emptyToNull: "got null in place of \"\""
    case .nullToEmpty: "got \"\" in place of null"
    case .fractionDropped: "lost the .0 of a number"
    case .hundredthsDropped: "lost the .00 of a number"
    case .fractionAdded: "got a number with .0 in place of an integer"
    case .zerosDropped: "lost a zero at the end of a number"
    case .zerosAdded: "got zeros at the end of a number"
    case .exponentExpanded: "got a number written out in place of one with an exponent"
    case .exponentCollapsed: "got a number with an exponent in place of one written out"
    case .exponentSpelled: "got an exponent that is spelled in another way"
    case .rounded: "had a large integer rounded, as a double is"
    case .zeroSigned: "got -0 in place of 0"
    case .zeroUnsigned: "got 0 in place of -0"
    case .counterRaised:
      "got larger integers, as a retry has that counts its attempts and is not signed again"
    case .counterLowered: "got smaller integers"
    case .textToNumber: "got a number in place of a string of digits"
    case .numberToText: "got a string in place of a number"
    case .boolToNumber: "got 1 or 0 in place of true or false"
    case .numberToBool: "got true or false in place of 1 or 0"
    case .boolToText: "got a string in place of true or false"
    case .textToBool: "got true or false in place of a string"
    case .nullToText: "got \"null\" in place of null"
    case .textToNull: "got null in place of \"null\""
    case .wordCapitalised: "got \"True\" or \"False\" with a capital letter"
    case .arrayToNull: "got null in place of []"
    case .objectToNull: "got null in place of {}"
    case .nullToArray: "got [] in place of null"
    case .nullToObject: "got {} in place of null"
    case .elementToArray: "got an array of one element in place of that element"
    case .arrayToElement: "got an element in place of an array of it"
    case .trimmed: "had white space trimmed off a string"
    case .padded: "got white space around a string"
    case .linesToCRLF: "got \\r\\n in place of \\n in a string"
    case .linesToLF: "got \\n in place of \\r\\n in a string"
    case .dateToZ, .dateToOffset, .dateToMilliseconds, .dateToMillisecondsWithOffset, .dateToMicroseconds,
      .dateRespelled:
      "had a date written in another way"
    case .nullMembersAdded: "got members that are null"
    case .emptyMembersAdded: "got members that are empty"
    case .nullMembersDropped: "lost members that were null"
    case .emptyMembersDropped: "lost members that were empty"
    case .keysToSnakeCase: "got snake_case keys in place of camelCase ones"
    case .keysToCamelCase: "got camelCase keys in place of snake_case ones"
    case .decoded: "had HTML entities such as &amp; decoded"
    case .encoded: "had characters such as & written as HTML entities"
    case .slashed: "got backslashes in front of its quotes"
    case .unslashed: "lost backslashes"
    case .composed: "got accented letters as one character each (NFC)"
    case .decomposed: "got accented letters as a letter and an accent each (NFD)"
    }
  }
}
