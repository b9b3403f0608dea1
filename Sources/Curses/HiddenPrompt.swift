import Glibc
public import OperatingSystem

/// Asks for a line on the terminal without showing what is typed.
///
/// A signal that ends or stops the program first gives the terminal back.
public struct HiddenPrompt {
  private let question: String
  private let terminal: Int32
  /// The modes to put back.
  private let modes: TerminalModes
  private let signals: SignalGuard
  private var line: [UInt8] = []

  private init?(_ question: String, on terminal: Int32) throws(SystemError) {
    guard let modes = TerminalModes(of: terminal) else { return nil }
    (self.question, self.terminal, self.modes) = (question, terminal, modes)
    signals = try SignalGuard()
  }

  /// Returns the bytes typed, without the newline, or nil if there is no terminal.
  /// - Throws: `SystemError.noDescriptors`.
  public static func read(_ question: String) throws(SystemError) -> [UInt8]? {
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
    guard terminal >= 0 else { return nil }
    defer { close(terminal) }
    var prompt = try HiddenPrompt(question, on: terminal)
    return prompt?.ask()
  }

  private mutating func ask() -> [UInt8] {
    signals.noteTerminations()
    signals.note([SIGTSTP, SIGCONT])
    defer { signals.uninstall() }
    show()
    defer { giveBack() }
    while true {
      let isReady = waitForInput()
      obeySignals()
      guard isReady else { continue }
      let count = takeInput()
      if line.last == UInt8(ascii: "\n") { return line.dropLast() }
      if count <= 0 { return line }
    }
  }

  /// Takes the echo away and asks, anew where it has asked before.
  private mutating func show() {
    line = []
    signals.arm(terminal: terminal, modes: modes, restoring: [])
    modes.hidingInput.setDiscardingInput(on: terminal)
    say(question)
  }

  private func giveBack() {
    // What is left of a text of several lines must not fall into the shell's hands.
    modes.setDiscardingInput(on: terminal)
    signals.disarm()
    say("\n")
  }

  /// Waits for input or a signal; true if it is input.
  private func waitForInput() -> Bool {
    var waiting = [
      pollfd(fd: terminal, events: Int16(POLLIN), revents: 0),
      pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    return poll(&waiting, nfds_t(waiting.count), -1) > 0 && waiting[0].revents != 0
  }

  private mutating func obeySignals() {
    signals.drain()
    if let signal = signals.termination {
      giveBack()
      SignalGuard.die(by: signal)
    }
    let isToStop = signals.takeSuspension()
    if isToStop {
      giveBack()
      signals.stop()
    }
    // Whoever had the terminal meanwhile may have changed its modes.
    if signals.takeContinuation() || isToStop { show() }
  }

  /// Reads what is there, at most a line; 0 or less at the end of the input.
  private mutating func takeInput() -> Int {
    let size = 4096
    var result = 0
    line += [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      repeat { result = Glibc.read(terminal, buffer.baseAddress, size) } while result < 0 && errno == EINTR
      count = max(0, result)
    }
    return result
  }

  private func say(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(terminal, bytes, bytes.count)
  }
}
