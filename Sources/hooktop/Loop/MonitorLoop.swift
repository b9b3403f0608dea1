internal import Curses
internal import Glibc
internal import Monitor
internal import Screen
internal import OperatingSystem
internal import Webhooks

/// The terminal as the loop uses it: the real one, or a stand-in for it.
protocol Display: AnyObject {
  var charset: Charset { get }
  var size: Size { get }

  /// Waits for events until the deadline, in nanoseconds of the loop's clock; nil waits as long as it takes.
  func wait(until deadline: UInt64?, waking waker: Waker?) -> [Event]
  func present(_ canvas: Canvas)
  /// Shows all in the theme for that background from now on.
  func adopt(_ background: Background)
  func redraw()
  func suspend(saying message: String)
  /// Has the terminal report the mouse, or leave it alone.
  func setMouse(_ isOn: Bool)
  /// Puts a text, in base64, on the clipboard of the terminal; false if that can't be.
  func copy(base64: [UInt8]) -> Bool
  /// Leaves the screen to another program until that ends.
  func lend(to arguments: [String]) -> ForegroundProgram.End
}

extension Terminal: Display {}

/// The one loop of the terminal UI: waits, tells the model, and draws.
struct MonitorLoop {
  /// How a session of the UI ended.
  enum End: Equatable {
    case quit
    case signal(Int32)
  }

  /// Nanoseconds between two frames that only arrivals ask for.
  static let framePause: UInt64 = 33_000_000

  private var program: Program<Stage>
  private let clock: Job.Clock
  private var end = End.quit
  /// The feed has something that the model has not seen.
  private var hasNews = true
  /// The model has changed since the last frame.
  private var isStale = true
  /// When the news are next to be read: keys draw frames of their own and must not put the news off.
  private var readingIsDue: UInt64 = 0
  /// When an age on the screen is next to be brought up to date.
  private var tickIsDue: UInt64 = 0

  /// - Parameter clock: monotonic, in nanoseconds.
  /// - Throws: `SystemError.noDescriptors`.
  init(
    display: any Display, feed: any Feed, greeting: String?, filter: TypedFilter? = nil,
    mouse: RememberedMouse? = nil, clock: @escaping Job.Clock = { Clock.now }
  ) throws(SystemError) {
    var setting = Setting(
      source: feed.source, providers: feed.providers, tolerance: feed.tolerance, charset: display.charset,
      zone: .local, greeting: greeting, filter: filter, fingerprint: feed.fingerprint,
      kept: feed.kept, losesDeliveries: feed.losesDeliveries, forward: feed.forward, apps: feed.apps,
      apis: feed.apis, timeScale: feed.timeScale, tellsLife: feed.tellsLife,
      endpoints: feed.endpoints)
    setting.redaction = feed.redaction
    setting.documented = DocumentedBodies.of
    setting.recordPath = feed.recordPath
    setting.usesMouse = feed.usesMouse ?? mouse?.isOn ?? false
    if setting.usesMouse { display.setMouse(true) }
    let waker = feed.waker
    let runner = try JobRunner(clock: clock) { waker.wake() }
    program = Program(
      Model(setting: setting, keyring: feed.keyring, size: display.size),
      in: Stage(display: display, feed: feed, runner: runner, exports: Exports { waker.wake() }, mouse: mouse)
    )
    self.clock = clock
  }

  /// What was seen, in one line.
  var summary: String { program.model.summary }

  /// The folder that holds what was copied and the clipboard could not take; nil if there is none.
  var folderOfCopies: String? { program.outside.copies.path }

  mutating func run() -> End {
    let stage = program.outside
    while !program.model.isFinished {
      draw()
      let waker = hasNews ? nil : stage.feed.waker
      for event in stage.display.wait(until: nextFrame, waking: waker) { take(event) }
    }
    return end
  }

  /// When the news that wait are due on the screen, or the next tick; nil while neither is.
  private var nextFrame: UInt64? {
    [hasNews ? readingIsDue : nil, program.model.showsAge ? tickIsDue : nil].compactMap(\.self).min()
  }

  /// Reads the news once a frame, so that a burst of arrivals is one batch and one frame.
  private mutating func draw() {
    if hasNews, clock() >= readingIsDue {
      hasNews = false
      readingIsDue = clock() + Self.framePause
      for message in program.outside.read() { tell(message) }
      if let background = program.outside.feed.takeBackground() { program.outside.display.adopt(background) }
    }
    if program.model.showsAge, clock() >= tickIsDue {
      tickIsDue = clock() + UInt64(program.model.tickInterval * 1_000_000_000)
      tick()
    }
    guard isStale else { return }
    program.outside.display.present(view(program.model))
    isStale = false
  }

  private mutating func take(_ event: Event) {
    switch event {
    case .key(let key): tell(.key(key))
    case .paste(let text): tell(.paste(text))
    case .mouse(let mouse): tell(.mouse(mouse))
    case .resized(let size): tell(.resized(size))
    case .woken: hasNews = true
    case .suspend:
      isStale = true
      program.carryOut(.suspend)
    case .terminate(let signal): finish(.signal(signal))
    case .hangUp: finish(.signal(SIGHUP))
    case .background, .deviceAttributes: break
    }
  }

  private mutating func tell(_ message: Message) {
    isStale = true
    program.tell(message)
  }

  /// Lets a second pass; what then says the same as before is not drawn again.
  private mutating func tick() {
    let shown = program.model.ages
    program.tell(.ticked)
    if shown == nil || program.model.ages != shown { isStale = true }
  }

  private mutating func finish(_ end: End) {
    self.end = end
    program.finish()
  }
}

/// What surrounds the model on the screen: the display, what brings the deliveries, and the runner of its jobs.
private struct Stage: World {
  let display: any Display
  var feed: any Feed
  let runner: JobRunner
  let copies = Copies()
  let exports: Exports
  let mouse: RememberedMouse?

  var now: Timestamp { .now() }

  func redraw() { display.redraw() }

  func suspend() -> Size {
    display.suspend(saying: feed.wordsOnStopping)
    return display.size
  }

  func edit(_ order: EditOrder) -> (EditOutcome, Size) {
    let outcome = Editor.edit(order) { display.lend(to: $0) }
    return (outcome, display.size)
  }

  func run(_ job: Job) -> [Message] { runner.submit(job) }

  func cancel(_ key: Job.Key) { runner.cancel(key) }

  func use(_ keyring: Keyring) { feed.use(keyring) }

  mutating func begin(_ order: Order) -> [Message] {
    switch order {
    case .copy(let order): return [.copied(order, copies.copy(order, display.copy))]
    case .export(let order): exports.begin(order)
    case .mouse(let isOn):
      display.setMouse(isOn)
      guard mouse?.remember(isOn) == false else { return [] }
      return [
        .noticed(
          "The mouse is \(isOn ? "on" : "off"), but only now: set HOME or XDG_STATE_HOME to have it remembered"
        )
      ]
    case .stop(let number):
      exports.stop(number)
      return feed.begin(order)
    default: return feed.begin(order)
    }
    return []
  }

  func keep(_ outcome: Outcome, of sequence: UInt64) { feed.keep(outcome, of: sequence) }

  func join(_ sequences: [UInt64]) { feed.join(sequences) }

  mutating func mark(_ sequences: [UInt64], _ isMarked: Bool) -> [Message] {
    feed.mark(sequences, isMarked)
  }

  /// All that has come since it was last read.
  mutating func read() -> [Message] { feed.read() + runner.takeResults() + exports.takeResults() }
}
