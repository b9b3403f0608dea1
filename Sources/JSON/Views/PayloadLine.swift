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

/// A stretch of a body line that is drawn in one role: bytes as they were sent, or text that the view adds.
public struct PayloadSegment: Sendable, Equatable {
  /// Where a segment's text comes from.
  public enum Text: Sendable, Equatable {
    /// These bytes of the body, unchanged: hostile, to be drawn through the text gate.
    case bytes(Range<Int>)
    /// Text made by the view: plain ASCII, but for the `…` of an elision.
    case literal(String)
  }

  /// The role of a segment, for the theme to colour.
  public enum Kind: Sendable, Equatable {
    case key, string, number
    /// `true`, `false` and `null`.
    case literal
    case punctuation
    /// A line of the raw view.
    case text
    /// The address at the head of a line of the hex view.
    case offset
    case hex, ascii
    /// Space that the view adds to line things up.
    case indent
    /// What stands for a folded node's contents.
    case elision
  }

  public let kind: Kind
  public let text: Text
  /// The bytes of the body that the segment draws, or `nil` for decoration. In `.hex` each byte takes two
  /// digits and a space between; in `.ascii` and `.bytes` segments the order is the body's.
  public let source: Range<Int>?

  init(_ kind: Kind, bytes: Range<Int>) {
    self.kind = kind
    text = .bytes(bytes)
    source = bytes
  }

  init(_ kind: Kind, literal: String, source: Range<Int>? = nil) {
    self.kind = kind
    text = .literal(literal)
    self.source = source
  }

  /// Space of `count` columns, filled at once: a deep line has thousands.
  static func indent(_ count: Int) -> PayloadSegment {
    let spaces = String(unsafeUninitializedCapacity: count) { bytes in
      bytes.extracting(..<count).initialize(repeating: 0x20)
      return count
    }
    return PayloadSegment(.indent, literal: spaces)
  }
}
