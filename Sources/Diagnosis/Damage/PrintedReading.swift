internal import JSON

/// A body that came as a language prints a value, read back as the JSON that it was.
enum PrintedReading: Sendable, Equatable, CaseIterable {
  case pythonBytes, pythonValue, rubyValue

  /// The body as the language prints it; nil if that can't be.
  func applied(to body: [UInt8]) -> [UInt8]? {
    switch self {
    case .pythonBytes: SignedInstead.pythonBytes.text(for: body)
    case .pythonValue: SignedInstead.pythonValue.text(for: body)
    case .rubyValue: SignedInstead.rubyValue.text(for: body)
    }
  }

  /// The document that `body` prints; nil if it prints none, or is JSON itself. Spaces stay as they are.
  func document(_ body: [UInt8]) -> [UInt8]? {
    let text = body[...]
    guard text.count > 1 else { return nil }
    switch self {
    case .pythonBytes:
      guard text.starts(with: "b'".utf8) || text.starts(with: "b\"".utf8) else { return nil }
      var reader = PrintedReader(text.dropFirst(), isBytes: true)
      let document = reader.string(end: text[text.startIndex + 1])
      return reader.isAtEnd ? document : nil
    case .pythonValue, .rubyValue:
      guard text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "[") else { return nil }
      var reader = PrintedReader(text, isRuby: self == .rubyValue)
      // JSON that is only written with other escapes was printed by no language.
      guard let document = reader.document(), JSONFieldQuery([]).fields(in: document).isJSON,
        !JSONFieldQuery([]).fields(in: body).isJSON
      else { return nil }
      return document
    }
  }

  /// What the body came as, after "the body came".
  var words: String {
    switch self {
    case .pythonBytes: "as Python prints bytes, b'...'"
    case .pythonValue: "as Python prints the parsed value, {'key': True}"
    case .rubyValue: "as Ruby prints the parsed value, {\"key\"=>true}"
    }
  }
}

/// Turns printed values into JSON, sign by sign, without recursion.
private struct PrintedReader {
  private let text: ArraySlice<UInt8>
  private let isRuby: Bool
  private let isBytes: Bool
  private var at: Int

  init(_ text: ArraySlice<UInt8>, isRuby: Bool = false, isBytes: Bool = false) {
    self.text = text
    self.isRuby = isRuby
    self.isBytes = isBytes
    at = text.startIndex
  }

  private static let words: [[UInt8]: [UInt8]] = [
    Array("True".utf8): Array("true".utf8), Array("False".utf8): Array("false".utf8),
    Array("None".utf8): Array("null".utf8), Array("nil".utf8): Array("null".utf8),
    Array("true".utf8): Array("true".utf8), Array("false".utf8): Array("false".utf8),
  ]

  var isAtEnd: Bool { at == text.endIndex }

  mutating func document() -> [UInt8]? {
    var output: [UInt8] = []
    output.reserveCapacity(text.count + 16)
    while at < text.endIndex {
      let byte = text[at]
      if byte == 0x22 || (byte == 0x27 && !isRuby) {
        guard let string = string(end: byte) else { return nil }
        output += JSONText.string(string)
      } else if isRuby, text[at...].starts(with: "=>".utf8) {
        if output.last == 0x20 { output.removeLast() }
        output.append(0x3A)
        at += 2
      } else if isRuby, byte == 0x3A, let name = word(from: at + 1) {
        output += JSONText.string(name)
        at += 1 + name.count
      } else if let word = word(from: at) {
        at += word.count
        let isKey = isRuby && at < text.endIndex && text[at] == 0x3A
        guard let written = isKey ? JSONText.string(word) : Self.words[word] else { return nil }
        output += written
      } else {
        output.append(byte)
        at += 1
      }
    }
    return output
  }

