/// One line of the body pane, ready to be drawn from left to right.
public struct PayloadLine: Sendable, Equatable {
  /// Whether a JSON node begins on the line, and whether its contents are shown.
  public enum FoldState: Sendable, Equatable {
    case none, open, folded
  }

  public let segments: [PayloadSegment]
  public let foldState: FoldState

  init(_ segments: [PayloadSegment], foldState: FoldState = .none) {
    self.segments = segments
    self.foldState = foldState
  }
}
