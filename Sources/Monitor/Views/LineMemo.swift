internal import Screen
internal import JSON
internal import Synchronization

/// Where the columns of a line are in its bytes, at places near enough to each other that nothing long is read to show
/// a part of it.
struct LineColumns: Sendable {
  /// A byte of the line that a character begins with, and the column where it is drawn.
  struct Mark: Sendable {
    var offset = 0
    var column = 0
  }

  /// Bytes between two marks.
  private static let distance = 4096

  /// The first one is the line's start.
  private var marks = [Mark()]
  /// The columns that the line takes.
  private(set) var width = 0

  /// - Parameter isCancelled: asked at every mark; the columns are of no use once it says so.
  init(_ runs: [TextRun], charset: Charset, isCancelled: () -> Bool = { false }) {
    var start = 0
    for run in runs {
      width = SafeText.measure(
        run.bytes, from: width, every: Self.distance, charset: charset
      ) { place, column in
        marks.append(Mark(offset: start + place - run.bytes.startIndex, column: column))
        return !isCancelled()
      }
      start += run.bytes.count
    }
  }

  /// The last mark that is not right of a column.
  func mark(atColumn column: Int) -> Mark { last { $0.column <= column } }

  /// The last mark that is not behind a byte.
  func mark(atByte offset: Int) -> Mark { last { $0.offset <= offset } }

  private func last(where isBefore: (Mark) -> Bool) -> Mark {
    marks[max(0, Bisection.count(below: marks.count) { isBefore(marks[$0]) } - 1)]
  }
}

/// Remembers how the lines of one pane are wrapped and where their columns are, so that a body of one huge line is
/// measured only once, and in the background.
///
/// It holds nothing that could not be worked out again, so sharing it between copies of a model is harmless.
final class LineMemo: Sendable {
  private struct State {
    /// The width at which lines are wrapped: what was known at another one is forgotten.
    var width = 0
    var ranges: [Int: [Range<Int>]] = [:]
    /// Those of lines that are still being measured.
    var firstRanges: [Int: [Range<Int>]] = [:]

    mutating func makeRoom(width: Int) {
      guard ranges.count + firstRanges.count >= LineMemo.limit || width != self.width else { return }
      (ranges, firstRanges) = ([:], [:])
      self.width = width
    }
    var columns: [Int: LineColumns] = [:]
  }

  /// How many lines are remembered; more than any screen shows.
  private static let limit = 1000

  private let state = Mutex(State())

  /// The rows of a line at a width, as byte ranges of its text; nil if they are not known.
  func ranges(line: Int, columns: Int) -> [Range<Int>]? {
    state.withLock { $0.width == columns ? $0.ranges[line] : nil }
  }

  func keep(_ ranges: [Range<Int>], line: Int, columns: Int) {
    state.withLock { state in
      state.makeRoom(width: columns)
      state.ranges[line] = ranges
      state.firstRanges[line] = nil
    }
  }

  /// The rows that a long line begins with, before all of it has been measured.
  func firstRanges(line: Int, columns: Int) -> [Range<Int>]? {
    state.withLock { $0.width == columns ? $0.firstRanges[line] : nil }
  }

  func keepFirst(_ ranges: [Range<Int>], line: Int, columns: Int) {
    state.withLock { state in
      state.makeRoom(width: columns)
      state.firstRanges[line] = ranges
    }
  }

  func columns(line: Int) -> LineColumns? { state.withLock { $0.columns[line] } }

  func keep(_ columns: LineColumns, line: Int) {
    state.withLock { state in
      if state.columns.count >= Self.limit { state.columns = [:] }
      state.columns[line] = columns
    }
  }
}
