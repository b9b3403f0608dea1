internal import JSON

/// How strings change on their way through a framework; escapes stay as they are.
enum StringEdit {
  /// What may have been in place of a string before `edit`; `text` is what is between its quotes.
  /// - Parameter isLikeliest: whether the first of many is enough.
  static func originals(
    _ text: [UInt8], _ edit: ValueEdit, likeliest isLikeliest: Bool = false
  ) -> [[UInt8]] {
    switch edit {
    case .nullToEmpty: return text.isEmpty ? [Array("null".utf8)] : []
    case .numberToText: return isNumber(text) ? [text] : []
    case .boolToText: return word(text, bools)
    case .nullToText: return word(text, nulls)
    case .wordCapitalised: return word(text, capitals)
    case .arrayToElement: return text.count <= 256 ? [Array("[\"".utf8) + text + Array("\"]".utf8)] : []
    case .trimmed where isLikeliest: return text.isEmpty ? [] : [quoted(text + trimmedOff[0])]
    case .trimmed: return padded(text)
    case .padded: return trimmed(text)
    case .linesToCRLF: return replaced(text, #"\r\n"#, #"\n"#)
    case .linesToLF:
      return replaced(text, #"\r\n"#, "").isEmpty ? replaced(text, #"\n"#, #"\r\n"#) : []
    case .dateToZ, .dateToOffset, .dateToMilliseconds, .dateToMillisecondsWithOffset, .dateToMicroseconds,
      .dateRespelled:
      guard let spellings = DateText(text)?.spellings(before: edit) else { return [] }
      let others = spellings.lazy.filter { $0 != text }.map(quoted)
      return isLikeliest ? Array(others.prefix(1)) : Array(others)
    default: return []
    }
  }

  private static func quoted(_ text: [UInt8]) -> [UInt8] { [0x22] + text + [0x22] }

  private static func isNumber(_ text: [UInt8]) -> Bool {
    guard text.count <= 32, text.first.map({ $0.isASCIIDigit || $0 == 0x2D }) == true,
      let outline = JSONOutline(text, limit: 2)
    else { return false }
    return outline.tokens.count == 1 && outline.tokens[0].kind == .number
      && outline.tokens[0].range == text.startIndex..<text.endIndex
  }

  private typealias Words = [(text: [UInt8], original: [UInt8])]

  private static func words(_ pairs: KeyValuePairs<String, String>) -> Words {
    pairs.map { (Array($0.utf8), Array($1.utf8)) }
  }

  private static let bools = words(["true": "true", "false": "false", "True": "true", "False": "false"])
  private static let nulls = words(["null": "null", "None": "null", "nil": "null"])
  private static let capitals = words([
    "True": #""true""#, "False": #""false""#, "true": #""True""#, "false": #""False""#,
  ])

  private static func word(_ text: [UInt8], _ words: Words) -> [[UInt8]] {
    words.first { $0.text == text }.map { [$0.original] } ?? []
  }

  /// The string with the white space that trimming takes off.
  private static func padded(_ text: [UInt8]) -> [[UInt8]] {
    guard !text.isEmpty else { return [] }
    return (trimmedOff.map { text + $0 } + trimmedOff.map { $0 + text } + [[0x20] + text + [0x20]])
      .map(quoted)
  }

  private static let trimmedOff = [" ", #"\n"#, #"\r\n"#, "  ", #"\t"#].map { Array($0.utf8) }
  private static let spaces = [" ", #"\n"#, #"\r"#, #"\t"#].map { Array($0.utf8) }

  private static func trimmed(_ text: [UInt8]) -> [[UInt8]] {
    var kept = text[...]
    while let end = spaces.first(where: { kept.suffix($0.count).elementsEqual($0) }) {
      kept = kept.dropLast(end.count)
    }
    while let end = spaces.first(where: { kept.starts(with: $0) }) { kept = kept.dropFirst(end.count) }
    return kept.count < text.count ? [quoted(Array(kept))] : []
  }

  private static func replaced(_ text: [UInt8], _ old: String, _ new: String) -> [[UInt8]] {
    guard text.contains(0x5C) else { return [] }
    let (old, new) = (Array(old.utf8), Array(new.utf8))
    var output: [UInt8] = []
    var rest = text[...]
    while let byte = rest.first {
      let isOld = rest.starts(with: old)
      if isOld { output += new } else { output.append(byte) }
      // An escaped backslash begins no other escape.
      if !isOld, byte == 0x5C, rest.count > 1 { output.append(rest[rest.startIndex + 1]) }
      rest = rest.dropFirst(isOld ? old.count : byte == 0x5C ? min(2, rest.count) : 1)
    }
    return output == text ? [] : [quoted(output)]
  }
}

/// A date and time as ISO 8601 writes it, taken apart so that it can be spelled in other ways.
private struct DateText {
  private let day: [UInt8]
  private let time: [UInt8]
  private let fraction: [UInt8]

  /// nil for anything but a date and time in UTC.
  init?(_ text: [UInt8]) {
    guard (19...40).contains(text.count), text[4] == 0x2D, text[7] == 0x2D, text[13] == 0x3A,
      text[16] == 0x3A,
      text[10] == UInt8(ascii: "T") || text[10] == 0x20
    else { return nil }
    var rest = text[19...]
    let digits = rest.first == 0x2E ? rest.dropFirst().prefix(while: \.isASCIIDigit) : []
    rest = rest.dropFirst(digits.isEmpty ? 0 : digits.count + 1)
    let zones = ["Z", "+00:00", "+0000", "", " UTC", "-00:00"]
    guard zones.contains(where: { rest.elementsEqual($0.utf8) }) else { return nil }
    day = Array(text[..<10])
    time = Array(text[11..<19])
    fraction = Array(digits)
  }

  /// How the date may have been spelled before `edit`, which stands for one spelling each but for the last.
  func spellings(before edit: ValueEdit) -> some Sequence<[UInt8]> {
    forms(before: edit).lazy.map { written($0.between, $0.digits, $0.zone) }
  }

  private typealias Form = (between: String, digits: [UInt8], zone: String)

  private func forms(before edit: ValueEdit) -> [Form] {
    let known = Array(fraction.reversed().drop { $0 == 0x30 }.reversed())
    func padded(_ count: Int) -> [UInt8] {
      known + [UInt8](repeating: 0x30, count: max(0, count - known.count))
    }
    switch edit {
    case .dateToZ: return [("T", known, "Z")]
    case .dateToOffset: return [("T", known, "+00:00")]
    case .dateToMilliseconds: return [("T", padded(3), "Z")]
    case .dateToMillisecondsWithOffset: return [("T", padded(3), "+00:00")]
    case .dateToMicroseconds: return [("T", padded(6), "Z")]
    default:
      let digits = [padded(6), fraction, known, padded(7), padded(3), padded(1), padded(9)]
      return digits.flatMap { digits in Self.zones.map { ("T", digits, $0) } }
        + ["", "Z", "+00:00", " UTC"].map { (" ", known, $0) }
    }
  }

  private static let zones = ["+00:00", "+0000", "Z", "", " UTC"]

  private func written(_ between: String, _ digits: [UInt8], _ zone: String) -> [UInt8] {
    day + Array(between.utf8) + time + (digits.isEmpty ? [] : [0x2E] + digits) + Array(zone.utf8)
  }
}
