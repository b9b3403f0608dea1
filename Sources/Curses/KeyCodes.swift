import CNcurses
import Screen

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

  /// The key that Alt and a character make, which come as Escape and the character in one breath; nil where that is
  /// no key of its own.
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
