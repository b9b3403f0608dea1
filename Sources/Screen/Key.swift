/// A key of the keyboard, as the terminal reports it.
public enum Key: Hashable, Sendable {
  case character(Character)
  /// Control with a lower-case letter, or with one of `@ [ \ ] ^ _`.
  case control(Character)
  /// Alt, or Escape and a key that come in one breath.
  case alt(Base)
  case enter, escape, tab, backTab
  case up, down, left, right
  case controlLeft, controlRight
  case home, end, pageUp, pageDown
  case backspace, delete, insert
  /// F1 and on.
  case function(Int)

  /// What Alt is held down with.
  public enum Base: Hashable, Sendable {
    case character(Character)
    case backspace
  }

  /// Represents typed or pasted bytes that are not text in the user's locale.
  public static let unreadable: Unicode.Scalar = "\u{FFFF}"

  /// The key's name in the help and the bottom line.
  public var label: String { label(in: .utf8) }

  /// Returns the key's name, with words for the arrows where only ASCII can be shown.
  public func label(in charset: Charset) -> String {
    switch self {
    case .character(" "): "Space"
    case .character(let character): String(character)
    case .control(let letter): "C-\(letter)"
    case .alt(.character(let character)): "M-\(Key.character(character).label)"
    case .alt(.backspace): "M-Backspace"
    case .function(let number): "F\(number)"
    case .up: charset == .utf8 ? "↑" : "Up"
    case .down: charset == .utf8 ? "↓" : "Down"
    case .left: charset == .utf8 ? "←" : "Left"
    case .right: charset == .utf8 ? "→" : "Right"
    case .controlLeft: "C-\(Key.left.label(in: charset))"
    case .controlRight: "C-\(Key.right.label(in: charset))"
    default: name
    }
  }

  private var name: String {
    switch self {
    case .enter: "Enter"
    case .escape: "Esc"
    case .tab: "Tab"
    case .backTab: "S-Tab"
    case .home: "Home"
    case .end: "End"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    case .backspace: "Backspace"
    case .delete: "Del"
    case .insert: "Ins"
    case .character, .control, .alt, .function, .up, .down, .left, .right, .controlLeft, .controlRight: ""
    }
  }
}
