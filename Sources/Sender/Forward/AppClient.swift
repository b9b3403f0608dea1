internal import AsyncHTTPClient
internal import Dispatch
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization
internal import Webhooks

/// Makes exchanges with apps over HTTP and HTTPS, on connections that it keeps open between them.
final class AppClient: Sendable {
  private let client: HTTPClient
  private let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let isClosed = Atomic(false)

  /// - Parameter connections: how many connections each host and port gets at most.
  init(connections: Int) {
    var configuration = HTTPClient.Configuration.exact(connectWithin: 5)
    // Shorter than what servers allow, of which the shortest usual one is 5 s: a request must not meet the end of its
    // connection.
    configuration.connectionPool.idleTimeout = .seconds(4)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
    configuration.http1_1ConnectionDebugInitializer = { channel in
      StatusGuard.install(on: channel).flatMapThrowing {
        try TargetWriter.install(on: channel)
      }
    }
    client = HTTPClient(eventLoopGroup: loops, configuration: configuration)
  }

  /// Ends all exchanges, as cancelled, and closes the connections.
  /// - Returns: false if that takes longer than some seconds.
  @discardableResult
  func close() -> Bool {
    guard !isClosed.exchange(true, ordering: .relaxed) else { return true }
    let done = DispatchSemaphore(value: 0)
    Self.shutDown(client, loops) { done.signal() }
    return done.wait(timeout: .now() + 3) == .success
  }

  // Where the program fails to start, nobody closes it, and the client traps when it is let go open.
  deinit {
    if !isClosed.load(ordering: .relaxed) { Self.shutDown(client, loops) {} }
  }

  private static func shutDown(
    _ client: HTTPClient, _ loops: MultiThreadedEventLoopGroup, _ done: @escaping @Sendable () -> Void
  ) {
    client.shutdown().whenComplete { _ in loops.shutdownGracefully(queue: .global()) { _ in done() } }
  }

  /// Begins an exchange.
  func begin(_ exchange: PendingExchange) {
    let response = ArrivingResponse(to: exchange)
    let finish = { @Sendable (error: (any Error)?) in exchange.done(response.exchange(after: error)) }
    do {
      let request = try exchange.request.forClient()
      client.execute(request: request, delegate: response, deadline: exchange.deadline).futureResult
        .whenComplete { result in
          switch result {
          case .success: finish(nil)
          case .failure(let error): finish(error)
          }
        }
    } catch {
      finish(error)
    }
  }

  /// Makes an exchange, and waits for what comes of it.
  /// - Parameter limit: when it is given up, in seconds.
  func exchange(
    _ request: AppRequest, for purpose: Exchange.Purpose, at now: Timestamp, within limit: Double
  ) async -> Exchange {
    await withCheckedContinuation { continuation in
      begin(
        PendingExchange(request: request, purpose: purpose, time: now, limit: .seconds(limit)) {
          continuation.resume(returning: $0)
        })
    }
  }

  /// Does `work` on the client's thread at a later time, if it is still there then.
  func run(at time: NIODeadline, _ work: @escaping @Sendable () -> Void) -> Scheduled<Void> {
    loops.next().scheduleTask(deadline: time, work)
  }
}

/// What has come of an app's response so far, and when.
private final class ArrivingResponse: HTTPClientResponseDelegate {
  private struct State {
    var response: Exchange.Response?
    var connect: Double?
    var firstByte: Double?
  }

  private let pending: PendingExchange
  private let state = Mutex(State())

  init(to pending: PendingExchange) { self.pending = pending }

  private var milliseconds: Double { pending.milliseconds }

  func didSendRequestHead(task: HTTPClient.Task<Void>, _ head: HTTPRequestHead) {
    let now = milliseconds
    state.withLock { $0.connect = now }
  }

  func didReceiveHead(task: HTTPClient.Task<Void>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
    let now = milliseconds
    let fields = head.headers.map { Headers.Field($0.name, $0.value) }
    let size = fields.reduce(0) { $0 + $1.name.count + $1.value.count + 4 }
    guard size <= Exchange.Response.headLimit else {
      return task.eventLoop.makeFailedFuture(ClientFault.headTooLarge)
    }
    state.withLock {
      $0.firstByte = now
      $0.response = Exchange.Response(status: Int(head.status.code), headers: Headers(fields))
    }
    return task.eventLoop.makeSucceededVoidFuture()
  }

  func didReceiveBodyPart(task: HTTPClient.Task<Void>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
    state.withLock { state in
      let room = Exchange.Response.bodyLimit - (state.response?.body.count ?? 0)
      state.response?.body.append(contentsOf: part.readableBytesView.prefix(room))
      state.response?.bodySize += part.readableBytes
    }
    return task.eventLoop.makeSucceededVoidFuture()
  }

  func didFinishRequest(task: HTTPClient.Task<Void>) {}

  /// The exchange, now that it has ended; `error` says why before its time.
  func exchange(after error: (any Error)?) -> Exchange {
    let isSecure = pending.request.url.origin.lowercased().hasPrefix("https:")
    let fault = error.map { ClientFault($0, isSecure: isSecure) }
    return state.withLock { state in
      pending.ended(
        state.response, fault.map { Exchange.Failure($0, hasResponse: state.response != nil) },
        connect: state.connect, firstByte: state.firstByte)
    }
  }
}

extension Exchange.Failure {
  fileprivate init(_ fault: ClientFault, hasResponse: Bool) {
    self =
      switch fault {
      case .refused: .refused
      case .badURL, .unknownHost, .connectTimedOut: .unreachable
      case .timedOut: .timeout
      case .closed: .reset
      case .untrusted: .tls
      case .notHTTP, .unsendableHeader: .notHTTP
      case .headTooLarge: .tooLarge
      case .cancelled: .cancelled
      case .other: hasResponse ? .reset : .unreachable
      }
  }
}
