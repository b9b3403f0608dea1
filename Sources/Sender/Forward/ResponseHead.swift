internal import JSON
internal import Webhooks

/// The head of a response as it is read, line by line: what it says, and how the body behind it ends.
struct ResponseHead {
  /// How a response can't be read on.
  enum Fault: Error { case notHTTP, tooLarge }

  /// Where the body of a response ends (RFC 9112, 6.3).
  enum Framing: Equatable {
    case none
    case length(Int)
    case chunks
    /// With the connection.
    case untilEnd
  }

  /// How many fields are read.
  private static let fieldLimit = 256

  /// 0 before the status line.
  private(set) var status = 0
  private(set) var headers = Headers()
  private var length: Int?
  /// Whether a transfer coding is named, and whether the last one is chunked.
  private var isCoded = false
  private var isChunked = false
  private var keepsAlive = false

  /// Whether another head follows this one: a switch of protocols is the last thing that is said in this one.
  var isInterim: Bool { status < 200 && status != 101 }

  /// Reads the next line, without its end.
  /// - Returns: whether it ends the head.
  mutating func read(_ line: Span<UInt8>) throws(Fault) -> Bool {
    guard !line.isEmpty else { return status > 0 }
    if status == 0 { try readStatus(line) } else { try readField(line) }
    return false
  }

  /// Whether the bytes can be the beginning of a status line, or of an empty one before it.
  static func mayBegin(with bytes: [UInt8]) -> Bool {
    bytes == [UInt8(ascii: "\r")] || zip(bytes, "HTTP/1.".utf8).allSatisfy { $0 == $1 }
  }

  /// What ends the body, and whether the connection can be used again behind it.
  /// - Parameter method: that of the request.
  func framing(for method: String) -> (Framing, keepsAlive: Bool) {
    if status == 101 || method == "CONNECT" && status.isAcceptedStatus { return (.none, false) }
    if status == 204 || status == 304 || method == "HEAD" { return (.none, keepsAlive) }
    if isChunked { return (.chunks, keepsAlive) }
    if let length { return (.length(length), keepsAlive) }
    return (.untilEnd, false)
  }
}

extension ResponseHead {
  private mutating func readStatus(_ line: Span<UInt8>) throws(Fault) {
    guard line.count >= 12,
      line.extracting(..<7).withUnsafeBufferPointer({ $0.elementsEqual("HTTP/1.".utf8) }),
      line[7] == UInt8(ascii: "0") || line[7] == UInt8(ascii: "1"), line[8] == UInt8(ascii: " "),
      let code = HTTPText.number(line.extracting(9..<12)), code >= 100,
      line.count == 12 || line[12] == UInt8(ascii: " "), HTTPText.isFieldValue(line.extracting(12...))
    else { throw .notHTTP }
    // Enough for what most apps say.
    headers.reserve(bytes: 512, fields: 16)
    status = code
    keepsAlive = line[7] == UInt8(ascii: "1")
  }

  private mutating func readField(_ line: Span<UInt8>) throws(Fault) {
    guard let (name, value) = HTTPText.field(in: line) else { throw .notHTTP }
    guard headers.count < Self.fieldLimit else { throw .tooLarge }
    headers.append(line, name: name.upperBound, value: value)
    try heed(line.extracting(name), line.extracting(value))
  }

  /// Notes what a field says of the body and the connection.
  private mutating func heed(_ name: Span<UInt8>, _ value: Span<UInt8>) throws(Fault) {
    if HTTPText.isName(name, "Content-Length") {
      // Repeated it would be heeded by some, and by others not.
      guard length == nil, !isCoded, let size = HTTPText.number(value) else { throw .notHTTP }
      length = size
    } else if HTTPText.isName(name, "Transfer-Encoding") {
      guard length == nil else { throw .notHTTP }
      isCoded = true
      HTTPText.forEachOption(in: value) { option, _ in isChunked = HTTPText.isName(option, "chunked") }
    } else if HTTPText.isName(name, "Connection") {
      var closes = false
      HTTPText.forEachOption(in: value) { option, _ in
        if HTTPText.isName(option, "keep-alive") { keepsAlive = true }
        if HTTPText.isName(option, "close") { closes = true }
      }
      if closes { keepsAlive = false }
    }
  }
}
