internal import Synchronization

/// Remembers how the lines of one pane are wrapped, so that a body of one huge line is measured only once.
///
/// It holds nothing that could not be worked out again, so sharing it between copies of a model is harmless.
final class WrapMemo: Sendable {
  private struct Key: Hashable {
    let line: Int
    let columns: Int
  }

  /// How many lines are remembered; more than any screen shows.
  private static let limit = 1000

  private let ranges = Mutex<[Key: [Range<Int>]]>([:])

  /// The rows of a line at a width, as byte ranges of its text; worked out by `make` the first time.
  func ranges(line: Int, columns: Int, make: () -> [Range<Int>]) -> [Range<Int>] {
    let key = Key(line: line, columns: columns)
    if let known = ranges.withLock({ $0[key] }) { return known }
    let made = make()
    ranges.withLock { ranges in
      if ranges.count >= WrapMemo.limit { ranges = [:] }
      ranges[key] = made
    }
    return made
  }
}
