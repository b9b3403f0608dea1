/// A colour as terminals count them.
public enum Color: Hashable, Sendable {
  /// The terminal's own foreground or background.
  case standard
  /// One of the terminal's palette: 0–7 everywhere, 8–15 bright, up to 255 where it has so many.
  case indexed(UInt8)
}
