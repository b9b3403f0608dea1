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
  /// That of a paste is long: what came after it would be taken as keys.
  private static func patience(with unfinished: InputParser.Unfinished) -> UInt64 {
    switch unfinished {
    case .sequence: 100_000_000
    case .paste: 5_000_000_000
    }
  }

  /// At most so many characters are read at a time, so that a long paste does not stop the screen.
  private static let batch = 8192

  /// How many nanoseconds after the last input a byte is typed and not a part of a paste, which comes in one go.
  private static let typingPause: UInt64 = 50_000_000

  private let descriptor: Int32
  private var parser = InputParser()
  private var decoder: KeyDecoder
  private var lastInput: UInt64 = 0
  /// True if the last batch ended before the characters did: ncurses may hold some that `poll` does not
  /// know of.
  private(set) var mayHoldMore = false

  init(descriptor: Int32, charset: Charset) {
    self.descriptor = descriptor
    decoder = KeyDecoder(charset)
  }

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
    let inputs = inputs(from: window)
    var reading = Reading()
    if inputs == [.scalar("\u{03}")], Clock.now - lastInput > Keyboard.typingPause {
      // C-c is a way out of a paste whose end does not come.
      if let event = parser.giveUp() { reading.events.append(event) }
    }
    reading.events += inputs.compactMap { parser.take($0) }
    if !mayHoldMore, let event = parser.pause() { reading.events.append(event) }
    lastInput = Clock.now
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

  /// What is there, as far as it fits a batch.
  ///
  /// Read byte by byte: asked for characters, ncurses drops up to 144 bytes after one that is no text, a paste's end
  /// among them.
  private mutating func inputs(from window: UnsafeMutablePointer<WINDOW>) -> [InputParser.Input] {
    var inputs: [InputParser.Input] = []
    mayHoldMore = true
    for _ in 0..<Keyboard.batch {
      let value = wgetch(window)
      guard value != ERR else {
        mayHoldMore = false
        break
      }
      inputs += value < 256 ? decoder.take(UInt8(truncatingIfNeeded: value)) : decoder.end() + [.code(value)]
    }
    return inputs
  }
}

/// Puts the bytes of a keyboard together to characters; what is none in the user's locale becomes a mark for it.
struct KeyDecoder {
  private let charset: Charset
  /// The bytes of a character whose rest has not come.
  private var pending: [UInt8] = []

  init(_ charset: Charset) { self.charset = charset }

  mutating func take(_ byte: UInt8) -> [InputParser.Input] {
    switch byte {
    case 0x80..<0xC0 where !pending.isEmpty:
      pending.append(byte)
      return pending.count == Self.length(from: pending[0]) ? end() : []
    case 0..<0x80: return end() + [.scalar(Unicode.Scalar(byte))]
    default:
      let before = end()
      pending = [byte]
      return before + (Self.length(from: byte) == 1 ? end() : [])
    }
  }

  /// The character that has begun, as it stands.
  mutating func end() -> [InputParser.Input] {
    guard !pending.isEmpty else { return [] }
    defer { pending = [] }
    let text = charset == .utf8 ? String(validating: pending, as: UTF8.self) : nil
    return [.scalar(text?.unicodeScalars.first ?? Key.unreadable)]
  }

  /// How many bytes a character has that begins so; 1 for what begins none.
  private static func length(from first: UInt8) -> Int {
    switch first {
    case 0xC2..<0xE0: 2
    case 0xE0..<0xF0: 3
    case 0xF0..<0xF5: 4
    default: 1
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
    case ("1;5", "D"), ("1;3", "D"): .controlLeft
    case ("1;5", "C"), ("1;3", "C"): .controlRight
    case ("", "M"): nil
    case ("2", "~"): .insert
    case ("3", "~"): .delete
    case ("5", "~"): .pageUp
    case ("6", "~"): .pageDown
    default: nil
    }
  }

  /// What reports of the mouse begin with, which is read as any other sequence is.
  static let mouseReports = ["\u{1B}[<", "\u{1B}[M"]

  /// What terminals send for Control or Alt with an arrow to the left or right.
  static let wordMoves = ["\u{1B}[1;5C", "\u{1B}[1;5D", "\u{1B}[1;3C", "\u{1B}[1;3D"]

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
  case mouse(Mouse)
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
