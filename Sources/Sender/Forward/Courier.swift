public import Webhooks

/// Posts requests to many places at once, and tells of each what came of it; how many at once is its owner's business.
public final class Courier: Sendable {
  private let client: AppClient

  /// - Parameter connections: how many connections each host and port gets at most.
  public init(connections: Int) {
    client = AppClient(connections: connections)
  }

  /// Sends a request.
  /// - Parameters:
  ///   - limit: when it is given up, in seconds.
  ///   - done: called once, on another thread.
  public func send(
    _ request: Request, to url: AppURL, within limit: Double, _ done: @escaping @Sendable (Exchange) -> Void
  ) {
    client.begin(
      PendingExchange(
        request: AppRequest(request, to: url), purpose: .forward, time: .now(), limit: .seconds(limit),
        done: { exchange, _ in done(exchange) }))
  }

  /// Ends what is on its way as cancelled, and closes the connections.
  /// - Returns: false if that takes longer than some seconds.
  @discardableResult
  public func close() -> Bool { client.close() }
}
