import CNcurses
import Glibc

/// Reads the keyboard through ncurses, as events.
struct Keyboard {
  /// What one look at the keyboard found.
  struct Reading {
    var events: [Event] = []
    var isHungUp = false
  }

  /// Milliseconds after which the rest of an escape sequence will not come any more.
  static let patience: Int32 = 100

  /// At most so many characters are read at a time, so that a long paste does not stop the screen.
  private static let batch = 8192

  private let descriptor: Int32
  private var parser = InputParser()
  /// True if the last batch ended before the characters did: ncurses may hold some that `poll` does not
  /// know of.
  private(set) var mayHoldMore = false

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// True while the rest of an escape sequence is awaited.
  var isInSequence: Bool { parser.isInSequence }

  mutating func abandonSequence() { parser.abandonSequence() }

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
      if let event = parser.takeSecond() { reading.events.append(event) }
    }
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
