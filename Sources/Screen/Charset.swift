internal import Glibc

/// What the user's locale lets a terminal show.
public enum Charset: Hashable, Sendable {
  case utf8
  /// Everything beyond ASCII is drawn as `\u{…}`.
  case ascii

  /// Takes over the character type of the user's locale, once, before the first thread is started.
  ///
  /// A locale that is named but not installed here, as is usual after `ssh`, counts as UTF-8 where its
  /// name says so. Numbers and messages keep the C locale: the output must be the same everywhere.
  public static func adoptLocale() -> Charset {
    if setlocale(LC_CTYPE, "") == nil, namesUTF8(requestedLocale) {
      setlocale(LC_CTYPE, "C.UTF-8")
    }
    return current
  }

  /// What the process's character type is now.
  static var current: Charset {
    namesUTF8(String(cString: nl_langinfo(Int32(CODESET)))) ? .utf8 : .ascii
  }

  private static var requestedLocale: String {
    for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
      if let value = getenv(name), value.pointee != 0 { return String(cString: value) }
    }
    return ""
  }

  /// True for a locale such as `en_US.UTF-8` or `sr_RS.utf8@latin`, and for the code set's own name.
  static func namesUTF8(_ name: String) -> Bool {
    let lower = name.prefix { $0 != "@" }.lowercased()
    return lower.hasSuffix("utf-8") || lower.hasSuffix("utf8")
  }
}

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
  /// Before the number of the delivery that one was made from.
  public let replayed: Character

  /// Lines and signs for a UTF-8 terminal.
  public static let unicode = Glyphs(
    horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘",
    leftTee: "├", rightTee: "┤",
    valid: "✓", failed: "✗", stale: "!", unchecked: "?", bullet: "●", cursor: "▸", ellipsis: "…",
    folded: "▸", unfolded: "▾", separator: "·", replayed: "\u{21BB}")

  /// The same in ASCII.
  public static let ascii = Glyphs(
    horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+",
    leftTee: "+", rightTee: "+",
    valid: "+", failed: "x", stale: "!", unchecked: "?", bullet: "*", cursor: ">", ellipsis: "~",
    folded: ">", unfolded: "v", separator: "-", replayed: "r")

  /// Returns the set that the character set can show.
  public static func forCharset(_ charset: Charset) -> Glyphs {
    switch charset {
    case .utf8: .unicode
    case .ascii: .ascii
    }
  }
}
