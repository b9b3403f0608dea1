public import JSON

/// What a test sees of a body pane: the text of its lines.
public enum PayloadText {
  public static func lines(_ document: PayloadDocument) -> [String] {
    (0..<document.lineCount).map { line(document, $0) }
  }

  public static func line(_ document: PayloadDocument, _ line: Int) -> String {
    document.line(at: line).segments.map { text(of: $0, in: document.body) }.joined()
  }

  public static func text(of segment: PayloadSegment, in body: [UInt8]) -> String {
    switch segment.text {
    case .bytes(let range): String(decoding: body[range], as: UTF8.self)
    case .literal(let text): text
    }
  }

  /// All bytes of the body that the view shows, in order.
  public static func sentBytes(_ document: PayloadDocument) -> [UInt8] {
    var sent: [UInt8] = []
    for line in 0..<document.lineCount {
      for case .bytes(let range) in document.line(at: line).segments.map(\.text) {
        sent += document.body[range]
      }
    }
    return sent
  }

  /// The body without the white space that means nothing, found without the lexer.
  public static func compacted(_ body: [UInt8]) -> [UInt8] {
    var isInString = false
    var isEscaped = false
    return body.filter { byte in
      if isEscaped {
        isEscaped = false
      } else if isInString, byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isInString.toggle()
      }
      return isInString || !(byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09)
    }
  }
}
