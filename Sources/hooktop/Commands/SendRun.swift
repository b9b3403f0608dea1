internal import Dispatch
internal import JSON
internal import Sender
internal import Synchronization
internal import OperatingSystem
internal import Webhooks

/// Sends what `send` was told to, with a line for each of a few and a progress line for what takes long.
struct SendRun: Sendable {
  private let order: SendOrder
  private let url: String
  private let certificate: [UInt8]?
  private let volley: Volley
  private let json: Bool
  /// Whether a challenge was answered in another way than its sender wants.
  private let isUnmet = Flag()

  private final class Flag: Sendable {
    private let value = Mutex(false)
    var isSet: Bool { value.withLock { $0 } }
    func set() { value.withLock { $0 = true } }
  }

  /// - Parameters:
  ///   - certificate: in PEM, the one that is trusted over https; nil for those that the system trusts.
  ///   - json: whether each delivery is a line of NDJSON on standard output.
  init(_ order: SendOrder, url: String, trusting certificate: [UInt8]?, volley: Volley, json: Bool) {
    self.order = order
    self.url = url
    self.certificate = certificate
    self.volley = volley
    self.json = json
  }

  /// Sends, and waits until all are answered.
  /// - Returns: whether all were accepted, and challenges answered as their sender wants it.
  /// - Throws: `OutputError`, as soon as no more can be printed.
  func run() throws(OutputError) -> Bool {
    let tally = try send()
    return tally.failed == 0 && tally.answered == tally.accepted && !isUnmet.isSet
  }

  private func send() throws(OutputError) -> Tally {
    let outcome = Outcome()
    let printer = SendPrinter(count: volley.count, json: json)
    Task.detached { [self] in outcome.settle(await send(printer)) }
    let tally = try outcome.wait(ticking: printer.tick)
    try printer.requireOutput()
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
    func wait(ticking tick: () throws(OutputError) -> Void) throws(OutputError) -> Tally {
      while isSettled.wait(timeout: .now() + .milliseconds(100)) == .timedOut { try tick() }
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
          printer.report(report, order)
          if case .success(let answer) = report.result, order.isMet(report.delivery, by: answer) == false {
            isUnmet.set()
          }
        })
    }
  }
}

extension JSONWriter {
  /// Writes a line on a delivery that was sent.
  /// - Parameter order: what it was made by.
  fileprivate mutating func write(_ report: PostReport, of order: SendOrder) {
    let sent = order.envelope(of: report.delivery)
    let answer = try? report.result.get()
    object { line in
      line.field("number", report.number)
      line.field("provider", sent.provider?.name)
      line.field("event", sent.event)
      line.field("event_id", sent.eventID)
      line.field("delivery_id", sent.deliveryID)
      line.field("url", order.url)
      line.field("status", answer?.status)
      if case .failure(let error) = report.result {
        line.field("error", error.word)
      } else {
        line.null("error")
      }
      line.field("milliseconds", answer?.milliseconds, decimals: 3)
    }
    endLine()
  }
}

/// Tells the user how a volley goes: each answer of a few, how far it has come of all, and the sum.
final class SendPrinter: Sendable {
  /// Up to this many deliveries have a line each.
  private static let lineLimit = 20
  /// Seconds between two lines on how far it has come, where standard error is no terminal.
  private static let lineInterval = 10

  private let count: Int
  private let json: Bool
  /// Why standard output takes no more.
  private let failure = Mutex<OutputError?>(nil)
  private let start = Clock.now
  private let done = Mutex(0)
  /// The last second that a line was printed in, where nobody sees a progress line.
  private let told = Mutex(0)

  init(count: Int, json: Bool = false) {
    (self.count, self.json) = (count, json)
  }

  /// Reports one delivery: with `json` an answered one is a line of NDJSON only.
  func report(_ report: PostReport, _ order: SendOrder) {
    let answer = try? report.result.get()
    if json { print(report, of: order) }
    if count <= Self.lineLimit, !json || answer == nil {
      let more = answer.map { order.words(on: report.delivery, $0) } ?? ""
      Console.say("\(report.label): \(Self.words(report.result))\(more)")
    }
    done.withLock { $0 += 1 }
  }

  private func print(_ report: PostReport, of order: SendOrder) {
    var line = JSONWriter()
    line.write(report, of: order)
    failure.withLock { failure in
      guard failure == nil else { return }
      do throws(OutputError) { try Console.output(line.bytes) } catch { failure = error }
    }
  }

  /// - Throws: why standard output takes no more.
  func requireOutput() throws(OutputError) {
    if let failure = failure.withLock({ $0 }) { throw failure }
  }

  /// Shows how far it has come; to be called ten times a second.
  /// - Throws: why standard output takes no more.
  func tick() throws(OutputError) {
    try requireOutput()
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
