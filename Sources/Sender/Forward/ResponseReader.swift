internal import Glibc
internal import JSON
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
    case untilEnd
    case complete
  }

  private let method: String
  private var stage = Stage.head
  private var head = ResponseHead()
  /// The beginning of a line whose end has not come.
  private var line: [UInt8] = []
  /// What has come of the head, in bytes.
  private var headSize = 0
  private var framing = (end: ResponseHead.Framing.untilEnd, keepsAlive: false)

  /// What has come; nil before the head is whole.
  private(set) var response: Exchange.Response?
  /// Whether more came than belongs to the response.
  private var hasExcess = false

  /// - Parameter method: that of the request.
  init(to method: String) { self.method = method }

  var hasHead: Bool { if case .head = stage { false } else { true } }
  var isComplete: Bool { if case .complete = stage { true } else { false } }

  /// Whether the connection can be used again: it has given this response and nothing else.
  var keepsAlive: Bool { isComplete && framing.keepsAlive && !hasExcess }

  /// Reads what has come.
  mutating func read(_ bytes: Span<UInt8>) throws(ResponseHead.Fault) {
    var position = 0
    while position < bytes.count {
      switch stage {
      case .head: try readLine(bytes, &position)
      case .length(let left):
        let piece = position..<position + min(left, bytes.count - position)
        keep(bytes.extracting(piece))
        position = piece.upperBound
        stage = piece.count == left ? .complete : .length(left - piece.count)
      case .chunks(var chunks):
        if let piece = try chunks.next(in: bytes, from: &position) { keep(bytes.extracting(piece)) }
        stage = chunks.isComplete ? .complete : .chunks(chunks)
      case .untilEnd:
        keep(bytes.extracting(position...))
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

  private mutating func keep(_ piece: Span<UInt8>) {
    let room = Exchange.Response.bodyLimit - (response?.body.count ?? 0)
    piece.extracting(first: room).withUnsafeBufferPointer { response?.body.append(contentsOf: $0) }
    response?.bodySize += piece.count
  }
}

// MARK: The head

extension ResponseReader {
  private mutating func readLine(_ bytes: Span<UInt8>, _ position: inout Int) throws(ResponseHead.Fault) {
    let rest = bytes.extracting(position...)
    let end = rest.newline
    let piece = rest.extracting(..<(end ?? rest.count))
    headSize += piece.count + (end == nil ? 0 : 1)
    guard headSize <= Exchange.Response.headLimit else { throw .tooLarge }
    position += piece.count + (end == nil ? 0 : 1)
    if end != nil, line.isEmpty { return try take(piece) }
    piece.withUnsafeBufferPointer { line.append(contentsOf: $0) }
    guard end != nil else {
      // Nothing more comes, perhaps, after what can be told by its beginning.
      if head.status == 0, !ResponseHead.mayBegin(with: line) { throw .notHTTP }
      return
    }
    let whole = line
    line = []
    try take(whole.span)
  }

  /// Takes a line, but for its newline.
  private mutating func take(_ line: Span<UInt8>) throws(ResponseHead.Fault) {
    guard line.count > 0, line[line.count - 1] == UInt8(ascii: "\r") else { throw .notHTTP }
    guard try head.read(line.extracting(droppingLast: 1)) else { return }
    if head.isInterim {
      head = ResponseHead()
      headSize = 0
    } else {
      endHead()
    }
  }

  private mutating func endHead() {
    response = Exchange.Response(status: head.status, headers: head.headers)
    framing = head.framing(for: method)
    stage =
      switch framing.end {
      case .none, .length(0): .complete
      case .length(let length): .length(length)
      case .chunks: .chunks(ChunkReader())
      case .untilEnd: .untilEnd
      }
  }
}

extension Span<UInt8> {
  /// The index of the first newline.
  fileprivate var newline: Int? {
    withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress,
        let found = memchr(base, CInt(UInt8(ascii: "\n")), bytes.count)
      else { return nil }
      return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
  }
}
