import NIOCore
import NIOPosix
import Testing

/// Stands between a client and the receiver, and hands on what the client sends byte by byte.
final class ByteRelay {
  let port: Int
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

  /// - Parameter target: the port on loopback that the bytes go to.
  init(to target: Int) throws {
    let listener = try ServerBootstrap(group: group)
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { client in
        ClientBootstrap(group: client.eventLoop)
          .channelOption(.tcpOption(.tcp_nodelay), value: 1)
          .connect(host: "127.0.0.1", port: target)
          .flatMap { server in
            client.eventLoop.makeCompletedFuture {
              try client.pipeline.syncOperations.addHandler(Half(to: server, inPieces: true))
              try server.pipeline.syncOperations.addHandler(Half(to: client, inPieces: false))
            }
          }
          .flatMap { client.setOption(.autoRead, value: true) }
      }
      .bind(host: "127.0.0.1", port: 0).wait()
    port = listener.localAddress?.port ?? 0
  }

  func stop() {
    group.shutdownGracefully { _ in }
  }

  /// One direction.
  private final class Half: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel
    private let inPieces: Bool

    init(to other: any Channel, inPieces: Bool) {
      self.other = other
      self.inPieces = inPieces
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      var bytes = unwrapInboundIn(data)
      guard inPieces else { return other.writeAndFlush(bytes, promise: nil) }
      while let piece = bytes.readSlice(length: 1) { other.writeAndFlush(piece, promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
      other.close(promise: nil)
    }
  }
}
