internal import JSON

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
    search.isFound(in: request.body)
      || request.headers.contains { search.isFound(in: $0.name) || search.isFound(in: $0.value) }
  }
}

extension TextNeedle: Equatable {
  static func == (left: TextNeedle, right: TextNeedle) -> Bool { left.text == right.text }
}
