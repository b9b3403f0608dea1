/// How a cell is to be shown: its role, and what comes on top of the role.
public struct Style: Hashable, Sendable {
  public var role: Role
  /// The cell belongs to the selected row.
  public var isSelected: Bool
  public var bold: Bool
  public var underline: Bool

  public init(_ role: Role, selected: Bool = false, bold: Bool = false, underline: Bool = false) {
    self.role = role
    self.isSelected = selected
    self.bold = bold
    self.underline = underline
  }

  public static let normal = Style(.normal)
  public static let dim = Style(.dim)
  public static let title = Style(.title)
  public static let border = Style(.border)

  /// Returns the same style as part of the selected row.
  public func selected(_ isSelected: Bool = true) -> Style {
    var copy = self
    copy.isSelected = isSelected
    return copy
  }

  /// Returns the same style with another role.
  public func with(_ role: Role) -> Style {
    var copy = self
    copy.role = role
    return copy
  }
}

/// What a piece of text means; the theme decides what it looks like.
public enum Role: UInt8, CaseIterable, Sendable {
  case normal
  case dim
  case title
  case heading
  case border
  case borderFocused
  case selection
  case success
  case failure
  case warning
  /// A state that is neither good nor bad, such as a signature nobody checked.
  case neutral
  case info
  /// The name of a keyboard key in the bottom line and the help.
  case key
  case jsonKey
  case jsonString
  case jsonNumber
  case jsonLiteral
  case punctuation
  /// What hooktop says beside a line of a body.
  case mark
  case match
  case currentMatch
  /// The line along the top of the screen.
  case bar
  case prompt
  /// The picture of something that must not reach the terminal as it is.
  case inert
}

/// A stretch of text in one style; a line on the screen is a list of them.
public struct TextRun: Hashable, Sendable {
  public let bytes: ArraySlice<UInt8>
  public let style: Style

  public init(_ text: String, _ style: Style = .normal) {
    self.init(Array(text.utf8)[...], style)
  }

  /// Makes a run of received bytes; they are made safe when they are drawn.
  public init(_ bytes: ArraySlice<UInt8>, _ style: Style = .normal) {
    self.bytes = bytes
    self.style = style
  }
}

extension [TextRun] {
  /// Returns how many columns the runs take, one after the other.
  public func width(in charset: Charset) -> Int {
    reduce(0) { $0 + SafeText.width(of: $1.bytes, charset: charset) }
  }
}
