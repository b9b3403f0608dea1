import CSignals
import Glibc

/// The signals that are taken over for a while: requests become flags, crashes give the terminal back first.
///
/// A signal that was ignored at the start, as `nohup` does with SIGHUP, stays ignored. A process that has
/// been asked to end and is still there 2 s later, because a write is stuck, dies by that signal.
public final class SignalGuard {
  /// Readable after a request has come.
  public let descriptor: Int32
  /// What the handlers read and write; never freed, and the pipe behind it never closed, because a
  /// handler may still be running in another thread.
  private let state: UnsafeMutablePointer<guard_state>

  private static let terminating = [SIGTERM, SIGINT, SIGHUP, SIGQUIT]
  private static let crashes = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT]

  public init() throws(SystemError) {
    let pipe = try Waker.openPipe()
    guard let state = guard_create(pipe.writer) else { throw .noDescriptors(code: ENOMEM) }
    self.state = state
    descriptor = pipe.reader
  }

  /// Notes the signals that ask the process to end.
  public func noteTerminations() {
    guard_catch_alarm(state)
    for signal in SignalGuard.terminating { guard_watch_ending(state, signal) }
  }

  /// Notes signals that ask for anything else.
  public func note(_ signals: [Int32]) {
    for signal in signals { guard_watch(state, signal) }
  }

  /// Puts back what these signals did before.
  func release(_ signals: [Int32]) {
    for signal in signals { guard_release(state, signal) }
  }

  public func catchCrashes() {
    guard_use_own_stack(state)
    for signal in SignalGuard.crashes { guard_catch_crash(state, signal) }
  }

  /// Puts back what the signals did before.
  public func uninstall() {
    let requests = SignalGuard.terminating + [SIGTSTP, SIGCONT, SIGWINCH]
    for signal in requests + SignalGuard.crashes { guard_release(state, signal) }
    // The process that is about to end may get stuck after this, too.
    if termination == nil { guard_release(state, SIGALRM) }
  }

  /// From now on a crash, or being stuck at the end, puts the modes back and writes the string.
  public func arm(terminal: Int32, modes: TerminalModes, restoring text: [UInt8]) {
    var modes = modes.value
    text.withUnsafeBytes { guard_arm(state, terminal, &modes, $0.baseAddress, $0.count) }
  }

  /// The terminal has been given back.
  public func disarm() { guard_disarm(state) }

  /// Empties the pipe. Before the flags are looked at, so that no signal falls in between.
  public func drain() { Waker.empty(descriptor) }

  /// The first signal that asked the process to end; it stays.
  public var termination: Int32? {
    let signal = guard_ending(state)
    return signal == 0 ? nil : signal
  }

  public func takeSuspension() -> Bool { guard_take(state, SIGTSTP) != 0 }
  public func takeContinuation() -> Bool { guard_take(state, SIGCONT) != 0 }
  public func takeResize() -> Bool { guard_take(state, SIGWINCH) != 0 }

  /// Stops the process group, as the terminal driver does at Control-Z; returns when it is continued.
  ///
  /// SIGTSTP and not SIGSTOP: in a group that no shell could continue, the kernel ignores it.
  public func stop() {
    guard_release(state, SIGTSTP)
    kill(0, SIGTSTP)
    guard_watch(state, SIGTSTP)
  }

  /// Dies by the signal, as a program that does not handle it would.
  public static func die(by signal: Int32) -> Never {
    guard_die(signal)
    _exit(128 + signal)
  }
}

/// Notes the signals that ask a program without a screen to end, so that it can finish what it is writing.
///
/// Those that were ignored at the start stay ignored. A program that is still there 2 s after the first of
/// them, because nobody reads its output, dies by it.
public final class EndingSignals {
  private let signals: SignalGuard

  public init() throws(SystemError) {
    signals = try SignalGuard()
    signals.noteTerminations()
  }

  /// Readable once a signal has come.
  public var descriptor: Int32 { signals.descriptor }

  /// The first of the signals that came.
  public var received: Int32? { signals.termination }

  /// Dies by the signal, so that the parent process sees the true reason.
  public static func die(by signal: Int32) -> Never { SignalGuard.die(by: signal) }
}
