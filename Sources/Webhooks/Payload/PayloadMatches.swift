/// Where a search found its text in a body.
public struct PayloadMatches: Sendable, Equatable {
  /// Byte ranges of the body, in order; none overlaps another.
  public let ranges: [Range<Int>]
  /// Whether there are more matches than were asked for.
  public let isTruncated: Bool
}
