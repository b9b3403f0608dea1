import JSON
import Webhooks

/// Reads the requests of one connection from what comes over it, however that is cut into pieces.
///
/// It does no input or output, and returns one event after the other. What comes can be anything: of a head no more is
/// held than its limit, of a body nothing. The fields that say where a body ends may contradict each other: whoever takes
/// a head must ask for its `fault`, and read nothing behind one.
struct RequestReader {
  /// How much a head may be.
  struct Limits {
    /// All lines of a request's head, and of its trailers, in bytes.
    var block = 64 << 10
    /// One field's line, in bytes.
    var field = 64 << 10
    /// The number of fields, trailers included.
    var fields = 200
  }

  enum Event {
    case head(RequestHead)
    /// A piece of the body, by where it stands in the bytes that are read.
    case body(Range<Int>)
    /// - Parameter isLast: whether a trailer speaks of the connection. That counts for nothing as a header field, but
    ///   who heeds it may read nothing more.
    case end(isLast: Bool)
  }

  /// Why a request can't be read on.
  enum Fault: Error, Equatable {
    /// With a sentence for the user.
    case malformed(String)
    case tooLarge
  }

  private enum Stage {
    /// Only blank lines have come since the request before.
    case between
    case requestLine, fields
    case length(Int)
    case chunks(ChunkReader)
    case trailers
    case complete
  }

  private let limits: Limits
  private var stage = Stage.between
  private var lines: HTTPLineReader
  private var line = RequestLine()
  private var headers = Headers()
  private var facts = HeadFacts()
  /// How many fields have come, trailers included.
  private var fields = 0
  private var isLast = false

  init(_ limits: Limits) {
    self.limits = limits
    lines = HTTPLineReader(limit: limits.block)
  }

  /// Whether no part of a request has come that is not whole.
  var isBetween: Bool { if case .between = stage { true } else { false } }

  /// Reads up to the next event, and moves the position behind what that was made of.
  /// - Returns: nil where more must come first; all bytes are read then.
  mutating func next(in bytes: Span<UInt8>, from position: inout Int) throws(Fault) -> Event? {
    while true {
      switch stage {
      case .between:
        guard skipBlankLines(bytes, &position) else { return nil }
        begin()
      case .requestLine:
        guard try readLine(bytes, &position) != nil else { return nil }
        reserve(for: bytes.extracting(position...))
        stage = .fields
      case .fields:
        guard let isEnd = try readLine(bytes, &position) else { return nil }
        if isEnd { return .head(endHead()) }
      case .length(let left):
        guard position < bytes.count else { return nil }
        let piece = position..<position + min(left, bytes.count - position)
        position = piece.upperBound
        stage = piece.count == left ? .complete : .length(left - piece.count)
        return .body(piece)
      case .chunks(var chunks):
        let piece = try nextPiece(of: &chunks, bytes, &position)
        stage = chunks.isOver ? .trailers : .chunks(chunks)
        if let piece { return .body(piece) }
        if !chunks.isOver { return nil }
      case .trailers:
        guard let isEnd = try readLine(bytes, &position) else { return nil }
        if isEnd { stage = .complete }
      case .complete:
        stage = .between
        return .end(isLast: isLast)
      }
    }
  }

  /// Passes over empty lines before a request (RFC 9112, 2.2); false where nothing else has come.
  private func skipBlankLines(_ bytes: Span<UInt8>, _ position: inout Int) -> Bool {
    while position < bytes.count {
      guard bytes[position] == UInt8(ascii: "\r") || bytes[position] == UInt8(ascii: "\n") else {
        return true
      }
      position += 1
    }
    return false
  }

  private mutating func begin() {
    stage = .requestLine
    lines.restart()
    fields = 0
    isLast = false
  }

  private mutating func endHead() -> RequestHead {
    let head = RequestHead(
      method: line.method, target: line.target, minorVersion: line.minorVersion, headers: headers,
      facts: facts)
    if facts.isChunked {
      stage = .chunks(ChunkReader())
    } else {
      stage = (facts.length ?? 0) > 0 ? .length(facts.length ?? 0) : .complete
    }
    headers = Headers()
    facts = HeadFacts()
    return head
  }

  private func nextPiece(
    of chunks: inout ChunkReader, _ bytes: Span<UInt8>, _ position: inout Int
  ) throws(Fault) -> Range<Int>? {
    do throws(ChunkReader.Fault) {
      return try chunks.next(in: bytes, from: &position)
    } catch {
      throw .malformed(
        error == .size ? "a chunk does not start with its size" : "a chunk is not framed as HTTP requires")
    }
  }
}

// MARK: Lines

extension RequestReader {
  /// Reads the next line.
  /// - Returns: whether it is empty, and so the last one; nil where it is not whole.
  private mutating func readLine(_ bytes: Span<UInt8>, _ position: inout Int) throws(Fault) -> Bool? {
    switch try nextLine(bytes, &position) {
    case nil: return nil
    case .part(let range)?: return try take(bytes.extracting(range))
    case .joined(let line)?: return try take(line.span)
    }
  }

  private mutating func nextLine(
    _ bytes: Span<UInt8>, _ position: inout Int
  ) throws(Fault) -> HTTPLineReader.Line? {
    do throws(HTTPLineReader.Fault) {
      return try lines.next(in: bytes, from: &position)
    } catch {
      throw error == .tooLarge ? .tooLarge : .malformed("a line does not end with CR LF")
    }
  }

  private mutating func take(_ line: Span<UInt8>) throws(Fault) -> Bool {
    if case .requestLine = stage {
      self.line = try RequestLine(line)
      return false
    }
    guard !line.isEmpty else { return true }
    guard line.count <= limits.field, fields < limits.fields else { throw .tooLarge }
    guard let (name, value) = HTTPText.field(in: line) else {
      throw .malformed("a header field contains an invalid character, or is folded")
    }
    fields += 1
    if case .fields = stage {
      headers.append(line, name: name.upperBound, value: value)
      facts.note(line.extracting(name), line.extracting(value.lowerBound...))
    } else {
      try heedTrailer(line.extracting(name))
    }
    return false
  }

  /// A trailer is no header field, whatever its name: it came after what the sender can have checked, or signed.
  private mutating func heedTrailer(_ name: Span<UInt8>) throws(Fault) {
    if HTTPText.isName(name, "content-length") || HTTPText.isName(name, "transfer-encoding") {
      throw .malformed("a trailer names the length or the coding of the body")
    }
    if HTTPText.isName(name, "connection") || HTTPText.isName(name, "proxy-connection") { isLast = true }
  }

  /// Makes just as much room as the fields take of which all has come: a kept delivery holds it for long.
  private mutating func reserve(for rest: Span<UInt8>) {
    var (fields, end) = (0, 0)
    while fields < limits.fields, let newline = rest.newline(from: end), newline > end + 1 {
      fields += 1
      end = newline + 1
    }
    headers.reserve(lines: end, fields: fields)
  }
}
