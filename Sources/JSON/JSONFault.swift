/// Why a body is not JSON, or not JSON that a view can show, and at which byte.
public enum JSONFault: Error, Sendable, Equatable {
  /// No bytes, or white space only; `size` in bytes.
  case empty(size: Int)
  /// The body begins with the UTF-8 byte order mark, which RFC 8259 forbids to send.
  case byteOrderMark
  case unexpected(UInt8, at: Int, due: JSONExpectation)
  /// The body ends before the JSON is complete.
  case cutOff(at: Int, due: JSONExpectation)
  /// The body ends inside the string that began at `from`.
  case openString(from: Int, at: Int)
  case controlCharacter(UInt8, at: Int)
  case badEscape(at: Int)
  case badNumber(at: Int)
  /// A bare word other than `true`, `false` and `null`.
  case badWord(at: Int)
  /// More containers inside each other than `limit`.
  case tooDeep(limit: Int, at: Int)
  /// Nobody waits for the view any more.
  case cancelled
  /// More bytes than an index of the view can address.
  case tooLarge(size: Int, limit: Int)
  /// An index of the view would take more bytes of memory than it may.
  case indexTooLarge(size: Int, limit: Int)

  /// The byte that the fault is about, counted from 0; the size of the body where it ends too early.
  public var offset: Int {
    switch self {
    case .byteOrderMark, .cancelled, .indexTooLarge: 0
    case .empty(let size): size
    case .tooLarge(_, let limit): limit
    case .unexpected(_, let offset, _), .cutOff(let offset, _), .openString(_, let offset),
      .controlCharacter(_, let offset), .badEscape(let offset), .badNumber(let offset),
      .badWord(let offset), .tooDeep(_, let offset):
      offset
    }
  }

  /// One sentence in plain ASCII that says what is wrong and where; safe to draw.
  public var sentence: String {
    switch self {
    case .empty(size: 0): "the body is empty"
    case .empty: "the body is only white space"
    case .byteOrderMark: "the body starts with a byte order mark; send it without one"
    case .unexpected(let byte, let at, .end): "JSON ends at byte \(at), but \(shown(byte)) follows"
    case .unexpected(let byte, at: 0, due: .value): "not JSON: it starts with \(shown(byte))"
    case .unexpected(let byte, let at, let due): "byte \(at): expected \(due.words), found \(shown(byte))"
    case .cutOff(let at, let due): "JSON is cut off at byte \(at); expected \(due.words)"
    case .openString(let from, let at):
      "JSON is cut off at byte \(at), inside the string that starts at byte \(from)"
    case .controlCharacter(let byte, let at):
      "byte \(at): \(shown(byte)) in a string must be escaped"
    case .badEscape(let at): "byte \(at): invalid escape in a string"
    case .badNumber(let at): "byte \(at): invalid number"
    case .badWord(at: 0): "not JSON"
    case .badWord(let at): "byte \(at): unknown word; only true, false and null are allowed"
    case .tooDeep(let limit, let at): "byte \(at): JSON is nested more than \(limit) levels deep"
    case .cancelled: "the body was not read to the end"
    case .tooLarge(let size, let limit):
      "the body has \(size) bytes; at most \(limit) can be formatted"
    case .indexTooLarge(_, let limit):
      "the body has too many lines to format: their index would take more than \(limit >> 20) MiB"
    }
  }

  private func shown(_ byte: UInt8) -> String {
    if 0x21...0x7E ~= byte { return "'\(Unicode.Scalar(byte))'" }
    return "byte 0x" + Hex.text(byte, width: 2)
  }
}

/// What the grammar allows at the point that a lexer has reached.
public enum JSONExpectation: Sendable, Equatable, CaseIterable {
  case value
  case valueOrBracket
  case key
  case keyOrBrace
  case colon
  case commaOrBracket
  case commaOrBrace
  case end

  /// The words for a sentence that tells the reader what is missing.
  public var words: String {
    switch self {
    case .value: "a value"
    case .valueOrBracket: "a value or ]"
    case .key: "a key in double quotes"
    case .keyOrBrace: "a key in double quotes or }"
    case .colon: "a colon"
    case .commaOrBracket: "a comma or ]"
    case .commaOrBrace: "a comma or }"
    case .end: "the end of the body"
    }
  }
}
