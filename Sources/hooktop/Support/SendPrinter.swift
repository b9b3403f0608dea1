internal import Sender
internal import Synchronization
internal import System

/// Tells the user how a volley goes: each answer of a few, how far it has come of all, and the sum.
final class SendPrinter: Sendable {
  /// Up to this many deliveries have a line each.
  private static let lineLimit = 20

  private let count: Int
  private let start = Clock.now
  private let done = Mutex(0)

  init(count: Int) {
    self.count = count
  }

  func report(_ report: PostReport) {
    if count <= Self.lineLimit { Console.say("\(report.label): \(Self.words(report.result))") }
    done.withLock { $0 += 1 }
  }

  /// Shows how far it has come; to be called ten times a second.
  func tick() {
    let seconds = Int((Clock.now - start) / 1_000_000_000)
    guard let words = Self.progress(done.withLock { $0 }, of: count, seconds: seconds) else { return }
    Console.progress(words)
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

  /// `12 of 100 answered, 3 s`; nil where that needs no words: in the first second, and at the end.
  static func progress(_ done: Int, of count: Int, seconds: Int) -> String? {
    guard seconds > 0, done < count else { return nil }
    return count == 1
      ? "waiting for an answer, \(seconds) s" : "\(done) of \(count) answered, \(seconds) s"
  }

  private static func words(_ result: Result<PostAnswer, PostError>) -> String {
    switch result {
    case .success(let answer):
      "answered \(answer.status) in \(Int(answer.milliseconds.rounded(.up))) ms"
    case .failure(let error): error.description
    }
  }
}
