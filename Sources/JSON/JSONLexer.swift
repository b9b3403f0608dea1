/// Reads a JSON body token by token, strictly by RFC 8259, and changes nothing of it.
///
/// Order, duplicate keys, digits and escapes stay as sent, since a token is a range of the body's bytes. It
/// neither recurses nor parses numbers, so depth and length cost no stack and nothing overflows. The lexer
/// does not hold the body: every call is handed the same bytes. After `nil` or a fault it is used up.
public struct JSONLexer: Sendable {
  /// How many containers may be open at once before a view gives up.
  public static let viewDepth = 10_000

  private let maximumDepth: Int
  private var offset = 0
  private var due = JSONExpectation.value
  private var nesting = JSONNesting()

  /// Creates a lexer at the start of a body that may nest up to `maximumDepth` containers.
  public init(maximumDepth: Int = JSONLexer.viewDepth) {
    self.maximumDepth = maximumDepth
  }

  /// How many containers are open after the last token.
  public var depth: Int { nesting.depth }

  /// Returns the next token of `bytes`, or `nil` after the last one of a whole JSON text.
  public mutating func next(in bytes: Span<UInt8>) throws(JSONFault) -> JSONToken? {
    try step(in: bytes, separators: true)
  }

  /// Returns the next token, commas and colons checked but passed over where `separators` is false.
  ///
  /// Always inlined, so that a loop over a body keeps the lexer's state in registers.
  @inline(__always)
  public mutating func step(in bytes: Span<UInt8>, separators: Bool) throws(JSONFault) -> JSONToken? {
    while true {
      let start = JSONScanner.skipWhiteSpace(in: bytes, from: offset)
      guard start < bytes.count else {
        if due == .end { return nil }
        throw faultAtEnd(of: bytes.count)
      }
      let byte = bytes[start]
      let token: JSONToken
      switch due {
      case .value, .valueOrBracket: token = try value(byte, in: bytes, from: start)
      case .commaOrBracket, .commaOrBrace: token = try separator(byte, from: start)
      case .key, .keyOrBrace: token = try key(byte, in: bytes, from: start)
      case .colon: token = try colon(byte, from: start)
      case .end: throw .unexpected(byte, at: start, due: due)
      }
      offset = token.end
      if separators || (token.kind != .comma && token.kind != .colon) { return token }
    }
  }

  @inline(__always)
  private mutating func value(
    _ byte: UInt8, in bytes: Span<UInt8>, from start: Int
  ) throws(JSONFault) -> JSONToken {
    let token: JSONToken
    switch byte {
    case UInt8(ascii: "\""):
      let string = try JSONScanner.string(in: bytes, from: start)
      token = JSONToken(.string, start, string.end, isEscaped: string.isEscaped)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      token = JSONToken(.number, start, try JSONScanner.number(in: bytes, from: start))
    case UInt8(ascii: "{"):
      return try open(.beginObject, from: start)
    case UInt8(ascii: "["):
      return try open(.beginArray, from: start)
    case UInt8(ascii: "]") where due == .valueOrBracket:
      return close(.endArray, from: start)
    default:
      token = try word(byte, in: bytes, from: start)
    }
    afterValue()
    return token
  }

  private func word(
    _ byte: UInt8, in bytes: Span<UInt8>, from start: Int
  ) throws(JSONFault) -> JSONToken {
    switch byte {
    case UInt8(ascii: "t"):
      return JSONToken(.true, start, try JSONScanner.word("true", in: bytes, from: start))
    case UInt8(ascii: "f"):
      return JSONToken(.false, start, try JSONScanner.word("false", in: bytes, from: start))
    case UInt8(ascii: "n"):
      return JSONToken(.null, start, try JSONScanner.word("null", in: bytes, from: start))
    case let letter where letter.isASCIILetter:
      throw .badWord(at: start)
    default:
      if start == 0, Self.beginsWithByteOrderMark(bytes) { throw .byteOrderMark }
      throw .unexpected(byte, at: start, due: due)
    }
  }

  private static func beginsWithByteOrderMark(_ bytes: Span<UInt8>) -> Bool {
    bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
  }

  @inline(__always)
  private mutating func key(
    _ byte: UInt8, in bytes: Span<UInt8>, from start: Int
  ) throws(JSONFault) -> JSONToken {
    if byte == UInt8(ascii: "}"), due == .keyOrBrace { return close(.endObject, from: start) }
    guard byte == UInt8(ascii: "\"") else { throw .unexpected(byte, at: start, due: due) }
    let string = try JSONScanner.string(in: bytes, from: start)
    due = .colon
    return JSONToken(.key, start, string.end, isEscaped: string.isEscaped)
  }

  @inline(__always)
  private mutating func colon(_ byte: UInt8, from start: Int) throws(JSONFault) -> JSONToken {
    guard byte == UInt8(ascii: ":") else { throw .unexpected(byte, at: start, due: due) }
    due = .value
    return JSONToken(.colon, start, start + 1)
  }

  @inline(__always)
  private mutating func separator(_ byte: UInt8, from start: Int) throws(JSONFault) -> JSONToken {
    switch (byte, due) {
    case (UInt8(ascii: ","), .commaOrBrace): due = .key
    case (UInt8(ascii: ","), _): due = .value
    case (UInt8(ascii: "}"), .commaOrBrace): return close(.endObject, from: start)
    case (UInt8(ascii: "]"), .commaOrBracket): return close(.endArray, from: start)
    default: throw .unexpected(byte, at: start, due: due)
    }
    return JSONToken(.comma, start, start + 1)
  }

  @inline(__always)
  private mutating func open(_ kind: JSONToken.Kind, from start: Int) throws(JSONFault) -> JSONToken {
    guard nesting.depth < maximumDepth else { throw .tooDeep(limit: maximumDepth, at: start) }
    let isObject = kind == .beginObject
    nesting.open(object: isObject)
    due = isObject ? .keyOrBrace : .valueOrBracket
    return JSONToken(kind, start, start + 1)
  }

  @inline(__always)
  private mutating func close(_ kind: JSONToken.Kind, from start: Int) -> JSONToken {
    nesting.close()
    afterValue()
    return JSONToken(kind, start, start + 1)
  }

  @inline(__always)
  private mutating func afterValue() {
    due = nesting.depth == 0 ? .end : nesting.isInObject ? .commaOrBrace : .commaOrBracket
  }

  private func faultAtEnd(of size: Int) -> JSONFault {
    offset == 0 ? .empty(size: size) : .cutOff(at: size, due: due)
  }
}

/// Which containers are open, one bit each, so that depth costs neither stack nor, up to 64, the heap.
struct JSONNesting: Sendable {
  private(set) var depth = 0
  /// The innermost containers, the last opened in bit 0; a set bit is an object.
  private var innermost: UInt64 = 0
  private var outer: [UInt64] = []

  /// Whether the innermost open container is an object rather than an array.
  var isInObject: Bool { innermost & 1 == 1 }

  mutating func open(object: Bool) {
    if depth & 63 == 0, depth > 0 {
      outer.append(innermost)
      innermost = 0
    }
    innermost = innermost << 1 | (object ? 1 : 0)
    depth += 1
  }

  mutating func close() {
    innermost >>= 1
    depth -= 1
    if depth & 63 == 0, depth > 0 {
      innermost = outer.popLast() ?? 0
    }
  }
}
