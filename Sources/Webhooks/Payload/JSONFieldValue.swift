/// What stands in a body at a path that was asked for.
public enum JSONFieldValue: Sendable, Equatable {
  /// A string, escapes resolved; invalid UTF-8 and lone surrogates as U+FFFD.
  case string(String)
  case bool(Bool)
  /// A number's text as it was sent.
  case number(String)
  /// `null`, an object or an array.
  case other

  /// The string, or `nil` for any other kind.
  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The truth value, or `nil` for any other kind.
  public var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }
}
