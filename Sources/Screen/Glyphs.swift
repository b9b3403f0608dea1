/// The lines and signs that the screen is drawn with, each one column wide.
public struct Glyphs: Hashable, Sendable {
  public let horizontal: Character
  public let vertical: Character
  public let topLeft: Character
  public let topRight: Character
  public let bottomLeft: Character
  public let bottomRight: Character
  public let leftTee: Character
  public let rightTee: Character
  public let valid: Character
  public let failed: Character
  public let stale: Character
  public let unchecked: Character
  public let bullet: Character
  public let cursor: Character
  public let ellipsis: Character
  public let folded: Character
  public let unfolded: Character
  public let separator: Character

  /// Lines and signs for a UTF-8 terminal.
  public static let unicode = Glyphs(
    horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘",
    leftTee: "├", rightTee: "┤",
    valid: "✓", failed: "✗", stale: "!", unchecked: "?", bullet: "●", cursor: "▸", ellipsis: "…",
    folded: "▸", unfolded: "▾", separator: "·")

  /// The same in ASCII.
  public static let ascii = Glyphs(
    horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+",
    leftTee: "+", rightTee: "+",
    valid: "+", failed: "x", stale: "!", unchecked: "?", bullet: "*", cursor: ">", ellipsis: "~",
    folded: ">", unfolded: "v", separator: "-")

  /// The set that the character set can show.
  public static func forCharset(_ charset: Charset) -> Glyphs {
    switch charset {
    case .utf8: .unicode
    case .ascii: .ascii
    }
  }
}
