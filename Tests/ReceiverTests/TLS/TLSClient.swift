import NIOCore
import NIOEmbedded
import NIOSSL
import NIOTLS
import Testing

@testable import Receiver

/// A TLS client over a raw socket, so that a test decides about every byte: the engine has no socket of its own.
final class TLSClient {
  /// The handshake did not come to its end.
  struct NoHandshake: Error {}

  let socket: RawClient
  /// What was agreed on by ALPN.
  private(set) var agreed: String?
  private let engine: EmbeddedChannel
  private let watch = HandshakeWatch()

  /// Connects and shakes hands.
  /// - Parameters:
  ///   - certificate: in DER, the one that is trusted; any where it is nil.
  ///   - version: the only one that is spoken.
  convenience init(
    _ port: Int, trusting certificate: [UInt8]? = nil, offering protocols: [String] = [],
    version: TLSVersion? = nil
  ) throws {
    try self.init(port, Self.configuration(certificate, protocols, version))
    while !watch.isDone {
      guard let bytes = socket.receive() else { throw NoHandshake() }
      try take(bytes)
    }
    agreed = watch.agreed
  }

  /// Connects and sends the first bytes of a handshake only.
  static func begun(_ port: Int) throws -> TLSClient {
    try TLSClient(port, configuration(nil, [], nil))
  }

  private init(_ port: Int, _ configuration: TLSConfiguration) throws {
    socket = try RawClient(port)
    let handler = try NIOSSLClientHandler(
      context: NIOSSLContext(configuration: configuration), serverHostname: "localhost")
    engine = EmbeddedChannel(handlers: [handler, watch])
    try engine.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: port)).wait()
    try passOn()
  }

  // Closing it would wait for the receiver's goodbye, which may never come.
  deinit { engine.pipeline.fireChannelInactive() }

  private static func configuration(
    _ certificate: [UInt8]?, _ protocols: [String], _ version: TLSVersion?
  ) throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.applicationProtocols = protocols
    if let version {
      configuration.minimumTLSVersion = version
      configuration.maximumTLSVersion = version
    }
    if let certificate {
      configuration.trustRoots = .certificates([try NIOSSLCertificate(bytes: certificate, format: .der)])
    } else {
      configuration.certificateVerification = .none
    }
    return configuration
  }

  /// Sends `bytes` in one record.
  func send(_ bytes: [UInt8]) throws {
    engine.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    try passOn()
  }

  /// The record that `send` would send.
  func sealed(_ bytes: [UInt8]) throws -> [UInt8] {
    engine.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    var sealed: [UInt8] = []
    while let bytes = try engine.readOutbound(as: ByteBuffer.self) { sealed += Array(buffer: bytes) }
    return sealed
  }

  /// Says that nothing more will come.
  func sayGoodbye() throws {
    engine.close(promise: nil)
    try passOn()
  }

  /// Reads until `count` answers have come, or the connection ends.
  func answers(_ count: Int = 1) throws -> String {
    var text = try received()
    while statuses(text).count < count, let bytes = socket.receive() {
      try take(bytes)
      text += try received()
    }
    return text
  }

  /// Reads what comes next, and gives how many bytes were in it; nil at the end of the connection.
  func receive() throws -> Int? {
    guard let bytes = socket.receive() else { return nil }
    try take(bytes)
    var count = 0
    while let bytes = try engine.readInbound(as: ByteBuffer.self) { count += bytes.readableBytes }
    return count
  }

  private func received() throws -> String {
    var text = ""
    while let bytes = try engine.readInbound(as: ByteBuffer.self) { text += String(buffer: bytes) }
    return text
  }

  private func take(_ bytes: [UInt8]) throws {
    // What goes wrong in the engine has been written as an alert, which must still go out.
    let result = Result { try engine.writeInbound(ByteBuffer(bytes: bytes)) }
    try passOn()
    _ = try result.get()
  }

  private func passOn() throws {
    while let bytes = try engine.readOutbound(as: ByteBuffer.self) { socket.send(Array(buffer: bytes)) }
  }

  /// Notes the end of the handshake.
  private final class HandshakeWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private(set) var isDone = false
    private(set) var agreed: String?

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      guard case .handshakeCompleted(let negotiated)? = event as? TLSUserEvent else { return }
      isDone = true
      agreed = negotiated
    }
  }
}
