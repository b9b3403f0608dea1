internal import CNcurses
internal import Glibc
public import Screen
public import OperatingSystem

/// The real terminal: shows canvases, reports keys and signals, and is given back whatever happens.
///
/// Not `Sendable`: the main thread alone calls ncurses.
public final class Terminal {
  public let charset: Charset
  public private(set) var theme: Theme
  /// Columns and rows, as of the last `resized` event.
  public private(set) var size: Size

  let device: TerminalDevice
  let signals: SignalGuard
  private let screen: OpaquePointer
  private let window: UnsafeMutablePointer<WINDOW>
  private var painter: Painter
  private var keyboard: Keyboard
  private var query = BackgroundQuery()
  let clipboard = Clipboard(variable: Terminal.value)
  private var isOpen = true
  private var isShown = true
  private var isCursorShown = false
  private var reportsMouse = false

  /// Takes the terminal over: the screen is cleared, and keys arrive one by one.
  ///
  /// `charset` is that of the locale, which must have been adopted; `isColorRefused` is what `NO_COLOR`
  /// says unless the caller knows better.
  /// - Parameters:
  ///   - background: what the theme is for; the terminal is asked where it is not known.
  ///   - isInputTaken: whether standard input is a stream, so that the keys come from the controlling terminal.
  public init(
    charset: Charset, background: Background = .unknown, isColorRefused: Bool = Terminal.isColorRefused,
    isInputTaken: Bool = false
  ) throws(TerminalError) {
    if let reason = Terminal.reasonUnusable(isInputTaken: isInputTaken) { throw reason }
    self.charset = charset
    device = try TerminalDevice()
    let type = Terminal.type ?? ""
    try Terminfo.load(type, for: device.descriptor)
    do throws(SystemError) { signals = try SignalGuard() } catch { throw .system(error) }
    signals.noteTerminations()
    signals.note([SIGTSTP, SIGCONT, SIGWINCH])
    signals.catchCrashes()
    signals.arm(terminal: device.descriptor, modes: device.modes, restoring: Terminfo.restoreString)
    guard let screen = newterm(type, device.file, device.file), let window = curses_screen() else {
      device.restoreModes()
      signals.disarm()
      signals.uninstall()
      throw .cannotStart(type: type)
    }
    (self.screen, self.window) = (screen, window)
    theme = Theme(ColorDepth(colors: Terminfo.colors, isColorRefused: isColorRefused), on: background)
    painter = Painter(theme)
    keyboard = Keyboard(descriptor: device.descriptor, charset: charset)
    size = Size(columns: Int(getmaxx(window)), rows: Int(getmaxy(window)))
    configure()
  }

  deinit { close() }

  private func configure() {
    raw()
    noecho()
    nonl()
    keypad(window, true)
    nodelay(window, true)
    set_escdelay(25)
    // ncurses gives these a code that differs from terminal to terminal.
    for sequence in KeyCodes.wordMoves + KeyCodes.mouseReports { define_key(sequence, 0) }
    curs_set(0)
    if theme.depth != .monochrome {
      start_color()
      use_default_colors()
    }
    takeSize()
    wrefresh(window)
    device.write(Terminfo.isECMA48 ? Terminfo.bracketedPasteOn : "")
    if theme.background == .unknown, theme.depth != .monochrome, Terminfo.isECMA48 { query.ask(device) }
  }

  /// Gives the terminal back as it was. May be called more than once.
  public func close() {
    guard isOpen else { return }
    leave()
    isOpen = false
    delscreen(screen)
    signals.uninstall()
  }
}

extension Terminal {
  /// Shows a canvas, as far as it fits; only what differs from the last one is written.
  public func present(_ canvas: Canvas) {
    guard isShown else { return }
    painter.paint(canvas, on: window)
    if painter.isUnfinished {
      wrefresh(window)
      painter.finish(on: window)
    }
    showCursor(at: canvas.cursor)
    wrefresh(window)
  }

  /// Writes the whole screen again, over whatever has disturbed it.
  public func redraw() {
    guard isShown else { return }
    clearok(window, true)
    guard let canvas = painter.shown else {
      wrefresh(window)
      return
    }
    painter.forget()
    present(canvas)
  }

  private func showCursor(at point: Point?) {
    if let point { wmove(window, Int32(clamping: point.row), Int32(clamping: point.column)) }
    guard (point != nil) != isCursorShown else { return }
    isCursorShown = point != nil
    curs_set(isCursorShown ? 1 : 0)
  }

  /// Tells ncurses the size that the terminal has now.
  private func takeSize() {
    guard let now = device.size, now != size else { return }
    resize_term(Int32(clamping: now.rows), Int32(clamping: now.columns))
    size = now
    painter.forget()
    // The terminal has moved or cut what was on it, in its own way.
    clearok(window, true)
  }
}

