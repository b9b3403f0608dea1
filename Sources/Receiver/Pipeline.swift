import NIOCore
import NIOHTTP1

/// The handlers of one connection, put together by hand.
///
/// NIO's own set adds an encoder, an error answerer and a queue for pipelined requests; answers here
/// are bytes already, given once, and written before the next request is read.
struct Pipeline: Sendable {
  let limits: WebhookReceiver.Limits
  let maxBody: Int
  let intake: Intake
  let answers = AnswerBytes()

  func addHandlers(to channel: any Channel) throws {
    let delivery = DeliveryHandler(
      intake: intake, answers: answers, maxBody: maxBody, peer: Self.name(channel.remoteAddress))
    let gate = PhaseGate(limits: limits, intake: intake, delivery: delivery, now: channel.eventLoop.now)
    let decoder = HTTPRequestDecoder(
      leftOverBytesStrategy: .dropBytes, limitConfiguration: decoderLimits)
    try channel.pipeline.syncOperations.addHandlers(gate, ByteToMessageHandler(decoder), delivery)
  }

  private var decoderLimits: NIOHTTPDecoderLimitConfiguration {
    var configuration = NIOHTTPDecoderLimitConfiguration()
    configuration.maxHeaderFieldSize = limits.headerField
    configuration.maxHeaderListSize = limits.headerBlock
    configuration.maxHeaderFieldCount = limits.headerFields
    return configuration
  }

  /// `127.0.0.1:51234`, `[::1]:51234`, or nothing where the peer is gone already.
  static func name(_ address: SocketAddress?) -> String {
    guard let address, let host = address.ipAddress, let port = address.port else { return "" }
    return host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
