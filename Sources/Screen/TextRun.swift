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
