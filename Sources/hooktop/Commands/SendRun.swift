internal import Dispatch
internal import Sender
internal import Synchronization
internal import OperatingSystem

/// Sends what `send` was told to, with a line for each of a few and a progress line for what takes long.
struct SendRun: Sendable {
  private let order: SendOrder
  private let url: String
  private let certificate: [UInt8]?
  private let volley: Volley
  /// Whether a challenge was answered in another way than its sender wants.
  private let isUnmet = Flag()

  private final class Flag: Sendable {
    private let value = Mutex(false)
    var isSet: Bool { value.withLock { $0 } }
    func set() { value.withLock { $0 = true } }
  }

  /// - Parameter certificate: in PEM, the one that is trusted over https; nil for those that the system trusts.
  init(_ order: SendOrder, url: String, trusting certificate: [UInt8]?, volley: Volley) {
    self.order = order
    self.url = url
    self.certificate = certificate
    self.volley = volley
  }

  /// Sends, and waits until all are answered.
  /// - Returns: whether all were accepted, and challenges answered as their sender wants it.
  func run() -> Bool {
    let tally = send()
    return tally.failed == 0 && tally.answered == tally.accepted && !isUnmet.isSet
  }

  private func send() -> Tally {
    let outcome = Outcome()
    let printer = SendPrinter(count: volley.count)
    Task.detached { [self] in outcome.settle(await send(printer)) }
    let tally = outcome.wait(ticking: printer.tick)
    printer.finish(tally)
    return tally
  }

  /// Hands the tally from the task to the main thread, which only shows the progress meanwhile.
  private final class Outcome: Sendable {
    private let isSettled = DispatchSemaphore(value: 0)
    private let tally = Mutex(Tally())

    func settle(_ result: Tally) {
      tally.withLock { $0 = result }
      isSettled.signal()
    }

    /// - Parameter tick: called ten times a second.
    func wait(ticking tick: () -> Void) -> Tally {
      while isSettled.wait(timeout: .now() + .milliseconds(100)) == .timedOut { tick() }
      return tally.withLock { $0 }
    }
  }

  private func send(_ printer: SendPrinter) async -> Tally {
    var random = SystemRandomNumberGenerator()
    let seed: UInt64 = random.next()
    return await Poster.open(trusting: certificate) { poster in
      await volley.run(
        to: url, through: poster, make: { order.delivery(seed: seed &+ UInt64($0)) },
        progress: { report in
          printer.report(report, order.words)
          if case .success(let answer) = report.result, order.isMet(report.delivery, by: answer) == false {
            isUnmet.set()
          }
        })
    }
  }
}

/// Tells the user how a volley goes: each answer of a few, how far it has come of all, and the sum.
final class SendPrinter: Sendable {
  /// Up to this many deliveries have a line each.
  private static let lineLimit = 20
  /// Seconds between two lines on how far it has come, where standard error is no terminal.
  private static let lineInterval = 10

  private let count: Int
  private let start = Clock.now
  private let done = Mutex(0)
  /// The last second that a line was printed in, where nobody sees a progress line.
  private let told = Mutex(0)

  init(count: Int) {
    self.count = count
  }

  /// - Parameter words: what is to be said of an answer beside its status.
  func report(_ report: PostReport, _ words: (OutgoingDelivery, PostAnswer) -> String) {
    if count <= Self.lineLimit {
      let more = (try? report.result.get()).map { words(report.delivery, $0) } ?? ""
      Console.say("\(report.label): \(Self.words(report.result))\(more)")
    }
    done.withLock { $0 += 1 }
  }

  /// Shows how far it has come; to be called ten times a second.
  func tick() {
    let seconds = Int((Clock.now - start) / 1_000_000_000)
    guard let words = Self.progress(done.withLock { $0 }, of: count, seconds: seconds) else { return }
    guard !Console.isInteractive else { return Console.progress(words) }
    // A log gets a line now and then, so that nobody takes a long run for one that hangs.
    let isDue = told.withLock { last in
      guard seconds - last >= Self.lineInterval else { return false }
      last = seconds
      return true
    }
    if isDue { Console.say(words) }
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

  /// `12 of 100 answered, 3 s`; nil if that needs no words: in the first second, and at the end.
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
