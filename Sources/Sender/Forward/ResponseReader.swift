internal import Webhooks

/// Reads the response to one request from what comes over a connection, however that is cut into pieces.
///
/// It does no input or output. What comes can be anything: of a head no more than its limit is held, of a body no more
/// than is kept.
struct ResponseReader {
  private enum Stage {
    case head
    case length(Int)
    case chunks(ChunkReader)
    case trailers
    case untilEnd
    case complete
  }

  /// How much of a body is kept, and how much is read at most, in bytes.
  struct Limits: Sendable {
    var kept = Exchange.Response.bodyLimit
    var read = Int.max
  }

  private let method: String
  private let limits: Limits
  private var stage = Stage.head
  private var head = ResponseHead()
  private var lines = HTTPLineReader(limit: Exchange.Response.headLimit)
  private var framing = (end: ResponseHead.Framing.untilEnd, keepsAlive: false)

  /// What has come; nil before the head is whole.
  private(set) var response: Exchange.Response?
  /// Whether more came than belongs to the response.
  private var hasExcess = false

  /// - Parameter method: that of the request.
  init(to method: String, limits: Limits = Limits()) {
    self.method = method
    self.limits = limits
  }

  var hasHead: Bool { if case .head = stage { false } else { true } }
  var isComplete: Bool { if case .complete = stage { true } else { false } }

  /// Whether the connection can be used again: it has given this response and nothing else.
  var keepsAlive: Bool { isComplete && framing.keepsAlive && !hasExcess }

  /// Reads what has come.
  mutating func read(_ bytes: Span<UInt8>) throws(ResponseHead.Fault) {
    var position = 0
    while position < bytes.count {
      switch stage {
      case .head, .trailers: try readLine(bytes, &position)
      case .length(let left):
        let piece = position..<position + min(left, bytes.count - position)
        try keep(bytes.extracting(piece))
        position = piece.upperBound
        stage = piece.count == left ? .complete : .length(left - piece.count)
      case .chunks(var chunks):
        if let piece = try Self.nextPiece(of: &chunks, bytes, &position) { try keep(bytes.extracting(piece)) }
        stage = chunks.isOver ? .trailers : .chunks(chunks)
      case .untilEnd:
        try keep(bytes.extracting(position...))
        position = bytes.count
      case .complete:
        hasExcess = true
        return
      }
    }
  }

  /// Takes the end of the connection, which completes what is as long as that.
  mutating func end() {
    if case .untilEnd = stage { stage = .complete }
  }

  private static func nextPiece(
    of chunks: inout ChunkReader, _ bytes: Span<UInt8>, _ position: inout Int
  ) throws(ResponseHead.Fault) -> Range<Int>? {
    do { return try chunks.next(in: bytes, from: &position) } catch { throw .notHTTP }
  }

  private mutating func keep(_ piece: Span<UInt8>) throws(ResponseHead.Fault) {
    let room = limits.kept - (response?.body.count ?? 0)
    piece.extracting(first: room).withUnsafeBufferPointer { response?.body.append(contentsOf: $0) }
    response?.bodySize += piece.count
    guard response?.bodySize ?? 0 <= limits.read else { throw .tooLarge }
  }
}

// MARK: The head and the trailers

extension ResponseReader {
  private mutating func readLine(_ bytes: Span<UInt8>, _ position: inout Int) throws(ResponseHead.Fault) {
    switch try nextLine(bytes, &position) {
    case .part(let range)?: try take(bytes.extracting(range))
    case .joined(let line)?: try take(line.span)
    case nil:
      // Nothing more comes, perhaps, after what can be told by its beginning.
      if head.status == 0, !ResponseHead.mayBegin(with: lines.held) { throw .notHTTP }
    }
  }

  private mutating func nextLine(
    _ bytes: Span<UInt8>, _ position: inout Int
  ) throws(ResponseHead.Fault) -> HTTPLineReader.Line? {
    do throws(HTTPLineReader.Fault) {
      return try lines.next(in: bytes, from: &position)
    } catch {
      throw error == .tooLarge ? .tooLarge : .notHTTP
    }
  }

  private mutating func take(_ line: Span<UInt8>) throws(ResponseHead.Fault) {
    if case .trailers = stage { return try takeTrailer(line) }
    guard try head.read(line) else { return }
    if head.isInterim {
      head = ResponseHead()
      lines.restart()
    } else {
      endHead()
    }
  }

  /// Nothing is kept of trailers.
  private mutating func takeTrailer(_ line: Span<UInt8>) throws(ResponseHead.Fault) {
    if line.isEmpty {
      stage = .complete
    } else {
      guard HTTPText.field(in: line) != nil else { throw .notHTTP }
    }
  }

  private mutating func endHead() {
    response = Exchange.Response(status: head.status, headers: head.headers)
    framing = head.framing(for: method)
    stage =
      switch framing.end {
      case .none, .length(0): .complete
      case .length(let length): .length(length)
      case .chunks: .chunks(ChunkReader(isLenient: true))
      case .untilEnd: .untilEnd
      }
  }
}
