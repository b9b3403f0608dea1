/// What a TAB in received text becomes.
public enum Tabs: Hashable, Sendable {
  /// The picture `^I`: everywhere but in a body.
  case picture
  /// Blanks up to the next multiple of four columns; `column` is where the text starts in its line.
  case stops(from: Int)

  /// Columns between two tab stops.
  public static let distance = 4

  /// Blanks up to the next tab stop, for text that starts its line.
  public static let stops = Tabs.stops(from: 0)
}
