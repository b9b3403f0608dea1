internal import JSON

/// A pattern for a whole text: `*` stands for any characters, `?` for one, all else for itself.
///
/// Only the last `*` is ever tried again, so the time is bounded by the product of the two lengths.
struct Glob: Sendable, Equatable {
  private let pattern: [UInt8]
  /// How many bytes stand before the first `*` or `?`: most texts differ there already.
  private let plainCount: Int

  init(_ pattern: String) { self.init(ByteString(pattern)) }

  init(_ pattern: ByteString) {
    self.pattern = Array(pattern)
    plainCount = self.pattern.prefix { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") }.count
  }

  /// The pattern as it is written in an expression.
  var quoted: String { FilterWord.quoted(String(decoding: pattern, as: UTF8.self)) }

  /// Whether there is a text and the pattern matches it.
  func matches(_ text: ByteString?) -> Bool {
    guard let text else { return false }
    return text.withBytes { matches($0.span) }
  }

  private func matches(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= plainCount else { return false }
    for index in 0..<plainCount where bytes[index] != pattern[index] { return false }
    return Self.matches(pattern.span, bytes, from: plainCount)
  }

  /// Whether the rest of the pattern matches the rest of the text, both from `start` on.
  private static func matches(_ pattern: Span<UInt8>, _ text: Span<UInt8>, from start: Int) -> Bool {
    var at = start
    var here = start
    // Where to go on when a byte does not fit: after the last star, with one character more for it.
    var afterStar: Int?
    var starEnd = 0
    while here < text.count {
      if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
        at += 1
        guard at < pattern.count else { return true }
        afterStar = at
        starEnd = here
      } else if at < pattern.count, pattern[at] == UInt8(ascii: "?") {
        at += 1
        here += width(in: text, at: here)
      } else if at < pattern.count, pattern[at] == text[here] {
        at += 1
        here += 1
      } else if let star = afterStar {
        at = star
        starEnd += width(in: text, at: starEnd)
        here = starEnd
      } else {
        return false
      }
    }
    while at < pattern.count, pattern[at] == UInt8(ascii: "*") { at += 1 }
    return at == pattern.count
  }

  /// How many bytes the character takes that begins at `start`; a byte that begins none stands for itself.
  private static func width(in text: Span<UInt8>, at start: Int) -> Int {
    guard text[start] >= 0xC0 else { return 1 }
    let limit = min(text.count, start + min(4, (~text[start]).leadingZeroBitCount))
    var end = start + 1
    while end < limit, text[end] & 0xC0 == 0x80 { end += 1 }
    return end - start
  }
}

/// A text to look for anywhere in a request, whatever the case of its ASCII letters.
struct TextNeedle: Sendable {
  /// The text with its ASCII letters in lower case.
  let text: String
  private let search: PayloadSearch

  init(_ text: String) {
    self.text = text.asciiLowercased
    search = PayloadSearch(self.text)
  }

  /// Whether the body or a header's name or value holds the text.
  func occurs(in request: Request) -> Bool {
    search.isFound(in: request.body) || occurs(in: request.headers)
  }

  // All lines at once first: most requests hold the text nowhere.
  private func occurs(in headers: Headers) -> Bool {
    search.isFound(in: headers.lines)
      && headers.contains { search.isFound(in: $0.name) || search.isFound(in: $0.value) }
  }
}

extension TextNeedle: Equatable {
  static func == (left: TextNeedle, right: TextNeedle) -> Bool { left.text == right.text }
}
