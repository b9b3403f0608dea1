import NIOCore
import NIOSSL

/// The handlers of one connection, put together by hand.
///
/// NIO's own set for HTTP makes a `String` of every field, which a head would have to be mended from: the connection
/// reads the bytes themselves, and gives the answers in order.
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
    try channel.pipeline.syncOperations.addHandler(connection)
  }

  /// `127.0.0.1:51234`, `[::1]:51234`, or nothing where the peer is gone already.
  static func name(_ address: SocketAddress?) -> String {
    guard let address, let host = address.ipAddress, let port = address.port else { return "" }
    return host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
