internal import Glibc
internal import System

/// Shows how far a long work has come, from its first second on and ten times a second.
///
/// Not where the results go to a terminal, too: there they show it themselves.
struct Progress {
  private let isWanted = isatty(STDOUT_FILENO) == 0
  private let start = Clock.now
  private var shownAt: UInt64 = 0
  private var count = 0

  /// Counts one more; `verb` says what has been done to it.
  mutating func step(_ verb: String) {
    count += 1
    guard isWanted else { return }
    let now = Clock.now
    guard now - start > 1_000_000_000, now - shownAt > 100_000_000 else { return }
    shownAt = now
    Console.progress("\(count) \(verb)")
  }
}
