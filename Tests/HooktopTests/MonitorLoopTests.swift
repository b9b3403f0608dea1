import Curses
import Glibc
import Monitor
import Screen
import Synchronization
import OperatingSystem
import TestSupport
import Testing
import Webhooks

@testable import hooktop

@Suite struct MonitorLoopTests {
  /// A terminal that gives what a script says, step by step, and keeps what it was shown.
  private final class StandIn: Display {
    let charset = Charset.utf8
    private(set) var size: Size
    /// What each wait returns, in order; then the user quits.
    var script: [[Event]]
    /// Called before each wait returns, with its number from 0.
    var meanwhile: (Int) -> Void = { _ in }
    private(set) var frames: [Canvas] = []
    private(set) var deadlines: [UInt64?] = []
    private(set) var watchesWaker: [Bool] = []
    private(set) var redraws = 0
    private(set) var sayings: [String] = []

    init(_ script: [[Event]], columns: Int = 100) {
      self.script = script
      size = Size(columns: columns, rows: 30)
    }

    func wait(until deadline: UInt64?, waking waker: Waker?) -> [Event] {
      let number = deadlines.count
      deadlines.append(deadline)
      watchesWaker.append(waker != nil)
      meanwhile(number)
      if number > script.count { return [.hangUp] }
      return number < script.count ? script[number] : [.key(.character("Q"))]
    }

    func present(_ canvas: Canvas) { frames.append(canvas) }
    func redraw() { redraws += 1 }
    private(set) var backgrounds: [Background] = []
    func adopt(_ background: Background) { backgrounds.append(background) }
    private(set) var mouse: [Bool] = []
    func setMouse(_ isOn: Bool) { mouse.append(isOn) }
    /// What was put on the clipboard.
    private(set) var copied: [[UInt8]] = []
    func copy(base64: [UInt8]) -> Bool {
      copied.append(base64)
      return true
    }

    func lend(to arguments: [String]) -> ForegroundProgram.End { .exited(1) }

    func suspend(saying message: String) {
      sayings.append(message)
      size = Size(columns: 90, rows: 20)
    }

    /// The rows of a frame as text.
    func text(_ number: Int) -> String {
      let frame = frames[number]
      return (0..<frame.size.rows).map { frame.text(row: $0) }.joined(separator: "\n")
    }
  }

  private struct StandInFeed: Feed {
    let providers = Providers.builtIn
    final class State: Sendable {
      let messages = Mutex<[Message]>([])
      let readings = Mutex(0)
      let used = Mutex<[Keyring]>([])
      let background = Mutex<Background?>(nil)
    }

    let state = State()
    let source = Source.receiver(address: "http://127.0.0.1:1")
    let keyring = Keyring()
    let tolerance = 300.0
    let waker: Waker
    let wordsOnStopping = "stopped"
    let kept: any Kindred = Journal()

    init() throws { waker = try Waker() }

    func read() -> [Message] {
      state.readings.withLock { $0 += 1 }
      return state.messages.withLock { messages in
        defer { messages = [] }
        return messages
      }
    }

    func takeBackground() -> Background? {
      state.background.withLock { background in
        defer { background = nil }
        return background
      }
    }

    func use(_ keyring: Keyring) { state.used.withLock { $0.append(keyring) } }
    func keep(_ outcome: Outcome, of sequence: UInt64) {}
    func mark(_ sequences: [UInt64], _ isMarked: Bool) -> [Message] { [] }
  }

  /// A clock that is moved by hand.
  private final class Time: Sendable {
    private let reading = Mutex<UInt64>(1_000_000_000)
    var now: UInt64 { reading.withLock { $0 } }
    func pass(milliseconds: UInt64) { reading.withLock { $0 += milliseconds * 1_000_000 } }
  }

  private let time = Time()

  private func run(_ display: StandIn, _ feed: StandInFeed) throws -> MonitorLoop.End {
    let time = time
    var loop = try MonitorLoop(display: display, feed: feed, greeting: "hello", clock: { time.now })
    return loop.run()
  }

  @Test("a frame is shown before anything is waited for, and a key draws another one")
  func keys() throws {
    let display = StandIn([[.key(.character("?"))]])
    #expect(try run(display, StandInFeed()) == .quit)
    #expect(display.frames.count == 2)
    #expect(!display.text(0).contains("Help") && display.text(1).contains("Help"))
  }

  @Test("nothing is drawn where nothing has changed")
  func idle() throws {
    let display = StandIn([[], [.woken], []])
    display.meanwhile = { [time] _ in time.pass(milliseconds: 100) }
    _ = try run(display, StandInFeed())
    #expect(display.frames.count == 1)
  }

  @Test("the background that a changed configuration asks for is taken over once, with the news")
  func theme() throws {
    let display = StandIn([[.woken], [.woken], []])
    let feed = try StandInFeed()
    display.meanwhile = { [time] number in
      time.pass(milliseconds: 100)
      if number == 0 { feed.state.background.withLock { $0 = .light } }
    }
    _ = try run(display, feed)
    #expect(display.backgrounds == [.light])
  }

