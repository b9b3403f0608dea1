internal import JSON
public import Sender
internal import Webhooks

/// How fast the sandbox's time goes, and what it does where the providers' documentation leaves a choice.
public struct SandboxRules: Sendable {
  /// Retry gaps, the life of a paused queue and of an idempotency key, and the delays of captures are divided by it.
  public var timeScale = 60.0
  /// Made-up events a second.
  public var rate = 1.0
  /// What those events are made from: the same seed makes the same ones.
  public var seed: UInt64
  /// Whether they hold many surprises, instead of one now and then.
  public var isChaotic = false
  /// Whether URLs of other machines are posted to.
  public var allowsRemote = false
  /// Whether a retry is signed anew; else it repeats the signature of the first attempt.
  public var signsAnew = true
  /// Whether Parlay tries again after a 4xx, as it does after a 5xx.
  public var retries4xx = true
  /// How many attempts Parlay makes in all.
  public var parlayAttempts = SandboxRules.mostParlayAttempts
  var limits = Limits()

  public init(seed: UInt64) {
    self.seed = seed
  }

  /// One more than there are gaps in Parlay's schedule.
  public static let mostParlayAttempts = Provider.parlay.retrySchedule.count + 1

  /// How long a paused queue and an idempotency key live, in seconds: a day of the sandbox's time.
  var day: Double { scaled(86_400) }

  /// So many of the provider's seconds, in real ones.
  func scaled(_ seconds: Double) -> Double { seconds / timeScale }

  /// Seconds until the next attempt after so many failed ones, the last with this result; nil if it is given up.
  func gap(after failures: Int, of provider: Provider, _ result: AttemptResult) -> Double? {
    if provider == .parlay, !retries4xx, case .status(400..<500) = result { return nil }
    let attempts = provider == .parlay ? parlayAttempts : provider.retrySchedule.count + 1
    guard failures < attempts, failures <= provider.retrySchedule.count else { return nil }
    return scaled(Double(provider.retrySchedule[failures - 1]))
  }

  /// Returns whether the sandbox may post there.
  public func allows(_ url: AppURL) -> Bool { allowsRemote || url.isLoopback }

  /// The bound of everything that grows.
  struct Limits: Sendable {
    /// Webhooks that are registered at a time.
    var webhooks = 10_000
    /// Deliveries that wait for an attempt or in a paused queue, and their bodies in bytes.
    var deliveries = 200_000
    var bodies = 256 << 20
    /// Responses that are kept for their idempotency keys, and their bytes.
    var answers = 100_000
    var answerBytes = 64 << 20
    /// Captures in the pull API, and their documents in bytes.
    var captures = 10_000
    var documents = 64 << 20
    /// The documents on a page of the pull API, in bytes.
    var page = 4 << 20
    /// Attempts on their way at once: in all, which many servers take as connections; to one webhook; and to one whose
    /// last attempt timed out, so that those that hang leave room for the others.
    var running = 192
    var runningPerWebhook = 16
    var runningToHanging = 2
    /// How many deliveries may wait for each attempt on its way to a webhook before one more begins: few arrive in order.
    var waitingInOrder = 8
    /// How long an attempt keeps those behind it waiting for the sake of order, in seconds.
    var orderPatience = 0.25
    /// The largest body of a call, in bytes.
    var call = 1 << 20
    /// The last attempts that are shown of a webhook.
    var log = 10
  }
}

/// What came of an attempt.
enum AttemptResult: Sendable, Equatable {
  case status(Int)
  case failure(Exchange.Failure)

  var isAccepted: Bool { status?.isAcceptedStatus ?? false }

  var status: Int? { if case .status(let status) = self { status } else { nil } }

  var error: String? { if case .failure(let failure) = self { failure.rawValue } else { nil } }
}
