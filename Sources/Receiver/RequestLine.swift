import JSON
import Webhooks

/// The first line of a request: method, target and version.
struct RequestLine {
  private(set) var method = "POST"
  private(set) var target = Self.root
  /// The 1 of `HTTP/1.1`.
  private(set) var minorVersion = 1

  init() {}

  /// - Parameter line: without its end.
  init(_ line: Span<UInt8>) throws(RequestReader.Fault) {
    guard let methodEnd = line.firstSpace(from: 0) else { throw .malformed("the request line is malformed") }
    method = try Self.method(line.extracting(..<methodEnd))
    let start = line.firstNonSpace(from: methodEnd)
    guard let end = line.firstSpace(from: start) else { throw .malformed("the request line is malformed") }
    target = try Self.target(line.extracting(start..<end), isAuthority: method == "CONNECT")
    minorVersion = try Self.minorVersion(line.extracting(line.firstNonSpace(from: end)...))
  }

  /// Most webhooks are posted to the root, whose text all of them share.
  private static let root = ByteString("/")

  private static let methods = [
    "POST", "GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE", "QUERY", "COPY", "LOCK",
    "MKCOL",
    "MOVE", "PROPFIND", "PROPPATCH", "SEARCH", "UNLOCK", "BIND", "REBIND", "UNBIND", "ACL", "REPORT",
    "MKACTIVITY",
    "CHECKOUT", "MERGE", "M-SEARCH", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "PURGE", "MKCALENDAR", "LINK",
    "UNLINK",
    "SOURCE",
  ]

  private static func method(_ name: Span<UInt8>) throws(RequestReader.Fault) -> String {
    for method in methods where name.equals(method) { return method }
    throw .malformed("the method is not an HTTP method")
  }

  /// A path, `*`, or a URL; for a CONNECT a host and a port.
  private static func target(_ text: Span<UInt8>, isAuthority: Bool) throws(RequestReader.Fault) -> ByteString
  {
    if text.count == 1, text[0] == UInt8(ascii: "/"), !isAuthority { return root }
    guard isAuthority ? isServer(text, from: 0) : isURL(text) else {
      throw .malformed("the request target contains a character that a URL can't have")
    }
    return text.withUnsafeBufferPointer { ByteString(Array($0)) }
  }

  private static func isURL(_ text: Span<UInt8>) -> Bool {
    guard let first = text.isEmpty ? nil : text[0] else { return false }
    if first == UInt8(ascii: "/") || first == UInt8(ascii: "*") { return isVisible(text, from: 1) }
    var end = 0
    while end < text.count, text[end].isASCIILetter { end += 1 }
    guard end > 0, text.count >= end + 3, text.extracting(end..<end + 3).equals("://") else { return false }
    return isServer(text, from: end + 3)
  }

  /// Whether a host stands there, and behind it what may.
  private static func isServer(_ text: Span<UInt8>, from start: Int) -> Bool {
    var (at, isBehindAt) = (start, false)
    while at < text.count {
      switch text[at] {
      case UInt8(ascii: "/"), UInt8(ascii: "?"): return isVisible(text, from: at)
      case UInt8(ascii: "@"):
        guard !isBehindAt else { return false }
        isBehindAt = true
      case let byte where byte.isASCIILetter || byte.isASCIIDigit || serverSigns.contains(byte):
        isBehindAt = false
      default: return false
      }
      at += 1
    }
    return true
  }

  private static let serverSigns = Array("-_.!~*'()%;:&=+$,[]".utf8)

  private static func isVisible(_ text: Span<UInt8>, from start: Int) -> Bool {
    for index in start..<text.count where text[index] < 0x21 || text[index] > 0x7E { return false }
    return true
  }

  private static func minorVersion(_ text: Span<UInt8>) throws(RequestReader.Fault) -> Int {
    if text.equals("HTTP/1.1") { return 1 }
    if text.equals("HTTP/1.0") { return 0 }
    let isHTTP = text.count >= 5 && text.extracting(..<5).equals("HTTP/")
    throw .malformed(
      isHTTP ? "the version is not HTTP/1.0 or HTTP/1.1" : "the request line is malformed")
  }
}

extension Span<UInt8> {
  fileprivate func equals(_ text: String) -> Bool {
    let text = text.utf8.span
    guard count == text.count else { return false }
    for index in indices where self[index] != text[index] { return false }
    return true
  }

  fileprivate func firstSpace(from start: Int) -> Int? {
    for index in start..<count where self[index] == UInt8(ascii: " ") { return index }
    return nil
  }

  fileprivate func firstNonSpace(from start: Int) -> Int {
    var index = start
    while index < count, self[index] == UInt8(ascii: " ") { index += 1 }
    return index
  }
}
