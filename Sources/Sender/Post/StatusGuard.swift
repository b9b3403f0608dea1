internal import NIOCore
internal import NIOHTTP1

/// Keeps responses whose status is under 100 from the HTTP client, which traps at the end of one.
///
/// The decoder takes any three digits as a status. The client ignores a head under 200 as an interim one, and then
/// has a precondition that a final head came before the end; only from 100 to 199 does the decoder hold that end back.
final class StatusGuard: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias InboundOut = HTTPClientResponsePart

  private var hasFailed = false

  /// Adds a guard to a connection of the client, between its decoder and its state machine.
  @Sendable static func install(on channel: any Channel) -> EventLoopFuture<Void> {
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
      try pipeline.addHandler(StatusGuard(), position: .after(decoder))
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !hasFailed else { return }
    guard case .head(let head) = unwrapInboundIn(data), head.status.code < 100 else {
      return context.fireChannelRead(data)
    }
    hasFailed = true
    context.fireErrorCaught(HTTPParserError.invalidStatus)
  }
}
