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
  case match
  case currentMatch
  /// The line along the top of the screen.
  case bar
  case prompt
  /// The picture of something that must not reach the terminal as it is.
  case inert
}
