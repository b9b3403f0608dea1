internal import Webhooks

/// Posts the demo's feed to a URL until its task is cancelled, and goes on whatever happens.
public struct DemoSender: Sendable {
  private let feed: DemoFeed
  private let url: String
  private let now: @Sendable () -> Timestamp
  private let sleep: @Sendable (Double) async throws -> Void

  public init(feed: DemoFeed, url: String) {
    self.init(feed: feed, url: url, now: Timestamp.now) { try await Task.sleep(for: .seconds($0)) }
  }

  /// A sender with its own clock: `sleep` waits for seconds, and throws when its task is cancelled.
  init(
    feed: DemoFeed, url: String, now: @escaping @Sendable () -> Timestamp,
    sleep: @escaping @Sendable (Double) async throws -> Void
  ) {
    self.feed = feed
    self.url = url
    self.now = now
    self.sleep = sleep
  }

  /// Sends one delivery after the other; `report` is told of each, the failed ones too.
  public func run(through poster: some Posting, report: (PostReport) -> Void = { _ in }) async {
    var feed = feed
    var number = 1
    var failures = 0
    while await hasWaited(Self.pause(after: failures)) {
      // The step is taken from a copy, so that one that could not be sent comes again, signed anew.
      var ahead = feed
      let step = ahead.next(at: now())
      guard await hasWaited(step.delay) else { return }
      let outcome = await poster.report(number, step.delivery, to: url)
      if Task.isCancelled { return }
      report(outcome)
      if outcome.isWorthRepeating {
        failures += 1
      } else {
        failures = 0
        number += 1
        feed = ahead
      }
    }
  }

  /// Waits for `seconds`; false if the task was cancelled in the meantime.
  private func hasWaited(_ seconds: Double) async -> Bool {
    guard seconds > 0 else { return !Task.isCancelled }
    return (try? await sleep(seconds)) != nil
  }

  /// Seconds to wait after `failures` in a row: 1, 2, 4, and at most 8.
  private static func pause(after failures: Int) -> Double {
    failures == 0 ? 0 : Double(1 << min(failures - 1, 3))
  }
}

extension PostReport {
  /// Whether the same delivery may succeed later: the receiver was not there at all.
  fileprivate var isWorthRepeating: Bool {
    guard case .failure(let error) = result else { return false }
    return error.isAboutTheAddress
  }
}
