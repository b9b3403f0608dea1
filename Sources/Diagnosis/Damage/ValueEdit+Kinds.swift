internal import JSON

// Which values an edit is looked for in.
extension ValueEdit {
  /// Some of the kinds of values.
  struct Kinds: OptionSet {
    let rawValue: UInt8

    static let strings = Kinds(rawValue: 1)
    static let numbers = Kinds(rawValue: 2)
    static let words = Kinds(rawValue: 4)
    static let containers = Kinds(rawValue: 8)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// What a value that begins with such a token is.
    init(_ token: JSONToken.Kind) {
      switch token {
      case .string: self = .strings
      case .number: self = .numbers
      case .true, .false, .null: self = .words
      case .beginArray, .beginObject: self = .containers
      default: self = []
      }
    }
  }

  /// What the values that this edit makes are, so that no other one is looked at.
  var kinds: Kinds {
    switch self {
    case .emptyToNull, .arrayToNull, .objectToNull, .textToNull, .numberToBool, .textToBool: .words
    case .objectToArray, .arrayToObject, .nullToArray, .nullToObject, .elementToArray: .containers
    case .arrayToElement: [.strings, .numbers]
    case .nullToEmpty, .numberToText, .boolToText, .nullToText, .wordCapitalised, .trimmed, .padded,
      .linesToCRLF, .linesToLF, .dateToZ, .dateToOffset, .dateToMilliseconds,
      .dateToMillisecondsWithOffset, .dateToMicroseconds, .dateRespelled:
      .strings
    case .fractionDropped, .fractionAdded, .zerosDropped, .zerosAdded, .hundredthsDropped,
      .exponentExpanded, .exponentCollapsed, .exponentSpelled, .rounded, .zeroSigned, .zeroUnsigned,
      .counterRaised, .counterLowered, .textToNumber, .boolToNumber:
      .numbers
    // Of members, and of the whole text.
    case .nullMembersAdded, .emptyMembersAdded, .nullMembersDropped, .emptyMembersDropped,
      .keysToSnakeCase, .keysToCamelCase, .decoded, .encoded, .slashed, .unslashed, .composed,
      .decomposed:
      []
    }
  }
}