extension Terminal {
  /// Leaves the screen, stops the process as Control-Z does, and comes back when it is continued.
  ///
  /// The message, a line, stays on the terminal meanwhile. Draw anew afterwards.
  public func suspend(saying message: String = "") {
    guard isShown else { return }
    leave()
    if !message.isEmpty { device.write(SafeText.plain(message, charset: charset) + "\r\n") }
    signals.stop()
    _ = signals.takeContinuation()
    // Asked to end while stopped: the screen would only flash up.
    if signals.termination == nil { enter() }
  }

  /// Leaves the screen to another program until that ends, and comes back whatever it has done to the terminal. Draw
  /// anew afterwards.
  public func lend(to arguments: [String]) -> ForegroundProgram.End {
    leave()
    let end = ForegroundProgram.run(arguments, on: device.descriptor, signals)
    if signals.termination == nil { enter() }
    return end
  }

  /// Has the terminal report the mouse, or leave it to its own use; with Shift held it always does that.
  public func setMouse(_ isOn: Bool) {
    guard Terminfo.isECMA48 else { return }
    reportsMouse = isOn
    if isShown { device.write(isOn ? Terminfo.mouseOn : Terminfo.mouseOff) }
  }

  private func leave() {
    guard isShown else { return }
    isShown = false
    awaitReplies()
    device.write(Terminfo.isECMA48 ? Terminfo.bracketedPasteOff : "")
    if reportsMouse { device.write(Terminfo.mouseOff) }
    if isCursorShown { showCursor(at: nil) }
    endwin()
    // The shell's prompt would otherwise land in the last frame.
    if !Terminfo.hasAlternateScreen { device.write("\r\n") }
    device.restoreModes()
    signals.disarm()
  }

  private func enter() {
    signals.arm(terminal: device.descriptor, modes: device.modes, restoring: Terminfo.restoreString)
    isShown = true
    resume()
  }

  /// Takes up raw mode again and writes the whole screen.
  private func resume() {
    reset_prog_mode()
    takeSize()
    painter.forget()
    clearok(window, true)
    wrefresh(window)
    curs_set(0)
    isCursorShown = false
    device.write(Terminfo.isECMA48 ? Terminfo.bracketedPasteOn : "")
    if reportsMouse { device.write(Terminfo.mouseOn) }
  }
}

extension Terminal {
  /// Waits for a key, a signal or a wake, until the deadline (nanoseconds of `CLOCK_MONOTONIC`; nil: for
  /// as long as it takes), and returns what has come.
  ///
  /// The waker is drained: look at what it was about after `woken`. Without one, only keys and signals end
  /// the wait before the deadline.
  public func wait(until deadline: UInt64?, waking waker: Waker?) -> [Event] {
    var ready = Readiness(
      terminal: device.descriptor, signals: signals.descriptor, waker: waker?.descriptor ?? -1)
    let soonest = [deadline, keyboard.deadline].compactMap(\.self).min()
    ready.wait(milliseconds: Clock.milliseconds(until: soonest, atMost: keyboard.mayHoldMore ? 0 : nil))

    var events: [Event] = []
    signals.drain()
    appendSignals(to: &events)
    if ready.terminal != 0 || keyboard.mayHoldMore, isShown {
      let reading = keyboard.read(ready.terminal, from: window)
      events += reading.events.filter { !takeReply($0) }
      if reading.isHungUp { events.append(.hangUp) }
    } else if let event = keyboard.expire() {
      events.append(event)
    }
    if let waker, ready.waker != 0 {
      waker.drain()
      events.append(.woken)
    }
    return events
  }

  private func appendSignals(to events: inout [Event]) {
    if let signal = signals.termination { events.append(.terminate(signal: signal)) }
    if signals.takeSuspension() { events.append(.suspend) }
    let isContinued = signals.takeContinuation() && isShown
    // Stopped from outside, with no time to leave: whoever had the terminal has changed its modes.
    if isContinued { resume() }
    if signals.takeResize() || isContinued, isShown {
      takeSize()
      events.append(.resized(size))
    }
  }
}

extension Terminal {
  /// Handles a reply of the terminal. Returns false for any other event.
  private func takeReply(_ event: Event) -> Bool {
    if case .background(let background) = event, query.deadline != nil { adopt(background) }
    return query.take(event)
  }

  /// Redraws the screen with the theme for that background.
  public func adopt(_ background: Background) {
    theme = Theme(theme.depth, on: background)
    let canvas = painter.shown
    painter = Painter(theme)
    if let canvas { present(canvas) }
  }

  /// Waits for outstanding replies: after the program has ended, the shell would take them for typed text.
  private func awaitReplies() {
    while let deadline = query.deadline, Clock.now < deadline {
      var ready = Readiness(terminal: device.descriptor, signals: -1, waker: -1)
      ready.wait(milliseconds: Clock.milliseconds(until: deadline, atMost: nil))
      let reading = keyboard.read(ready.terminal, from: window)
      for event in reading.events { _ = query.take(event) }
      if reading.isHungUp { return }
    }
  }
}
