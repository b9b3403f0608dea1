internal import Dispatch
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// Opens connections to apps, in the clear or over TLS, and knows whose thread is used for them.
final class AppConnector: Sendable {
  /// How long a connection may take until it stands, TLS handshake included.
  let patience: TimeAmount

  private let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let usesCallersLoop: Bool
  private let tls: TLSConfiguration
  private let context = Mutex<NIOSSLContext?>(nil)
  private let isClosed = Atomic(false)

  /// - Parameter usesCallersLoop: whether who is on an event loop is served on it, so that no thread has to be woken; it
  ///   must run for as long as what was begun there.
  init(
    usesCallersLoop: Bool = false, patience: TimeAmount = .seconds(5),
    tls: TLSConfiguration = .makeClientConfiguration()
  ) {
    self.usesCallersLoop = usesCallersLoop
    self.patience = patience
    self.tls = tls
  }

  /// The event loop for an exchange that is begun here and now.
  var loop: any EventLoop {
    usesCallersLoop ? MultiThreadedEventLoopGroup.currentEventLoop ?? loops.next() : loops.next()
  }

  /// Reads the certificates that are trusted, which takes a while, before the first connection does.
  func prepare(for url: AppURL) {
    // Where they can't be read now, the exchange says so.
    if url.isSecure { _ = try? trust() }
  }

  /// Opens a connection, and over TLS begins the handshake.
  func connect(to url: AppURL, on loop: any EventLoop) -> EventLoopFuture<any Channel> {
    do {
      let (host, port) = url.endpoint
      let address = try? SocketAddress(ipAddress: host, port: port)
      let context = url.isSecure ? try trust() : nil
      let bootstrap = ClientBootstrap(group: loop).connectTimeout(patience)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            guard let context else { return }
            // An IP address is no name that a server is asked for.
            let handler = try NIOSSLClientHandler(
              context: context, serverHostname: address == nil ? host : nil)
            try channel.pipeline.syncOperations.addHandler(handler)
          }
        }
      return address.map { bootstrap.connect(to: $0) } ?? bootstrap.connect(host: host, port: port)
    } catch {
      return loop.makeFailedFuture(error)
    }
  }

  private func trust() throws -> NIOSSLContext {
    try context.withLock { context in
      var configuration = tls
      configuration.applicationProtocols = ["http/1.1"]
      let made = try context ?? NIOSSLContext(configuration: configuration)
      context = made
      return made
    }
  }

  /// Ends all exchanges of queues as cancelled, closes their connections, and ends its own threads.
  /// - Returns: false if that takes longer than some seconds.
  func close(_ queues: [AppQueue]) -> Bool {
    guard !isClosed.exchange(true, ordering: .relaxed) else { return true }
    let (group, done) = (DispatchGroup(), DispatchSemaphore(value: 0))
    for queue in queues {
      group.enter()
      queue.close { group.leave() }
    }
    group.notify(queue: .global()) { [loops] in
      loops.shutdownGracefully(queue: .global()) { _ in done.signal() }
    }
    return done.wait(timeout: .now() + 3) == .success
  }

  // Who is let go open has no connections any more: they hold it.
  deinit {
    if !isClosed.load(ordering: .relaxed) { loops.shutdownGracefully(queue: .global()) { _ in } }
  }
}

extension EventLoop {
  /// Does `work` on this event loop: at once where it is this one's thread.
  func run(_ work: @escaping @Sendable () -> Void) {
    if inEventLoop { work() } else { execute(work) }
  }
}
