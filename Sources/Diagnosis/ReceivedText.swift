internal import JSON

/// Received text made fit for a sentence: short, and nothing in it that drives a terminal or misleads.
enum Printable {
  /// `text` with all but printable ASCII as `?`, cut off after `limit` characters.
  static func short(_ text: String, limit: Int = 60) -> String {
    let shown = text.unicodeScalars.prefix(limit + 1).map { 0x20...0x7E ~= $0.value ? Character($0) : "?" }
    return shown.count > limit ? String(shown.prefix(limit)) + "..." : String(shown)
  }
}

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
