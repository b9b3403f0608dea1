internal import DequeModule
internal import Sender
internal import Webhooks

/// Where a provider posts to: a webhook that was registered with Parlay, or the one endpoint that Parable provisioned.
struct Endpoint: Sendable {
  /// The id of Parable's endpoint, which no call can name.
  static let parableID = "parable"

  let id: String
  var url: AppURL
  var name: String?
  /// The event types that it subscribed to, in the order they were given.
  var events: [String]
  let createdAt: Timestamp
  var secret: SigningSecret
  var isPaused = false
  /// How many deliveries were dropped from its queue.
  var dropped = 0

  var provider: Provider { secret.provider }

  /// Whether it hears of the events of analyses, and so of one that Parlay adds to them.
  var listensToAnalyses: Bool { events.contains { $0.hasPrefix("analysis.") } }
}

/// One endpoint at work: its deliveries, and how the last ones fared.
struct Lane: Sendable {
  var endpoint: Endpoint
  /// The numbers of all its deliveries.
  var all: Set<UInt64> = []
  /// Those that are due and wait for their turn, the oldest first.
  var ready: Deque<UInt64> = []
  /// Those in the queue of a paused endpoint, the oldest first.
  var held: Deque<UInt64> = []
  /// Attempts on their way.
  var running = 0
  /// Whether the last attempt timed out.
  var hangs = false
  /// When the last attempt began.
  var lastStart = Timestamp(microseconds: 0)
  /// Whether it stands in line for its turn.
  var isInLine = false
  /// The last attempts, the newest first.
  var log: Deque<AttemptRecord> = []

  init(_ endpoint: Endpoint) {
    self.endpoint = endpoint
  }

  /// Whether one more attempt may begin: a few deliveries go one after the other, so that they arrive in order; more of
  /// them, and those behind one that takes long, go side by side.
  func hasTurn(at now: Timestamp, _ limits: SandboxRules.Limits) -> Bool {
    guard !ready.isEmpty, running < (hangs ? limits.runningToHanging : limits.runningPerWebhook) else {
      return false
    }
    return running == 0 || ready.count > limits.waitingInOrder * running
      || now >= lastStart.adding(limits.orderPatience)
  }
}
