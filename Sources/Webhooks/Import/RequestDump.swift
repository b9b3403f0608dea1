internal import JSON

/// Reads requests as they go over the wire: a request line, header fields, an empty line, the body; several of them where
/// lines that begin with `###` divide them, as in `.http` files.
enum RequestDump {
  private static let divider = Array("###".utf8)
  private static let methods = ["POST", "PUT", "PATCH", "GET", "DELETE", "HEAD", "OPTIONS"].map {
    Array($0.utf8)
  }

  static func isDump(_ start: ArraySlice<UInt8>) -> Bool {
    if start.starts(with: divider) { return true }
    let line = start.prefix { $0 != UInt8(ascii: "\n") }.trimmedEnd { $0 == UInt8(ascii: "\r") }
    let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    return words.count == 3 && methods.contains { $0[...] == words[0] }
      && words[2].starts(with: "HTTP/".utf8)
  }

  static func requests(
    in bytes: [UInt8], _ file: (String) -> [UInt8]?
  ) throws(SavedFault) -> [SavedRequest] {
    guard bytes.trimmedStart.starts(with: divider) else {
      var lines = SavedLines(bytes)
      var request = try head(&lines, isBlock: false)
      request.body = body(Array(lines.bytes[lines.at...]), of: request)
      return [SavedRequest(request: request)]
    }
    var lines = SavedLines(bytes)
    var requests: [SavedRequest] = []
    while let block = try block(&lines, file) { requests.append(block) }
    guard !requests.isEmpty else { throw SavedFault(.file, .none) }
    return requests
  }

  /// The next block of a `.http` file; nil behind the last one.
  private static func block(
    _ lines: inout SavedLines, _ file: (String) -> [UInt8]?
  ) throws(SavedFault) -> SavedRequest? {
    while let line = lines.next, isAside(line) { lines.take() }
    guard lines.next != nil else { return nil }
    var request = try head(&lines, isBlock: true)
    let (start, number) = (lines.at, lines.number)
    while let line = lines.next, !line.starts(with: divider) { lines.take() }
    let text = lines.bytes[start..<lines.at].trimmedEnd { $0 == 0x0A || $0 == 0x0D }
    if text.starts(with: "< ".utf8), !text.contains(0x0A) {
      let name = String(decoding: text.dropFirst(2), as: UTF8.self)
      guard let content = file(name) else { throw SavedFault(.line(number), .file(name)) }
      request.body = content
    } else {
      request.body = Array(text)
    }
    return SavedRequest(request: request)
  }

  /// Whether a line stands before a request and is no part of it.
  private static func isAside(_ line: ArraySlice<UInt8>) -> Bool {
    line.isEmpty || line.first == UInt8(ascii: "#") || line.starts(with: "//".utf8)
  }

  /// Reads up to the empty line behind the header fields.
  private static func head(_ lines: inout SavedLines, isBlock: Bool) throws(SavedFault) -> Request {
    while let line = lines.next, line.isEmpty { lines.take() }
    var request = try requestLine(lines)
    lines.take()
    while let line = lines.next, !line.isEmpty, !(isBlock && line.starts(with: divider)) {
      let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.startIndex
      let (name, value) = (
        ByteString(line[..<colon]), ByteString(line[colon...].dropFirst().trimmingSpaces)
      )
      guard HTTPText.isToken(name), HTTPText.isFieldValue(value) else {
        throw SavedFault(.line(lines.number), .header)
      }
      guard request.headers.count < SessionFields.maximumHeaders else {
        throw SavedFault(.line(lines.number), .tooManyHeaders(limit: SessionFields.maximumHeaders))
      }
      request.headers.append(name, value)
      lines.take()
    }
    if lines.next?.isEmpty == true { lines.take() }
    return request
  }

  private static func requestLine(_ lines: SavedLines) throws(SavedFault) -> Request {
    let words = (lines.next ?? []).split(separator: UInt8(ascii: " "))
    guard (2...3).contains(words.count), HTTPText.isToken(ByteString(words[0])),
      HTTPText.isTarget(ByteString(words[1])),
      words.count == 2 || words[2].starts(with: "HTTP/".utf8)
    else { throw SavedFault(.line(lines.number), .requestLine) }
    return Request(
      method: String(decoding: words[0], as: UTF8.self), target: SavedURL(words[1]).target,
      version: words.last?.elementsEqual("HTTP/1.0".utf8) == true ? .http10 : .http11, headers: [],
      body: [])
  }

  /// The body of a request whose rest this is.
  private static func body(_ rest: [UInt8], of request: Request) -> [UInt8] {
    if request.headers.first("Transfer-Encoding")?.equalsIgnoringASCIICase("chunked") == true,
      let body = ChunkedBody.decoded(rest)
    {
      return body
    }
    // An editor or a pipe adds a line end; any other surplus is somebody's doing, and looked into.
    guard let length = request.headers.first("Content-Length").flatMap({ Int($0.text) }),
      length >= 0,
      length < rest.count, rest[length...].allSatisfy({ $0 == 0x0A || $0 == 0x0D })
    else { return rest }
    return Array(rest[..<length])
  }
}

/// Reads a body in chunks (RFC 9112, section 7.1).
enum ChunkedBody {
  /// Returns nil unless the text is exactly such a body, with or without a line end behind it.
  static func decoded(_ text: [UInt8]) -> [UInt8]? {
    var body: [UInt8] = []
    var lines = SavedLines(text)
    while let line = lines.next {
      let digits = line.prefix { $0 != UInt8(ascii: ";") }.trimmingSpaces
      guard (1...8).contains(digits.count), digits.allSatisfy({ $0.hexDigit != nil }),
        let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
      else { return nil }
      lines.take()
      guard size > 0 else {
        return lines.bytes[lines.at...].allSatisfy { $0 == 0x0A || $0 == 0x0D } ? body : nil
      }
      guard lines.at + size <= text.count else { return nil }
      body += text[lines.at..<lines.at + size]
      lines.skip(size)
      guard lines.next?.isEmpty == true else { return nil }
      lines.take()
    }
    return nil
  }
}

/// The target in a URL, or a target as it stands.
struct SavedURL {
  let target: ByteString

  init(_ text: ArraySlice<UInt8>) {
    let schemes = ["http://", "https://"]
    guard let scheme = schemes.first(where: { text.starts(with: $0.utf8) }) else {
      target = ByteString(text)
      return
    }
    let rest = text.dropFirst(scheme.utf8.count).prefix { $0 != UInt8(ascii: "#") }
    let path = rest[(rest.firstIndex { "/?".utf8.contains($0) } ?? rest.endIndex)...]
    target =
      path.first == UInt8(ascii: "/") ? ByteString(path) : ByteString([UInt8(ascii: "/")] + path)
  }
}
