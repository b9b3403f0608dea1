internal import Glibc
internal import Screen
internal import Synchronization
internal import OperatingSystem

/// Lines on standard error, and bytes on standard output.
enum Console {
  /// Whether standard error is read by a person.
  static let isInteractive = isatty(STDERR_FILENO) == 1

  /// The progress line that stands on standard error; held while anything is written there.
  private static let shownProgress = Mutex<String?>(nil)
  /// Takes the progress line away.
  private static let clearing = "\r\u{1B}[K"

  /// Prints `hooktop: …` on standard error; what the text may quote is made safe to print.
  static func say(_ text: String) {
    tell(line("hooktop: \(text)") + "\n")
  }

  static func warn(_ text: String) {
    say("warning: \(text)")
  }

  /// Prints a text of several lines on standard error as it is, but made safe to print.
  static func explain(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    tell(lines.map { line(String($0)) + "\n" }.joined())
  }

  /// Shows how far a long work has come, in place, until the next line; only to a person.
  static func progress(_ text: String) {
    guard isInteractive else { return }
    let line = line("hooktop: \(text)")
    shownProgress.withLock { shown in
      guard shown != line else { return }
      _ = Descriptor.write(Array((clearing + line).utf8), to: STDERR_FILENO)
      shown = line
    }
  }

  /// Takes the progress line away, where there is one.
  static func endProgress() {
    tell("")
  }

  /// Writes all of `bytes` to standard output.
  static func output(_ bytes: [UInt8]) throws(OutputError) {
    let (_, code) = Descriptor.write(bytes, to: STDOUT_FILENO)
    guard code != EPIPE else { throw .nobodyReads }
    guard code == 0 else { throw .cannotWrite(code: code) }
  }

  private static func line(_ text: String) -> String {
    SafeText.plain(text, charset: UserLocale.charset)
  }

  private static func tell(_ text: String) {
    shownProgress.withLock { shown in
      _ = Descriptor.write(Array((shown == nil ? text : clearing + text).utf8), to: STDERR_FILENO)
      shown = nil
    }
  }
}

/// Shows how far a long work has come, from its first second on and ten times a second.
///
/// Not where the results go to a terminal, too: there they show it themselves.
struct Progress {
  private let isWanted = isatty(STDOUT_FILENO) == 0
  private let start = Clock.now
  private var shownAt: UInt64 = 0
  private var count = 0

  /// Counts some more.
  /// - Parameters:
  ///   - verb: what has been done to them.
  ///   - percent: how much of all has been looked at, in hundredths, where that is known.
  mutating func step(_ verb: String, by more: Int = 1, percent: Int? = nil) {
    count += more
    guard isWanted else { return }
    let now = Clock.now
    guard now - start > 1_000_000_000, now - shownAt > 100_000_000 else { return }
    shownAt = now
    Console.progress("\(count) \(verb)" + (percent.map { ", \($0) % read" } ?? ""))
  }
}

/// Why standard output takes no more.
enum OutputError: Error, CustomStringConvertible {
  /// The program at the other end of the pipe is gone.
  case nobodyReads
  case cannotWrite(code: Int32)

  var description: String {
    switch self {
    case .nobodyReads: "nobody reads the output any more"
    case .cannotWrite(let code):
      "the output can't be written: \(SystemError.words(for: code)); make room, or write it elsewhere"
    }
  }
}

/// The user's locale, as far as hooktop goes by it.
enum UserLocale {
  /// What the user's terminal can show. Asked for first thing in `main`: `setlocale` is not for programs
  /// that have threads.
  static let charset = Charset.adoptLocale()
}
