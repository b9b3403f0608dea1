internal import Dispatch
internal import NIOCore
internal import NIOSSL
internal import Synchronization
internal import Webhooks

/// Makes exchanges with any apps over HTTP and HTTPS, on connections that it keeps open between them.
final class AppClient: Sendable {
  /// How many hosts are known before those are forgotten that nothing is connected to.
  private static let knownHosts = 64

  private let connections: Int
  private let connector: AppConnector
  /// By scheme, host and port.
  private let queues = Mutex<[String: AppQueue]>([:])

  /// - Parameters:
  ///   - connections: how many connections each host and port gets at most; what is more waits for one.
  ///   - patience: how long a connection may take until it stands, TLS handshake included.
  init(
    connections: Int, patience: TimeAmount = .seconds(5), tls: TLSConfiguration = .makeClientConfiguration()
  ) {
    self.connections = connections
    connector = AppConnector(patience: patience, tls: tls)
  }

  /// Ends all exchanges, as cancelled, and closes the connections.
  /// - Returns: false if that takes longer than some seconds.
  @discardableResult
  func close() -> Bool { connector.close(queues.withLock { Array($0.values) }) }

  /// Does the same, without keeping a thread that tasks share.
  func closed() async {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        self.close()
        continuation.resume()
      }
    }
  }

  /// Begins an exchange.
  func begin(_ exchange: PendingExchange) {
    queue(of: exchange.request.url.origin).add(exchange)
  }

  /// Makes an exchange, and waits for what comes of it.
  /// - Parameter limit: when it is given up, in seconds.
  func exchange(
    _ request: AppRequest, for purpose: Exchange.Purpose, at now: Timestamp, within limit: Double
  ) async -> Exchange {
    await withCheckedContinuation { continuation in
      begin(
        PendingExchange(request: request, purpose: purpose, time: now, limit: .seconds(limit)) {
          exchange, _ in
          continuation.resume(returning: exchange)
        })
    }
  }

  /// How many hosts are known.
  var knownCount: Int { queues.withLock { $0.count } }

  private func queue(of origin: String) -> AppQueue {
    queues.withLock { queues in
      if let queue = queues[origin] { return queue }
      if queues.count >= Self.knownHosts { queues = queues.filter { !$0.value.isUnused } }
      let limits = AppQueue.Limits(running: connections, waiting: .max, waitingBytes: .max)
      let queue = AppQueue(connector, limits: limits)
      queues[origin] = queue
      return queue
    }
  }
}
