/// One token of a JSON body: what it is and which bytes it covers, quotes included.
///
/// A token never holds text of its own, so that what is shown is what was sent: digits, escapes and all.
public struct JSONToken: Sendable, Equatable {
  /// What a token stands for in the grammar of RFC 8259.
  public enum Kind: UInt8, Sendable {
    case beginObject, endObject, beginArray, endArray
    case key, string, number, `true`, `false`, null
    case colon, comma
  }

  public let kind: Kind
  /// Whether a key or string holds a backslash; its bytes are its text where it does not.
  public let isEscaped: Bool
  /// Offset of the first byte.
  public let start: Int
  /// Offset after the last byte.
  public let end: Int

  init(_ kind: Kind, _ start: Int, _ end: Int, isEscaped: Bool = false) {
    self.kind = kind
    self.isEscaped = isEscaped
    self.start = start
    self.end = end
  }

  /// The bytes of the body that the token covers.
  public var range: Range<Int> { start..<end }

  /// Returns the bytes that a key or string stands for: without quotes, escapes resolved, as UTF-8.
  ///
  /// A surrogate without its partner becomes U+FFFD; invalid UTF-8 is passed on as it came. A token of
  /// another kind gives its own bytes. `bytes` must be the body that the token was read from.
  public func unescaped(in bytes: Span<UInt8>) -> [UInt8] {
    guard kind == .key || kind == .string else { return copy(range, of: bytes) }
    let inner = start + 1..<end - 1
    return isEscaped ? JSONStringReader.resolved(bytes.extracting(inner)) : copy(inner, of: bytes)
  }

  /// Calls `body` with the bytes that a key or string stands for, where they are unless something in them is escaped.
  ///
  /// `bytes` must be the body that the token was read from.
  @inlinable
  public func withContent<Result>(in bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Result) -> Result {
    guard isEscaped else { return body(bytes.extracting(start + 1..<end - 1)) }
    let content = unescaped(in: bytes)
    return body(content.span)
  }

  /// Returns the bytes that the token stands for, cut out of `body` where nothing in them is escaped.
  ///
  /// `body` must be the one that the token was read from.
  public func content(of body: [UInt8]) -> ByteString {
    if isEscaped { return ByteString(unescaped(in: body.span)) }
    let isQuoted = kind == .key || kind == .string
    return ByteString(body, in: isQuoted ? start + 1..<end - 1 : range)
  }

  /// Returns the text that the token stands for, invalid UTF-8 repaired with U+FFFD.
  ///
  /// `bytes` must be the body that the token was read from.
  public func text(in bytes: Span<UInt8>) -> String {
    if isEscaped { return String(decoding: unescaped(in: bytes), as: UTF8.self) }
    let isQuoted = kind == .key || kind == .string
    let shown = isQuoted ? start + 1..<end - 1 : range
    return bytes.extracting(shown).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }

  private func copy(_ range: Range<Int>, of bytes: Span<UInt8>) -> [UInt8] {
    bytes.extracting(range).withUnsafeBufferPointer { Array($0) }
  }
}
