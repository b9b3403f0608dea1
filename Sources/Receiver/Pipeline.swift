import JSON
import NIOCore
import NIOHTTP1
import NIOSSL
import Webhooks

/// The handlers of one connection, put together by hand.
///
/// NIO's own set adds an encoder, an error answerer and a queue for pipelined requests; answers here
/// are bytes already, and the connection itself gives them in order.
struct Pipeline: Sendable {
  let server: Connection.Surroundings
  /// What connections are encrypted with; nil if they are plain.
  var tls: NIOSSLContext?

  func addHandlers(to channel: any Channel) throws {
    let peer = Self.name(channel.remoteAddress)
    guard let tls else { return try addRequestHandlers(to: channel, peer: peer) }
    try channel.pipeline.syncOperations.addHandler(HandshakeGate(before: self, context: tls, peer: peer))
  }

  /// Adds what reads requests and answers them; the time for the first one's header begins now.
  func addRequestHandlers(to channel: any Channel, peer: String) throws {
    let connection = Connection(server, peer: peer, now: channel.eventLoop.now)
    let decoder = HTTPRequestDecoder(
      leftOverBytesStrategy: .dropBytes, limitConfiguration: decoderLimits)
    try channel.pipeline.syncOperations.addHandlers(
      connection, ByteToMessageHandler(decoder), RequestParts(of: connection))
  }

  private var decoderLimits: NIOHTTPDecoderLimitConfiguration {
    let limits = server.limits
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

/// Stands behind the parser, and gives the connection what it makes of the bytes.
final class RequestParts: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart

  private let connection: Connection

  init(of connection: Connection) {
    self.connection = connection
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    connection.take(unwrapInboundIn(data))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // The connection has seen all others, since it stands before the parser.
    if let error = error as? HTTPParserError { connection.take(error) }
  }
}

extension RequestHead {
  init(_ head: HTTPRequestHead) {
    var headers = Headers()
    headers.reserve(
      bytes: head.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count },
      fields: head.headers.count)
    for field in head.headers {
      // Whole texts are copied at once, parts of them byte by byte.
      if field.value.utf8.last?.isSpaceOrTab == true {
        headers.append(field.name.utf8, Self.withoutTrail(field.value))
      } else {
        headers.append(field.name.utf8, field.value.utf8)
      }
    }
    self.init(
      method: head.method.rawValue, target: Self.target(head.uri), minorVersion: head.version.minor,
      headers: headers, keepsAlive: head.isKeepAlive)
  }

  /// Most webhooks are posted to the root, whose text all of them share.
  private static let root = ByteString("/")

  private static func target(_ text: String) -> ByteString {
    text.utf8.count == 1 && text.utf8.first == UInt8(ascii: "/") ? root : ByteString(text)
  }

  // White space before and after a value does not belong to it; the parser leaves what comes after.
  private static func withoutTrail(_ value: String) -> Substring.UTF8View {
    var bytes = value.utf8[...]
    while let last = bytes.last, last.isSpaceOrTab { bytes.removeLast() }
    return bytes
  }
}

extension HTTPHeaders {
  /// Whether these trailers speak of the connection; the parser heeds them, and may stop.
  var concernConnection: Bool {
    contains(name: "Connection") || contains(name: "Proxy-Connection")
  }
}

extension HTTPParserError {
  /// What the parser found wrong, for the user.
  var sentence: String {
    switch self {
    case .headerOverflow: "the request header is larger than the limit"
    case .invalidMethod: "the method is not an HTTP method"
    case .invalidURL: "the request target contains a character that a URL can't have"
    case .invalidVersion: "the version is not HTTP/1.0 or HTTP/1.1"
    case .invalidConstant: "the request line is malformed"
    case .invalidHeaderToken: "a header field contains an invalid character, or is folded"
    case .lfExpected, .strictModeAssertion: "a line does not end with CR LF"
    case .invalidContentLength: "Content-Length must be a single number, without Transfer-Encoding"
    case .unexpectedContentLength: "Content-Length is repeated, or combined with Transfer-Encoding"
    case .invalidChunkSize: "a chunk does not start with its size"
    default: "the request is not well-formed HTTP"
    }
  }
}
