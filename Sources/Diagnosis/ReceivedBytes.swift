internal import JSON

// Received text is looked at as bytes: Swift compares strings by canonical equivalence, under which other bytes
// count as equal, and a row of combining marks costs the square of its length.

extension Collection<UInt8> {
  /// Whether `word`, in lower-case ASCII, stands somewhere in these bytes, ASCII letters of either case.
  func speaksOf(_ word: String) -> Bool {
    let word = Array(word.utf8)
    return indices.contains { start in
      guard self[start].asciiLowercased == word.first else { return false }
      return self[start...].prefix(word.count).lazy.map(\.asciiLowercased).elementsEqual(word)
    }
  }
}

extension [UInt8] {
  /// Whether the bytes are UTF-8; nothing is copied to find out.
  var isUTF8: Bool { (try? UTF8Span(validating: span)) != nil }
}
