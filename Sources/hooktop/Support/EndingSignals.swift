internal import Curses
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Notes the signals that ask a program to end, so that it can finish what it is writing.
final class EndingSignals {
  private let first: Note
  private let sources: [any DispatchSourceSignal]

  /// What the signal queue writes and the loop reads.
  private final class Note: Sendable {
    let signal = Atomic<Int32>(0)
  }

  init(waking waker: Waker) {
    let note = Note()
    first = note
    sources = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].map { number in
      // A dispatch source only sees a signal whose default action is off.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler {
        _ = note.signal.compareExchange(expected: 0, desired: number, ordering: .relaxed)
        waker.wake()
      }
      source.activate()
      return source
    }
    signal(SIGPIPE, SIG_IGN)
  }

  /// The first of the signals that came.
  var received: Int32? {
    let number = first.signal.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }
}
