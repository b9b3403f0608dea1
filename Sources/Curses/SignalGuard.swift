import CNcurses
import Glibc

/// The signals while the screen is up: requests become flags, crashes give the terminal back first.
final class SignalGuard {
  /// Readable after a request has come.
  let descriptor: Int32
  /// What the handlers read and write; never freed, and the pipe behind it never closed, because a
  /// handler may still be running in another thread.
  private let state: UnsafeMutablePointer<guard_state>

  private static let terminating = [SIGTERM, SIGINT, SIGHUP, SIGQUIT]
  private static let others = [SIGTSTP, SIGCONT, SIGWINCH]
  private static let crashes = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT]

  init() throws(TerminalError) {
    let pipe = try Waker.openPipe()
    guard let state = guard_create(pipe.writer) else { throw .noDescriptors(code: ENOMEM) }
    self.state = state
    descriptor = pipe.reader
  }

  /// Takes the signals over. Before `newterm`, which then leaves them alone.
  func install() {
    for signal in SignalGuard.terminating + SignalGuard.others { guard_watch(state, signal) }
    guard_use_own_stack(state)
    for signal in SignalGuard.crashes { guard_catch_crash(state, signal) }
  }

  func uninstall() {
    for signal in SignalGuard.terminating + SignalGuard.others + SignalGuard.crashes {
      guard_release(state, signal)
    }
  }

  /// From now on a crash writes the string and puts the modes back.
  func arm(terminal: Int32, modes: termios, restoring text: [UInt8]) {
    var modes = modes
    text.withUnsafeBytes { guard_arm(state, terminal, &modes, $0.baseAddress, $0.count) }
  }

  /// The terminal has been given back.
  func disarm() { guard_disarm(state) }

  /// Empties the pipe. Before the flags are looked at, so that no signal falls in between.
  func drain() { Waker.empty(descriptor) }

  func takeTermination() -> Int32? { SignalGuard.terminating.first { guard_take(state, $0) != 0 } }
  func takeSuspension() -> Bool { guard_take(state, SIGTSTP) != 0 }
  func takeContinuation() -> Bool { guard_take(state, SIGCONT) != 0 }
  func takeResize() -> Bool { guard_take(state, SIGWINCH) != 0 }

  /// True if the process has been asked to end, which stays to be taken.
  var isEnding: Bool { SignalGuard.terminating.contains { guard_is_noted(state, $0) != 0 } }

  /// Stops the process group, as the terminal driver does at Control-Z; returns when it is continued.
  ///
  /// SIGTSTP and not SIGSTOP: in a group that no shell could continue, the kernel ignores it.
  func stop() {
    guard_release(state, SIGTSTP)
    kill(0, SIGTSTP)
    guard_watch(state, SIGTSTP)
  }

  /// Dies by the signal, with what it does to a program that has never heard of it.
  static func die(by signal: Int32) -> Never {
    guard_die(signal)
    _exit(128 + signal)
  }
}
