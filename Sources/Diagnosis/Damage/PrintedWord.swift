internal import JSON

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
