public import Webhooks

/// Sends deliveries on to the developer's apps as they arrive.
public final class Forwarder: Forwarding {
  /// Which deliveries go to which app.
  public struct Rule: Sendable, Equatable {
    /// Those of this sender; nil: of any that has no rule of its own.
    public let provider: Provider?
    /// Those that were sent to this endpoint; nil: to any that has no rule of its own.
    public let endpoint: Endpoint?
    public let url: AppURL

    public init(provider: Provider?, endpoint: Endpoint? = nil, url: AppURL) {
      self.provider = provider
      self.endpoint = endpoint
      self.url = url
    }
  }

  /// How long an app may take where its sender is not known, in seconds.
  private static let patience = 30.0

  private let rules: [(rule: Rule, queue: AppQueue)]
  private let filter: Filter?
  private let timeout: Double?
  private let connector: AppConnector
  private let queues: [AppQueue]

  /// - Parameters:
  ///   - rules: at most one for each endpoint and for each sender, and one for all others.
  ///   - filter: takes what goes on; nil for all.
  ///   - timeout: in seconds, how long an app may take; nil: as long as the sender waits.
  ///   - sharesThreads: whether exchanges are made on the threads that begin them, if these have an event loop: they must
  ///     run until this is closed, and wait for nothing else, such as a disk.
  public convenience init(
    _ rules: [Rule], filter: Filter? = nil, timeout: Double? = nil, sharesThreads: Bool = true
  ) {
    self.init(
      rules, filter: filter, timeout: timeout, sharesThreads: sharesThreads, limits: AppQueue.Limits())
  }

  init(
    _ rules: [Rule], filter: Filter?, timeout: Double?, sharesThreads: Bool = true, limits: AppQueue.Limits
  ) {
    let connector = AppConnector(usesCallersLoop: sharesThreads)
    let urls = Set(rules.map(\.url))
    for url in urls { connector.prepare(for: url) }
    let queues = Dictionary(
      uniqueKeysWithValues: urls.map { ($0, AppQueue(connector, limits: limits)) })
    self.connector = connector
    self.queues = Array(queues.values)
    self.rules = rules.compactMap { rule in queues[rule.url].map { (rule, $0) } }
    self.filter = filter
    self.timeout = timeout
  }

  /// Where deliveries go, in words: `127.0.0.1:3000`, or `2 apps`.
  public var targets: String {
    let urls = Set(rules.map(\.rule.url))
    guard urls.count == 1, let url = urls.first else { return "\(urls.count) apps" }
    return url.text.drop { $0 != "/" }.drop { $0 == "/" }.description
  }

  /// Whether an app is what listens there: each delivery would come again, for ever.
  public func leads(to host: String, port: Int) -> Bool {
    rules.contains { $0.rule.url.leads(to: host, port: port) }
  }

  /// The URL of the app that such deliveries go on to; nil if they go nowhere.
  public func url(for delivery: Delivery) -> String? { route(of: delivery)?.0.url.text }

  public func takes(_ delivery: Delivery) -> Bool {
    route(of: delivery) != nil && filter?.matches(delivery) ?? true
  }

  public func forward(_ delivery: Delivery, _ done: @escaping @Sendable (Exchange) -> Void) {
    guard let (rule, queue) = route(of: delivery) else { return }
    queue.add(
      PendingExchange(
        request: AppRequest(delivery.request, to: rule.url), purpose: .forward, time: .now(),
        limit: limit(for: delivery), done: { exchange, _ in done(exchange) }))
  }

  /// Ends all exchanges as cancelled; what was begun has ended when it returns.
  /// - Returns: false if that takes longer than some seconds.
  @discardableResult
  public func close() -> Bool { connector.close(queues) }

  private func route(of delivery: Delivery) -> (Rule, AppQueue)? {
    let (endpoint, provider) = (delivery.endpoint, delivery.envelope.provider)
    let own = endpoint.flatMap { endpoint in rules.first { $0.rule.endpoint == endpoint } }
    let others = rules.lazy.filter { $0.rule.endpoint == nil }
    return own ?? others.first { $0.rule.provider != nil && $0.rule.provider == provider }
      ?? others.first { $0.rule.provider == nil }
  }

  private func limit(for delivery: Delivery) -> Duration {
    .seconds(timeout ?? delivery.envelope.provider.map { Double($0.answerDue) } ?? Self.patience)
  }
}
