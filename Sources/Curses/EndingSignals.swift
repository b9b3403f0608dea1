import Glibc

/// Notes the signals that ask a program without a screen to end, so that it can finish what it is writing.
///
/// Those that were ignored at the start stay ignored. A program that is still there 2 s after the first of
/// them, because nobody reads its output, dies by it.
public final class EndingSignals {
  private let signals: SignalGuard

  public init() throws(TerminalError) {
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
