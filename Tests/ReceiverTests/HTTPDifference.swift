import JSON
import NIOCore
import NIOEmbedded
import NIOHTTP1
import TestSupport
import Webhooks

@testable import Receiver

/// Two readers of the same connection, the receiver's own and NIO's, and whether they agree.
///
/// They may differ in one direction only: what the receiver takes, NIO's reader takes just so; what NIO's takes and the
/// receiver does not is on the list of what is refused on purpose.
enum HTTPDifference {
  /// A request, read to its end.
  struct Message: Equatable {
    var method: String
    var target: [UInt8]
    var minorVersion: Int
    var fields: [[UInt8]]
    var body: [UInt8] = []
  }

  /// How the reading of a connection ends.
  enum End: Equatable {
    /// With the last request, or in the middle of one.
    case whole, partial
    /// The request before was the last one.
    case closed
    case refused(String)
  }

  struct Reading: Equatable {
    var messages: [Message] = []
    var end = End.whole
  }

  /// What the receiver refuses or reads no further though NIO's reader does not, and why.
  static let onPurpose = [
    "Host": "whom a request is for must be clear",
    "the only supported Transfer-Encoding":
      "another coding can't be taken off, so the signed bytes are not known",
    "HTTP/1.0 does not allow": "a reader of HTTP/1.0 would not know where the body ends",
    "Content-Length must be": "no body has 2^63 bytes",
    "a chunk does not start": "no chunk has 2^62 bytes",
    "the request line is malformed": "RTSP is not HTTP",
    "the request has both": "NIO's reader passes over an empty Transfer-Encoding",
    "a trailer names": "NIO's reader passes over an empty one",
    "the request header is larger": "white space around fields counts as well",
  ]

  /// Compares the two for the same bytes in the same pieces.
  static func check(_ pieces: [ArraySlice<UInt8>], _ round: inout Fuzz.Round) throws {
    var reader = OwnReader()
    for piece in pieces { reader.read(Array(piece)) }
    let own = reader.reading
    let other = NIOReader.reading(of: pieces)
    let count = own.messages.count
    try round.expect(
      own.messages == Array(other.messages.prefix(count)), "read \(own), and NIO \(other)")
    switch own.end {
    case .closed: round.count("closed")
    case .refused(let sentence):
      if case .refused = other.end, other.messages.count == count { return round.count("refused") }
      // What HTTP/0.9 may be, or HTTP/2, NIO's reader reads to the end of a head before it refuses.
      let ended = NIOReader.reading(of: pieces + [lineEnds])
      if case .refused = ended.end, ended.messages.count == count { return round.count("refused earlier") }
      // NIO's reader takes it between quotes, where HTTP allows no control.
      if sentence.contains("a chunk is not framed"), round.input.contains(0x7F) {
        return round.count("on purpose: DEL")
      }
      let reason = onPurpose.keys.first { sentence.contains($0) }
      try round.expect(reason != nil, "refused for \(sentence), and NIO reads \(other)")
      round.count("on purpose: \(reason ?? "")")
    case .whole, .partial:
      if case .refused = other.end, own.end == .partial, other.messages.count == count {
        // NIO's reader looks at each byte of a line, the receiver's at each line, and at the framing where the head ends.
        reader.read(Array(lineEnds))
        try round.expect(reader.isRefused, "takes what NIO refuses: \(other)")
        return round.count("refused later")
      }
      try round.expect(own == other, "read \(own), and NIO \(other)")
      round.count(own.end == .whole ? "whole" : "partial")
    }
  }

  private static let lineEnds = Array("\r\n\r\n".utf8)[...]
}

/// The receiver's reader, and what its connection heeds of a head.
private struct OwnReader {
  private(set) var reading = HTTPDifference.Reading()
  private var reader = RequestReader(RequestReader.Limits())
  private var message: HTTPDifference.Message?
  private var closes = false
  private var isOver = false

  var isRefused: Bool { if case .refused = reading.end { true } else { false } }

  mutating func read(_ bytes: [UInt8]) {
    var position = 0
    do {
      while !isOver, let event = try reader.next(in: bytes.span, from: &position) { take(event, bytes) }
    } catch {
      switch error {
      case .malformed(let sentence): end(.refused(sentence))
      case .tooLarge: end(.refused("the request header is larger"))
      }
    }
    if !isOver { reading.end = reader.isBetween ? .whole : .partial }
  }

  private mutating func take(_ event: RequestReader.Event, _ bytes: [UInt8]) {
    switch event {
    case .head(let head):
      if let fault = head.fault { return end(.refused(fault)) }
      if head.method == "CONNECT" { return end(.closed) }
      closes = Persistence(head) == .close
      message = HTTPDifference.Message(
        method: head.method, target: Array(head.target), minorVersion: head.minorVersion,
        fields: head.headers.flatMap { [repaired($0.name), repaired($0.value)] })
    case .body(let range): message?.body += bytes[range]
    case .end(let isLast):
      if let message { reading.messages.append(message) }
      message = nil
      if closes || isLast { end(.closed) }
    }
  }

  private mutating func end(_ end: HTTPDifference.End) {
    reading.end = end
    isOver = true
  }

  /// As NIO's reader has it.
  private func repaired(_ text: ByteString) -> [UInt8] { Array(text.text.utf8) }
}

/// NIO's reader, in a channel without a socket.
private final class NIOReader: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart

  private var reading = HTTPDifference.Reading()
  private var message: HTTPDifference.Message?

  static func reading(of pieces: [ArraySlice<UInt8>]) -> HTTPDifference.Reading {
    let reader = NIOReader()
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = RequestReader.Limits().field
    limits.maxHeaderListSize = RequestReader.Limits().block
    limits.maxHeaderFieldCount = RequestReader.Limits().fields
    let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
    let channel = EmbeddedChannel(handlers: [ByteToMessageHandler(decoder), reader])
    for piece in pieces where reader.reading.end == .whole {
      channel.pipeline.fireChannelRead(ByteBuffer(bytes: piece))
    }
    channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    _ = try? channel.finish(acceptAlreadyClosed: true)
    return reader.reading
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      message = HTTPDifference.Message(
        method: head.method.rawValue, target: Array(head.uri.utf8), minorVersion: head.version.minor,
        fields: head.headers.flatMap { [Array($0.name.utf8), Self.trimmed($0.value)] })
    case .body(let bytes): message?.body += bytes.readableBytesView
    case .end:
      if let message { reading.messages.append(message) }
      message = nil
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard reading.end == .whole else { return }
    let isPartial = error as? HTTPParserError == .invalidEOFState
    reading.end = isPartial ? .partial : .refused("\(error)")
  }

  /// NIO's reader leaves the white space behind a value.
  private static func trimmed(_ value: String) -> [UInt8] { Array(ByteString(value).trimmingSpaces) }
}
