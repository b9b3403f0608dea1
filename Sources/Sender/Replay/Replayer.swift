public import Webhooks

/// Sends recorded deliveries to an app again, one after the other.
public final class Replayer: Sendable {
  /// When each delivery is sent, at the earliest: always after the answer to the one before.
  public enum Pace: Sendable, Equatable {
    /// As soon as the one before is answered.
    case fast
    /// With the pauses between their arrivals.
    case original
    /// So many a second at most.
    case perSecond(Double)

    /// Reads `original`, `fast` or a rate above 0; nil for anything else.
    public init?(_ text: String) {
      switch text {
      case "fast": self = .fast
      case "original": self = .original
      default:
        guard let rate = Rate(text), rate.perSecond > 0 else { return nil }
        self = .perSecond(rate.perSecond)
      }
    }
  }

  private let url: AppURL
  private let sender: AppSender

  /// - Parameter timeout: in seconds, how long the app may take for each.
  public init(to url: AppURL, timeout: Double = 30) {
    self.url = url
    sender = AppSender(timeout: timeout)
  }

  /// Sends a request, and waits for what comes of it.
  public func send(_ request: Request) async -> Exchange {
    await sender.send(request, to: url, for: .replay)
  }

  /// Ends what is on its way as cancelled, and closes the connections; takes some seconds at most.
  public func close() { sender.close() }
}

/// When the deliveries of a replay are due, one after the other.
public struct Timetable: Sendable {
  private let pace: Replayer.Pace
  /// When the next one is due by the rate, in seconds after the start.
  private var next = 0.0

  public init(_ pace: Replayer.Pace) { self.pace = pace }

  /// Returns how long after the start the next delivery is due, in seconds.
  /// - Parameters:
  ///   - arrival: when it came, in seconds after the first of them.
  ///   - now: in seconds after the start, when the one before it was answered.
  public mutating func due(arrival: Double, at now: Double) -> Double {
    switch pace {
    case .fast: return now
    case .original: return max(0, arrival)
    case .perSecond(let rate):
      // What an app was slow to answer is not made up for: it would get a burst when it has just recovered.
      let due = max(next, now)
      next = due + 1 / rate
      return due
    }
  }
}
