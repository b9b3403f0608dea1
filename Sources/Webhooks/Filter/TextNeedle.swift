/// A text to look for anywhere in a request, whatever the case of its ASCII letters.
struct TextNeedle: Sendable {
  /// The text with its ASCII letters in lower case.
  let text: String
  private let bytes: [UInt8]
  private let search: PayloadSearch

  init(_ text: String) {
    self.text = text.asciiLowercased
    bytes = Array(self.text.utf8)
    search = PayloadSearch(bytes: bytes)
  }

  /// Whether the body or a header's name or value holds the text.
  func occurs(in request: Request) -> Bool {
    search.isFound(in: request.body)
      || request.headers.fields.contains { field in
        occurs(in: field.name.utf8Span.span) || occurs(in: field.value.utf8Span.span)
      }
  }

  /// The plain search: header fields are too short for a better one to pay.
  private func occurs(in text: Span<UInt8>) -> Bool {
    guard let first = bytes.first else { return true }
    var start = 0
    while start + bytes.count <= text.count {
      if text[start].asciiLowercased == first, begins(text, at: start) { return true }
      start += 1
    }
    return false
  }

  private func begins(_ text: Span<UInt8>, at start: Int) -> Bool {
    for index in bytes.indices where text[start + index].asciiLowercased != bytes[index] { return false }
    return true
  }
}

extension TextNeedle: Equatable {
  static func == (left: TextNeedle, right: TextNeedle) -> Bool { left.text == right.text }
}
