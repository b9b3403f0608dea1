import CNcurses
import Glibc
import System

/// Reads the keyboard through ncurses, as events.
struct Keyboard {
  /// What one look at the keyboard found.
  struct Reading {
    var events: [Event] = []
    var isHungUp = false
  }

  /// Nanoseconds without input after which what has begun will not come to its end any more.
  ///
  /// That of a paste is long: what came after it would be taken as keys. It can be lost all the same, since ncurses
  /// drops up to 144 bytes after one that is no text.
  private static func patience(with unfinished: InputParser.Unfinished) -> UInt64 {
    switch unfinished {
    case .sequence: 100_000_000
    case .paste: 5_000_000_000
    }
  }

  /// At most so many characters are read at a time, so that a long paste does not stop the screen.
  private static let batch = 8192

  private let descriptor: Int32
  private var parser = InputParser()
  /// True if the last batch ended before the characters did: ncurses may hold some that `poll` does not
  /// know of.
  private(set) var mayHoldMore = false

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// When the rest of what has begun is no longer waited for, in nanoseconds of `Clock`; nil between events.
  private(set) var deadline: UInt64?

  /// Gives up what has begun where its time is over; gives what is left of it.
  mutating func expire() -> Event? {
    guard let deadline, Clock.now >= deadline else { return nil }
    self.deadline = nil
    return parser.giveUp()
  }

  /// Reads what is there, after `poll` has reported something or the last batch was full.
  mutating func read(_ reported: Int16, from window: UnsafeMutablePointer<WINDOW>) -> Reading {
    guard !isHungUp(reported) else { return Reading(isHungUp: true) }
    var reading = Reading()
    mayHoldMore = true
    for _ in 0..<Keyboard.batch {
      guard let input = next(from: window) else {
        mayHoldMore = false
        if let event = parser.pause() { reading.events.append(event) }
        break
      }
      if let event = parser.take(input) { reading.events.append(event) }
    }
    deadline = parser.unfinished.map { Clock.now + Keyboard.patience(with: $0) }
    return reading
  }

  /// A terminal that is readable and has nothing to read is at its end: reading it would spin.
  private func isHungUp(_ reported: Int16) -> Bool {
    guard reported != 0 else { return false }
    guard reported & Int16(POLLHUP | POLLERR | POLLNVAL) == 0 else { return true }
    var waiting: Int32 = 0
    return ioctl(descriptor, UInt(FIONREAD), &waiting) != 0 || waiting == 0
  }

  private func next(from window: UnsafeMutablePointer<WINDOW>) -> InputParser.Input? {
    var value: wint_t = 0
    switch wget_wch(window, &value) {
    case OK: return Unicode.Scalar(value).map { .scalar($0) }
    case KEY_CODE_YES: return .code(Int32(bitPattern: value))
    default: return nil
    }
  }
}
