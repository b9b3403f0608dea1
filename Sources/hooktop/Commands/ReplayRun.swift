internal import Glibc
internal import JSON
internal import Monitor
internal import OperatingSystem
internal import Sender
internal import Synchronization
internal import Webhooks

/// Sends a session again as `replay` was told to, with a line for each delivery, until the session or a signal ends it.
struct ReplayRun {
  private let replayer: Replayer
  private var timetable: Timetable
  /// The secrets to sign with; nil if nothing is signed.
  private let signing: LoadedSecrets?
  /// The providers whose saved secrets were named.
  private var named: Set<Provider> = []
  private let filter: Filter?
  private let json: Bool
  private let signals: EndingSignals
  private let waker: Waker
  private var tally = ReplayTally()
  private var progress = Progress()

  /// - Throws: `SystemError.noDescriptors`.
  init(
    _ replayer: Replayer, pace: Replayer.Pace, signing: LoadedSecrets?, filter: Filter?, json: Bool
  ) throws(SystemError) {
    self.replayer = replayer
    timetable = Timetable(pace)
    self.signing = signing
    self.filter = filter
    self.json = json
    signals = try EndingSignals()
    waker = try Waker()
  }

  /// Sends all of the session, and says how that went; false if not every answer was 2xx.
  mutating func run(_ session: RecordedFile) throws -> Bool {
    defer { Console.endProgress() }
    do {
      try sendAll(session)
    } catch OutputError.nobodyReads {
      Console.say(tally.words(wasStopped: true))
      throw OutputError.nobodyReads
    }
    Console.say(tally.words(wasStopped: signals.received != nil))
    if let signal = signals.received { EndingSignals.die(by: signal) }
    return tally.isGood
  }

  private mutating func sendAll(_ session: RecordedFile) throws {
    var session = session
    let start = Clock.now
    var first: Timestamp?
    while signals.received == nil, let lines = try session.next() {
      for line in lines where signals.received == nil {
        switch line {
        case .record(.delivery(let delivery)) where filter?.matches(delivery) ?? true:
          let began = first ?? delivery.receivedAt
          first = began
          let due = timetable.due(
            arrival: delivery.receivedAt.seconds - began.seconds, at: Double(Clock.now - start) / 1e9)
          wait(until: start + UInt64(min(due, 1e9) * 1e9))
          try send(delivery)
        case .skipped(let line): Console.warn("line \(line.number) is skipped: \(line.error)")
        case .record: break
        }
      }
    }
  }

  private mutating func send(_ delivery: Delivery) throws {
    guard signals.received == nil else { return }
    guard let request = request(for: delivery) else {
      tally.unsigned += 1
      return Console.say("#\(delivery.sequence) is not sent: there is no secret to sign it with")
    }
    guard let exchange = exchange(request) else { return }
    tally.count(exchange)
    if json {
      var writer = SessionWriter()
      writer.write(exchange, of: delivery.sequence)
      try Console.output(writer.bytes)
    } else {
      try Console.output(Array((TailLine.text(exchange, of: delivery.sequence) + "\n").utf8))
    }
    progress.step("sent")
  }

  /// The delivery as it is sent; nil if it can't be signed.
  private mutating func request(for delivery: Delivery) -> Request? {
    guard let signing else { return delivery.request }
    guard let provider = delivery.envelope.provider,
      let secret = signing.keyring.secrets(for: provider).first
    else { return nil }
    if named.insert(provider).inserted, let note = signing.noteOnSigning(as: provider) { Console.say(note) }
    return delivery.request.signed(with: secret, as: provider, at: .now())
  }

  /// Waits for what comes of a request; nil if a signal came before.
  private func exchange(_ request: Request) -> Exchange? {
    let result = Result()
    let (replayer, waker) = (replayer, waker)
    Task.detached {
      result.set(await replayer.send(request))
      waker.wake()
    }
    while result.value == nil, signals.received == nil { wait(until: .max) }
    return result.value
  }

  /// Waits until a moment of the clock, a wake or a signal.
  private func wait(until moment: UInt64) {
    while signals.received == nil {
      let now = Clock.now
      guard moment > now else { return }
      var waiting = [waker.descriptor, signals.descriptor].map {
        pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
      }
      let milliseconds = min((moment - now) / 1_000_000 + 1, UInt64(Int32.max))
      poll(&waiting, nfds_t(waiting.count), Int32(milliseconds))
      waker.drain()
      if moment == .max { return }
    }
  }

  /// What a task found, for the thread that waits for it.
  private final class Result: Sendable {
    private let state = Mutex<Exchange?>(nil)
    var value: Exchange? { state.withLock { $0 } }
    func set(_ exchange: Exchange) { state.withLock { $0 = exchange } }
  }
}

/// How the deliveries of a replay fared.
struct ReplayTally: Sendable {
  private(set) var sent = 0
  private(set) var accepted = 0
  private(set) var unanswered = 0
  /// Those that could not be signed, and were not sent.
  var unsigned = 0

  mutating func count(_ exchange: Exchange) {
    sent += 1
    if exchange.isAccepted { accepted += 1 } else if exchange.status == nil { unanswered += 1 }
  }

  /// Whether something was sent, and the app took all of it.
  var isGood: Bool { sent > 0 && accepted == sent && unsigned == 0 }

  /// `12 sent: 10 accepted, 1 refused, 1 without an answer`.
  func words(wasStopped: Bool) -> String {
    guard sent + unsigned > 0 else {
      return wasStopped
        ? "stopped, nothing was sent" : "nothing to send: no delivery in it is one that --if takes"
    }
    let unsigned = unsigned > 0 ? ", \(unsigned) not sent: no secret to sign with" : ""
    return "\(wasStopped ? "stopped; " : "")\(sent) sent: \(accepted) accepted, "
      + "\(sent - accepted - unanswered) refused, \(unanswered) without an answer\(unsigned)"
  }
}