  /// The word of letters, digits and underscores that begins at `start` with a letter.
  private func word(from start: Int) -> [UInt8]? {
    guard start < text.endIndex, text[start].isASCIILetter || text[start] == 0x5F else { return nil }
    // The exponent of a number is none.
    if start > text.startIndex, text[start - 1].isASCIIDigit { return nil }
    return Array(text[start...].prefix { $0.isASCIILetter || $0.isASCIIDigit || $0 == 0x5F })
  }

  /// What the string that begins here stands for; its quotes are passed over.
  mutating func string(end quote: UInt8) -> [UInt8]? {
    var output: [UInt8] = []
    at += 1
    while at < text.endIndex, text[at] != quote {
      if text[at] == 0x5C {
        output += escape()
      } else {
        output.append(text[at])
        at += 1
      }
    }
    guard at < text.endIndex else { return nil }
    at += 1
    return output
  }

  private static let letters: [UInt8: UInt8] = [
    0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09, 0x62: 0x08, 0x66: 0x0C, 0x65: 0x1B, 0x61: 0x07, 0x76: 0x0B,
  ]
  private static let sizes: [UInt8: Int] = [0x78: 2, 0x75: 4, 0x55: 8]

  /// The bytes that the escape here stands for.
  private mutating func escape() -> [UInt8] {
    guard at + 1 < text.endIndex else {
      at += 1
      return [0x5C]
    }
    let letter = text[at + 1]
    if let size = Self.sizes[letter], at + 2 + size <= text.endIndex {
      let digits = text[(at + 2)..<(at + 2 + size)]
      if let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) {
        at += 2 + size
        if isBytes { return [UInt8(truncatingIfNeeded: value)] }
        return Unicode.Scalar(value).flatMap { UTF8.encode($0) }.map { Array($0) } ?? []
      }
    }
    at += 2
    return [Self.letters[letter] ?? letter]
  }
}

/// A body that is what some language prints for a value, and no document.
struct PrintedWord: Equatable {
  /// What it is, after "it is".
  let words: String

  private static let fixed: [(String, String)] = [
    ("[object Object]", "what JavaScript prints for an object"), ("undefined", "JavaScript's undefined"),
    ("null", "null"), ("None", "Python's None"), ("nil", "nil"), ("<nil>", "Go's nil"),
    ("Array", "what PHP prints for an array"), ("NaN", "NaN"), ("[]", "an empty array"),
    ("{}", "an empty object"), ("false", "false"), ("true", "true"), (#""""#, "an empty string"),
  ]

  private static let starts: [(String, String)] = [
    ("map[", "a map as Go prints it"), ("#<", "an object as Ruby prints it"),
    ("<html", "a page in HTML"), ("<!doctype", "a page in HTML"), ("<?xml", "XML"),
    ("Array\n(", "an array as PHP prints it"),
    ("array(", "an array as PHP prints it"), ("%{", "a map as Elixir prints it"),
    ("OrderedDict(", "a value as Python prints it"),
  ]

  /// nil for anything else; white space at the ends does not count.
  init?(_ body: [UInt8]) {
    guard let first = body.first(where: { $0 > 0x20 }) else { return nil }
    let text = body.drop { $0 <= 0x20 }.prefix(64)
    let word = text.prefix { $0 >= 0x20 }
    if let found = Self.fixed.first(where: { word.elementsEqual($0.0.utf8) }) {
      words = found.1
    } else if let found = Self.starts.first(where: {
      text.map(\.asciiLowercased).starts(with: $0.0.lowercased().utf8)
    }) {
      words = found.1
    } else if first == UInt8(ascii: "{"), Self.isJavaMap(text) {
      words = "a map as Java prints it, {key=value}"
    } else {
      return nil
    }
  }

  private static func isJavaMap(_ text: ArraySlice<UInt8>) -> Bool {
    let name = text.dropFirst().prefix { $0.isASCIILetter || $0.isASCIIDigit || $0 == 0x5F }
    return !name.isEmpty && name.endIndex < text.endIndex && text[name.endIndex] == UInt8(ascii: "=")
  }
}
