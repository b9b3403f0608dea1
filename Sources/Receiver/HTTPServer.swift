import Dispatch
import Glibc
import NIOCore
import NIOPosix
import Synchronization
import Webhooks

/// A listener for HTTP/1.1, plain or over TLS, that keeps its limits and asks a service how to answer each request.
///
/// It runs on threads of its own from `start` to `stop`.
public final class HTTPServer: Sendable {
  /// `http`, or `https` where it speaks TLS.
  public let scheme: String
  /// Where it can be reached: `http://127.0.0.1:4747`, with the real port.
  public let address: String
  /// The IP address it listens on.
  public let host: String
  /// The TCP port it listens on.
  public let port: Int
  private let listener: any Channel
  private let loops: Loops
  private let isStopped = Atomic(false)

  private init(_ listener: any Channel, scheme: String, loops: Loops) {
    self.listener = listener
    host = listener.localAddress?.ipAddress ?? ""
    port = listener.localAddress?.port ?? 0
    self.scheme = scheme
    address = "\(scheme)://\(Pipeline.name(listener.localAddress))"
    self.loops = loops
  }

  /// Listens, and returns as soon as connections are taken.
  /// - Throws: `ReceiverError`, where the address can't be listened on.
  public static func start(
    _ configuration: Configuration, service: any HTTPService
  ) throws(ReceiverError) -> HTTPServer {
    guard (0...65535).contains(configuration.port) else {
      throw .portOutOfRange(configuration.port)
    }
    let loops = Loops(connections: configuration.threads)
    do {
      let listener = try bootstrap(configuration, service: service, loops: loops)
        .bind(host: configuration.host, port: configuration.port).wait()
      let scheme = configuration.tls == nil ? "http" : "https"
      return HTTPServer(listener, scheme: scheme, loops: loops)
    } catch {
      _ = loops.shutDown(within: .seconds(3))
      throw ReceiverError(error, configuration)
    }
  }

  /// Closes the listener and all connections and ends the threads; does nothing when called again.
  /// - Returns: false if that takes longer than `limit`, because the service holds a thread.
  @discardableResult
  public func stop(within limit: Duration = .seconds(3)) -> Bool {
    guard !isStopped.exchange(true, ordering: .relaxed) else { return true }
    return loops.shutDown(after: listener, within: limit)
  }

  private static func bootstrap(
    _ configuration: Configuration, service: any HTTPService, loops: Loops
  ) -> ServerBootstrap {
    let limits = configuration.limits
    let pipeline = Pipeline(
      server: Connection.Surroundings(
        limits: limits, maxBody: configuration.maxBody, service: service,
        bodies: BodyBudget(limit: limits.bodiesInFlight), clock: configuration.clock),
      tls: configuration.tls?.context)
    let marks = ChannelOptions.Types.WriteBufferWaterMark(
      low: limits.unreadAnswers / 4, high: limits.unreadAnswers)
    return ServerBootstrap(group: loops.acceptor, childGroup: loops.connections)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      // One at a time, so that the gate's count is exact.
      .serverChannelOption(.maxMessagesPerRead, value: 1)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AcceptGate(limits: limits, service: service))
        }
      }
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.writeBufferWaterMark, value: marks)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try pipeline.addHandlers(to: channel) }
      }
  }
}

/// The event loops of a server: one that accepts connections, and those that serve them.
struct Loops: Sendable {
  let acceptor = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  let connections: MultiThreadedEventLoopGroup

  /// - Parameter connections: how many threads share them.
  init(connections: Int) {
    self.connections = MultiThreadedEventLoopGroup(numberOfThreads: connections)
  }

  /// Closes the listener and then all connections, and ends the threads. Returns false if that takes longer than
  /// `limit`.
  ///
  /// One after the other, since a new connection needs a loop to serve it, and the gate that counts them is told of
  /// each that closes.
  func shutDown(after listener: (any Channel)? = nil, within limit: Duration) -> Bool {
    let done = DispatchSemaphore(value: 0)
    let closed = listener?.close() ?? acceptor.next().makeSucceededVoidFuture()
    closed.whenComplete { _ in
      connections.shutdownGracefully(queue: .global()) { _ in
        acceptor.shutdownGracefully(queue: .global()) { _ in done.signal() }
      }
    }
    return done.wait(timeout: .now() + limit / .seconds(1)) == .success
  }
}
