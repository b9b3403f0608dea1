import NIOCore
import NIOEmbedded
import TestSupport
import Webhooks

@testable import Receiver

/// What came of a connection.
struct HTTPRun: Equatable {
  var deliveries: [Request]
  /// The statuses that incidents were answered with.
  var refusals: [Int]
  /// All heads that were written, interim ones too, without the empty line at their end.
  var answers: [String]
  var hasWrittenAfterClosing: Bool
}

/// A connection to the real pipeline that, as a socket does, goes on receiving once its output is closed.
final class HTTPConnection {
  private let ring = Journal()
  private let bodies = BodyBudget(limit: HTTPServer.Limits().bodiesInFlight)
  private let channel: EmbeddedChannel
  private let output = HalfClosing()
  private var text = ""

  init(maxBody: Int) throws {
    channel = try Samples.channel(
      Samples.intake(ring), maxBody: maxBody, bodies: bodies, outermost: [output])
  }

  var isOpen: Bool { channel.isActive }

  func feed(_ chunks: [ArraySlice<UInt8>]) throws {
    for chunk in chunks where channel.isActive { try channel.receive(Array(chunk)) }
  }

  /// Lets time go by, and with it the deadlines that fall into it.
  func pass(_ time: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: time) }

  var run: HTTPRun {
    text += (try? channel.written()) ?? ""
    let batch = ring.everything
    return HTTPRun(
      deliveries: batch.deliveries.map(\.request), refusals: batch.incidents.compactMap(\.status),
      answers: text.split(separator: "\r\n\r\n").map(String.init),
      hasWrittenAfterClosing: output.hasWrittenAfterClosing)
  }

  /// Ends the connection after bytes that no request can hold, and more than any part of one may have.
  func expectBounded(after round: Fuzz.Round) throws {
    if round.number.isMultiple(of: 64) {
      let kept = ring.counts.received
      let piece = [UInt8](repeating: UInt8(ascii: "A"), count: 16 << 10)
      for _ in 0..<10 where channel.isActive { try channel.receive(piece) }
      let isOver = !channel.isActive || output.isClosed
      try round.expect(isOver, "160 KiB of A are taken without an end")
      try round.expect(ring.counts.received <= kept + 1, "letters became deliveries")
    }
    channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    _ = try? channel.finish(acceptAlreadyClosed: true)
    let limit = HTTPServer.Limits().bodiesInFlight
    try round.expect(bodies.claim(limit), "bytes of a body are counted as on their way for ever")
    bodies.release(limit)
  }
}

/// Closes the output alone where it is told to, which the embedded channel can't.
private final class HalfClosing: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer

  private(set) var isClosed = false
  private(set) var hasWrittenAfterClosing = false

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if isClosed, unwrapOutboundIn(data).readableBytes > 0 { hasWrittenAfterClosing = true }
    context.write(data, promise: promise)
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode == .output else { return context.close(mode: mode, promise: promise) }
    isClosed = true
    promise?.succeed(())
  }
}
