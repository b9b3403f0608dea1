internal import Curses
internal import Sender
internal import Synchronization

/// Tells the user how a volley goes: each answer of a few, how far it has come of many, and the sum.
final class SendPrinter: Sendable {
  /// Up to this many deliveries have a line each.
  private static let lineLimit = 20

  private let count: Int
  private let start = Clock.now
  private let state = Mutex((done: 0, shownAt: UInt64(0)))

  init(count: Int) {
    self.count = count
  }

  func report(_ report: PostReport) {
    if count <= Self.lineLimit { Console.say("\(report.label): \(Self.words(report.result))") }
    let shown = state.withLock { state -> Int? in
      state.done += 1
      let now = Clock.now
      // Nothing for what is over within a second, then ten times a second.
      guard now - start > 1_000_000_000, now - state.shownAt > 100_000_000 else { return nil }
      state.shownAt = now
      return state.done
    }
    if let shown, count > 1 { Console.progress("\(shown) of \(count) answered") }
  }

  func finish(_ tally: Tally) {
    Console.endProgress()
    if let error = tally.stoppedBy, count > Self.lineLimit { Console.say("\(error)") }
    guard count > 1 else { return }
    let unsent = count - tally.answered - tally.failed
    Console.say(
      "\(tally.accepted) accepted, \(tally.answered - tally.accepted) refused, \(tally.failed) without an answer"
        + (unsent > 0 ? ", \(unsent) not sent" : ""))
  }

  private static func words(_ result: Result<PostAnswer, PostError>) -> String {
    switch result {
    case .success(let answer):
      "answered \(answer.status) in \(Int(answer.milliseconds.rounded(.up))) ms"
    case .failure(let error): error.description
    }
  }
}
