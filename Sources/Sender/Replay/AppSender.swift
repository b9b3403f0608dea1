public import Webhooks

/// Sends requests to any app, for a person who waits for the answer.
public final class AppSender: Sendable {
  private let client = AppClient(connections: 8)
  private let timeout: Double

  /// - Parameter timeout: in seconds, how long an app may take for each.
  public init(timeout: Double = 30) {
    self.timeout = timeout
  }

  /// Sends a request, and waits for what comes of it.
  public func send(_ request: Request, to url: AppURL, for purpose: Exchange.Purpose) async -> Exchange {
    await client.exchange(AppRequest(request, to: url), for: purpose, at: .now(), within: timeout)
  }

  /// Ends what is on its way as cancelled, and closes the connections; takes some seconds at most.
  public func close() { client.close() }
}
