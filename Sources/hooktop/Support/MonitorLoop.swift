internal import Curses
internal import Glibc
internal import Monitor
internal import Screen
internal import Receiver
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
  private let station: Station
  private var model: Model
  private var cursor = DeliveryRing.Cursor()
  private var end = End.quit
  /// The ring has something that the model has not seen.
  private var hasNews = true
  /// The model has changed since the last frame.
  private var isStale = true
  private var drawnAt: UInt64 = 0

  init(terminal: Terminal, station: Station, greeting: String?) {
    self.terminal = terminal
    self.station = station
    let setting = Setting(
      address: station.receiver.address, secrets: station.keyring.secrets, tolerance: station.tolerance,
      charset: terminal.charset, utcOffset: LocalZone.offset, greeting: greeting)
    model = Model(setting: setting, size: terminal.size)
  }

  mutating func run() -> End {
    while !model.isFinished {
      draw()
      for event in terminal.wait(until: nextFrame, waking: hasNews ? nil : station.waker) { take(event) }
    }
    return end
  }

  /// When the news that wait are due on the screen; nil while there are none.
  private var nextFrame: UInt64? { hasNews ? drawnAt + Self.framePause : nil }

  /// Reads the news once a frame, so that a burst of arrivals is one batch and one frame.
  private mutating func draw() {
    if hasNews, Clock.now >= drawnAt + Self.framePause {
      hasNews = false
      let batch = station.ring.read(after: &cursor)
      if !batch.isEmpty { tell(.arrived(batch)) }
    }
    guard isStale else { return }
    terminal.present(view(model))
    drawnAt = Clock.now
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
    for effect in model.update(message) { carryOut(effect) }
  }

  private mutating func carryOut(_ effect: Effect) {
    switch effect {
    case .redraw: terminal.redraw()
    case .suspend:
      terminal.suspend(saying: "hooktop is stopped: nothing is received until fg")
      tell(.resized(terminal.size))
    }
  }

  private mutating func finish(_ end: End) {
    self.end = end
    model.finish()
  }
}
