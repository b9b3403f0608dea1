internal import CNcurses
internal import Glibc
public import Screen
internal import OperatingSystem

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

/// Which key a code or a control character of ncurses is.
enum KeyCodes {
  /// The key for a function code; nil for keys that have no meaning here.
  static func key(forCode code: Int32) -> Key? {
    let number = Int(code - CURSES_FIRST_FUNCTION_KEY)
    if (1...63).contains(number) { return .function(number) }
    return named[code]
  }

  /// The key for a character that was typed.
  static func key(for scalar: Unicode.Scalar) -> Key? {
    switch scalar.value {
    case 0x09: .tab
    case 0x0D: .enter
    case 0x1B: .escape
    case 0x7F: .backspace
    case 0..<0x20: control(scalar.value)
    case 0x80..<0xA0: nil
    default: .character(Character(scalar))
    }
  }

  /// Returns the key for Alt and a character, which terminals send as Escape and the character together, or nil when
  /// that has no meaning.
  static func altKey(for scalar: Unicode.Scalar) -> Key? {
    switch key(for: scalar) {
    case .character(let character): .alt(.character(character))
    case .backspace, .control("h"): .alt(.backspace)
    default: nil
    }
  }

  /// The key for a control sequence that terminfo does not name: what it carries, and its last byte.
  static func key(forSequence parameters: String, final: Unicode.Scalar) -> Key? {
    switch (parameters, final) {
    case ("", "A"): .up
    case ("", "B"): .down
    case ("", "C"): .right
    case ("", "D"): .left
    case ("", "H"), ("1", "~"), ("7", "~"): .home
    case ("", "F"), ("4", "~"), ("8", "~"): .end
    case ("", "Z"): .backTab
    case ("", "M"): nil
    case ("2", "~"): .insert
    case ("3", "~"): .delete
    case ("5", "~"): .pageUp
    case ("6", "~"): .pageDown
    default: nil
    }
  }

  private static func control(_ value: UInt32) -> Key {
    let letter = Character(Unicode.Scalar(UInt8(truncatingIfNeeded: value | 0x40)))
    return .control(letter.isLetter ? Character(letter.lowercased()) : letter)
  }

  private static let named: [Int32: Key] = [
    KEY_UP: .up, KEY_DOWN: .down, KEY_LEFT: .left, KEY_RIGHT: .right,
    KEY_HOME: .home, KEY_END: .end, KEY_PPAGE: .pageUp, KEY_NPAGE: .pageDown,
    KEY_A1: .home, KEY_A3: .pageUp, KEY_C1: .end, KEY_C3: .pageDown,
    KEY_BACKSPACE: .backspace, KEY_DC: .delete, KEY_IC: .insert,
    KEY_BTAB: .backTab, KEY_ENTER: .enter,
  ]
}

/// What the terminal reports to the main loop.
public enum Event: Hashable, Sendable {
  case key(Key)
  /// Text from the clipboard, as one piece: never commands. It is not safe to draw as it is.
  case paste(String)
  case resized(Size)
  /// Another thread has called `Waker.wake`.
  case woken
  /// SIGTSTP came from outside. Control-Z arrives as a key.
  case suspend
  /// A signal asks the process to end.
  case terminate(signal: Int32)
  /// The terminal is gone.
  case hangUp
  /// The terminal has said what its background is like.
  case background(Background)
  /// The terminal has said what it is, which every one does that is asked.
  case deviceAttributes
}
