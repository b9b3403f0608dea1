/// Something that the mouse did, as the terminal reports it.
public struct Mouse: Hashable, Sendable {
  public enum Deed: Hashable, Sendable {
    /// The left button went down.
    case press
    case wheelUp, wheelDown
  }

  public let deed: Deed
  public let place: Point

  public init(_ deed: Deed, at place: Point) {
    self.deed = deed
    self.place = place
  }

  /// Reads the parameters of a report in the form of SGR, `<0;12;3`, whose places count from 1; nil for anything that
  /// has no meaning here: other buttons, movements, and what is done while a key is held.
  public init?(parameters: String) {
    let parts = parameters.dropFirst().split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
    guard parameters.first == "<", parts.count == 3, let code = parts[0], let column = parts[1],
      let row = parts[2], (1...10_000).contains(column), (1...10_000).contains(row),
      let deed = Self.deeds[code]
    else { return nil }
    self.init(deed, at: Point(column: column - 1, row: row - 1))
  }

  private static let deeds: [Int: Deed] = [0: .press, 64: .wheelUp, 65: .wheelDown]
}