  @Test("an age on the screen is brought up to date each second, and only while it is there")
  func ticks() throws {
    let display = StandIn([[.key(.character("a"))], [], [], [.key(.escape)], []])
    display.meanwhile = { [time] _ in time.pass(milliseconds: 1000) }
    _ = try run(display, StandInFeed())
    // The first one, that of the key, one for each second, and that without the summary.
    #expect(display.frames.count == 5)
    #expect(display.deadlines[1...3].allSatisfy { $0 != nil })
    #expect(display.deadlines[4] == nil)
  }

  @Test("ages in the list are looked at each second, and drawn again where one of them is another text")
  func agesInList() throws {
    for (age, isNew) in [(200.5, false), (0.5, true)] {
      let display = StandIn([[.woken], [], [], []], columns: 200)
      let feed = try StandInFeed()
      feed.state.messages.withLock { $0 = [.arrived(batch(ago: age))] }
      display.meanwhile = { [time] number in
        time.pass(milliseconds: 1000)
        if number == 2 { usleep(1_000_000) }
      }
      _ = try run(display, feed)
      #expect(display.text(0).contains(age > 1 ? " 3 m " : " 0 s "))
      // The first frame, and that of the second in which the age becomes another one.
      #expect(display.frames.count == (isNew ? 2 : 1))
      #expect(display.deadlines.allSatisfy { $0 != nil })
    }
  }

  /// What brings one delivery that arrived so many seconds before now.
  private func batch(ago age: Double) -> Journal.Batch {
    let request = Request(headers: Headers([.init("Host", "a")]), body: [])
    var batch = Journal.Batch()
    batch.deliveries = [
      Delivery(
        sequence: 1, receivedAt: Timestamp(seconds: Timestamp.now().seconds - age), request: request,
        envelope: Envelope(reading: request, providers: .builtIn), verdict: Verdict(.noSecret),
        isDuplicate: false, attempt: 1, answer: Answer(status: 200, milliseconds: 1))
    ]
    batch.firstKept = 1
    batch.counts.received = 1
    return batch
  }

  @Test("a signal and a terminal that is gone end the loop, and say by what")
  func ends() throws {
    for (event, end) in [
      (Event.terminate(signal: SIGTERM), MonitorLoop.End.signal(SIGTERM)), (.hangUp, .signal(SIGHUP)),
    ] {
      #expect(try run(StandIn([[event]]), StandInFeed()) == end)
    }
  }

  @Test("what wakes the loop is read at once where nothing was read just before, else with the next frame")
  func pacing() throws {
    let display = StandIn([[.woken], [.woken], [], []])
    let feed = try StandInFeed()
    var readings: [Int] = []
    display.meanwhile = { [time] number in
      readings.append(feed.state.readings.withLock { $0 })
      if number != 1 { time.pass(milliseconds: 50) }
    }
    _ = try run(display, feed)
    // The start; the first wake after 50 ms; the second one at once after it, which waits for the frame.
    #expect(readings == [1, 2, 2, 3, 3])
    #expect(display.deadlines[0] == nil && display.deadlines[3] == nil)
    #expect(display.deadlines[2] == 1_050_000_000 + MonitorLoop.framePause)
    #expect(display.watchesWaker == [true, true, false, true, true], "one wake is enough until it is read")
  }

  @Test("keys that come in a burst of news do not put off reading them")
  func keysAmongNews() throws {
    let display = StandIn([[.woken]] + Array(repeating: [.key(.character("j"))], count: 8))
    let feed = try StandInFeed()
    display.meanwhile = { [time] _ in time.pass(milliseconds: 10) }
    _ = try run(display, feed)
    #expect(feed.state.readings.withLock { $0 } == 2)
  }

  @Test("what the feed brings is shown")
  func news() throws {
    let display = StandIn([[.woken]])
    let feed = try StandInFeed()
    display.meanwhile = { [time] _ in
      var batch = Journal.Batch()
      batch.counts.received = 7
      batch.incidents = [
        Incident(receivedAt: .now(), reason: .timeout, detail: "d", peer: "p", status: nil)
      ]
      feed.state.messages.withLock { $0 = [.arrived(batch)] }
      time.pass(milliseconds: 50)
    }
    _ = try run(display, feed)
    #expect(display.text(display.frames.count - 1).contains("7 received"))
  }

  @Test("it stops with the feed's words, and draws anew in the size that it comes back to")
  func suspended() throws {
    let display = StandIn([[.suspend], [.key(.control("z"))], [.key(.control("l"))]])
    _ = try run(display, StandInFeed())
    #expect(display.sayings == ["stopped", "stopped"])
    #expect(display.frames.last?.size == Size(columns: 90, rows: 20))
    #expect(display.redraws == 1)
  }

  @Test("a pasted text and a new size reach the model")
  func others() throws {
    let display = StandIn([
      [.key(.character("f")), .paste("type:x")], [.resized(Size(columns: 60, rows: 12))],
    ])
    _ = try run(display, StandInFeed())
    #expect(display.text(1).contains("type:x"))
    #expect(display.frames.last?.size == Size(columns: 60, rows: 12))
  }
}
