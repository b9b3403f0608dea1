internal import JSON

/// A request as a text that a person can edit: comments, request line, header lines, an empty line and the body.
///
/// A body that is not UTF-8 is pairs of hexadecimal digits, which a comment says.
public enum EditableRequest {
  /// What a person has made of a request.
  public struct Edited: Sendable, Equatable {
    public var request: Request
    /// Whether one newline at the end, which was not there before, was taken for the editor's and left out.
    public var isNewlineLeftOut: Bool
  }

  /// The line that says how the body is written.
  private static let hexLine = "# body: hex"
  private static let hexColumns = 32
  private static let newline = [UInt8(ascii: "\n")]

  /// Returns the text of a request.
  public static func text(of request: Request) -> [UInt8] {
    // No editor can be relied upon to keep NUL.
    let isHex = !request.body.isUTF8 || request.body.contains(0)
    var text = Array(comment(isHex: isHex).utf8)
    text += Array("\(request.method) ".utf8)
    text += request.target
    text += Array(" HTTP/\(request.version.rawValue)\n".utf8)
    for field in request.headers {
      text += field.name
      text += Array(": ".utf8)
      text += field.value
      text += newline
    }
    text += newline
    guard isHex else { return text + request.body }
    for start in stride(from: 0, to: request.body.count, by: hexColumns) {
      let row = request.body[start..<min(start + hexColumns, request.body.count)]
      text += Array(row.map { Hex.text($0, width: 2) }.joined(separator: " ").utf8)
      text += newline
    }
    return text
  }

  private static func comment(isHex: Bool) -> String {
    let body =
      isHex
      ? """
      # The body is not UTF-8, so it is pairs of hexadecimal digits; blanks between them count for nothing.
      \(hexLine)

      """
      : """
      # The body begins after the empty line. A newline that your editor adds at its end is left out.

      """
    return """
      # Save and close to send this; quit with an error (:cq in vim), or change nothing, to send nothing.
      # Lines like this one, before the request line, are no part of it. Content-Length follows the body.

      """ + body
  }

  /// Returns the request that an edited text describes.
  /// - Parameter original: what the text was made of.
  /// - Throws: `EditFault`, where the text is no request.
  public static func read(_ text: [UInt8], original: Request) throws(EditFault) -> Edited {
    var lines = Lines(text)
    var isHex = false
    while let line = lines.next(), line.first == UInt8(ascii: "#") || line.isEmpty {
      isHex = isHex || line.elementsEqual(hexLine.utf8)
      lines.take()
    }
    var request = original
    try readRequestLine(&lines, &request)
    request.headers = try readHeaders(&lines, hasBody: !original.body.isEmpty)
    var edited = Edited(request: request, isNewlineLeftOut: false)
    if isHex {
      edited.request.body = try hexBody(&lines)
    } else {
      edited.request.body = Array(lines.rest)
      edited.leaveNewlineOut(original: original)
    }
    edited.request.setLength(original: original)
    return edited
  }

  private static func readRequestLine(_ lines: inout Lines, _ request: inout Request) throws(EditFault) {
    guard let line = lines.next() else { throw .noRequestLine(line: lines.number) }
    let parts = line.split(separator: UInt8(ascii: " "))
    guard (2...3).contains(parts.count), HTTPText.isToken(ByteString(parts[0])),
      HTTPText.isTarget(ByteString(parts[1]))
    else { throw .noRequestLine(line: lines.number) }
    if parts.count == 3 {
      let version = Request.Version.allCases.first { parts[2].elementsEqual("HTTP/\($0.rawValue)".utf8) }
      guard let version else { throw .noRequestLine(line: lines.number) }
      request.version = version
    }
    request.method = String(decoding: parts[0], as: UTF8.self)
    request.target = ByteString(parts[1])
    lines.take()
  }

  private static func readHeaders(_ lines: inout Lines, hasBody: Bool) throws(EditFault) -> Headers {
    var headers = Headers()
    while let line = lines.next() {
      guard !line.isEmpty else {
        lines.take()
        return headers
      }
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .noHeader(line: lines.number) }
      let field = Headers.Field(
        ByteString(line[..<colon]), ByteString(line[(colon + 1)...]).trimmingSpaces)
      guard HTTPText.isToken(field.name), HTTPText.isFieldValue(field.value) else {
        throw .noHeader(line: lines.number)
      }
      headers.append(field)
      lines.take()
    }
    // A body must not be lost with the empty line before it.
    guard !hasBody else { throw .noEmptyLine }
    return headers
  }

  private static func hexBody(_ lines: inout Lines) throws(EditFault) -> [UInt8] {
    var digits: [UInt8] = []
    while let line = lines.next() {
      let found = line.filter { !$0.isSpaceOrTab }
      guard found.allSatisfy({ $0.hexDigit != nil }) else { throw .badDigit(line: lines.number) }
      digits += found
      lines.take()
    }
    guard let body = Hex.decoded(digits) else { throw .oddDigits(count: digits.count) }
    return body
  }
}

/// Why an edited text is no request, and where; `line` counts from 1.
public enum EditFault: Error, Sendable, Equatable {
  case noRequestLine(line: Int)
  case noHeader(line: Int)
  case noEmptyLine
  case badDigit(line: Int)
  case oddDigits(count: Int)

  public var sentence: String {
    switch self {
    case .noRequestLine(let line): "line \(line): expected a request line such as POST /hook HTTP/1.1"
    case .noHeader(let line): "line \(line): expected a header such as Content-Type: application/json"
    case .noEmptyLine: "the empty line between headers and body is missing"
    case .badDigit(let line): "line \(line): expected pairs of hexadecimal digits"
    case .oddDigits(let count): "the body has \(count) hexadecimal digits: two make a byte, so one is missing"
    }
  }
}

/// The lines of a text, one after the other; a carriage return before a line's end is a part of that.
private struct Lines {
  private let text: [UInt8]
  private var start = 0
  /// The number of the line that is next.
  private(set) var number = 1

  init(_ text: [UInt8]) { self.text = text }

  /// What has not been taken.
  var rest: ArraySlice<UInt8> { text[start...] }

  private var end: Int { rest.firstIndex(of: UInt8(ascii: "\n")) ?? text.count }

  /// The next line without its end; nil behind the last one.
  func next() -> ArraySlice<UInt8>? {
    guard start < text.count else { return nil }
    let line = text[start..<end]
    return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
  }

  mutating func take() {
    start = min(end + 1, text.count)
    number += 1
  }
}

extension EditableRequest.Edited {
  /// Editors end the last line; where it did not end before, that is no part of the body.
  fileprivate mutating func leaveNewlineOut(original: Request) {
    let newline = UInt8(ascii: "\n")
    guard original.body.last != newline, request.body.last == newline else { return }
    request.body.removeLast()
    if request.body.last == UInt8(ascii: "\r"), original.body.last != UInt8(ascii: "\r") {
      request.body.removeLast()
    }
    isNewlineLeftOut = true
  }
}

extension Request {
  /// Lets the length follow the body, where it was given and is as it was.
  fileprivate mutating func setLength(original: Request) {
    let name = "Content-Length"
    guard body.count != original.body.count, headers.all(name) == original.headers.all(name) else { return }
    headers = Headers(
      headers.map {
        $0.name.equalsIgnoringASCIICase(name) ? Headers.Field($0.name, ByteString("\(body.count)")) : $0
      })
  }
}
