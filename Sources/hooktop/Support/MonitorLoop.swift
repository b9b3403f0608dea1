internal import Curses
internal import Glibc
internal import Monitor
internal import Screen
internal import System
internal import Webhooks

/// The one loop of the terminal UI: waits, tells the model, carries out what it wants, and draws.
struct MonitorLoop {
  /// How a session of the UI ended.
  enum End {
    case quit
    case signal(Int32)
  }

  /// Nanoseconds between two frames that only arrivals ask for.
  private static let framePause: UInt64 = 33_000_000

  private let terminal: Terminal
  private var feed: any Feed
  private let desk: DiagnosisDesk
  /// What is not a search has a desk of its own: it must not wait for one.
  private let quickDesk: DiagnosisDesk
  private var model: Model
  private var end = End.quit
  /// The feed has something that the model has not seen.
  private var hasNews = true
  /// The model has changed since the last frame.
  private var isStale = true
  /// When the news were last read: keys draw frames of their own and must not put the news off.
  private var readAt: UInt64 = 0

  /// - Throws: `SystemError.noDescriptors`.
  init(terminal: Terminal, feed: any Feed, greeting: String?) throws(SystemError) {
    self.terminal = terminal
    self.feed = feed
    let setting = Setting(
      source: feed.source, tolerance: feed.tolerance, charset: terminal.charset,
      utcOffset: LocalZone.offset, greeting: greeting, fingerprint: feed.fingerprint)
    model = Model(setting: setting, keyring: feed.keyring, size: terminal.size)
    desk = try DiagnosisDesk(waking: feed.waker)
    quickDesk = try DiagnosisDesk(waking: feed.waker)
  }

  mutating func run() -> End {
    while !model.isFinished {
      draw()
      for event in terminal.wait(until: nextFrame, waking: hasNews ? nil : feed.waker) { take(event) }
    }
    return end
  }

  /// When the news that wait are due on the screen; nil while there are none.
  private var nextFrame: UInt64? { hasNews ? readAt + Self.framePause : nil }

  /// Reads the news once a frame, so that a burst of arrivals is one batch and one frame.
  private mutating func draw() {
    if hasNews, Clock.now >= readAt + Self.framePause {
      hasNews = false
      readAt = Clock.now
      for message in feed.read() { tell(message) }
      for message in desk.takeResults() + quickDesk.takeResults() { tell(message) }
    }
    guard isStale else { return }
    terminal.present(view(model))
    isStale = false
  }

  private mutating func take(_ event: Event) {
    switch event {
    case .key(let key): tell(.key(key))
    case .paste(let text): tell(.paste(text))
    case .resized(let size): tell(.resized(size))
    case .woken: hasNews = true
    case .suspend: carryOut(.suspend)
    case .terminate(let signal): finish(.signal(signal))
    case .hangUp: finish(.signal(SIGHUP))
    }
  }

  private mutating func tell(_ message: Message) {
    isStale = true
    for effect in model.update(message, at: .now()) { carryOut(effect) }
  }

  private mutating func carryOut(_ effect: Effect) {
    switch effect {
    case .redraw: terminal.redraw()
    case .suspend:
      terminal.suspend(saying: feed.wordsOnStopping)
      tell(.resized(terminal.size))
    case .run(let job): run(job)
    case .use(let keyring): feed.use(keyring)
    }
  }

  private mutating func run(_ job: Job) {
    let isSearch = if case .diagnosis = job.key { true } else { false }
    if let refusal = (isSearch ? desk : quickDesk).submit(job) { tell(refusal) }
  }

  private mutating func finish(_ end: End) {
    self.end = end
    model.finish()
  }
}
