internal import Screen

/// Cuts a line into the rows that it takes on the screen.
struct Wrapping {
  let columns: Int
  let charset: Charset
  /// How far the second and later rows of a line that is cut between words are indented; nil for text that may be cut
  /// anywhere.
  let proseIndent: Int?
  /// Whether they are indented beyond the line's own indentation.
  var hangs = false

  /// The rows of a line, each as runs to be drawn.
  func rows(of runs: [TextRun]) -> [[TextRun]] {
    let ranges = ranges(of: runs)
    return rows(ranges.indices, of: runs, cutAt: ranges)
  }

  /// Those of the `wanted` rows that a line has which is known to be cut at `ranges`: of a line of megabytes only
  /// the few that are seen.
  func rows(_ wanted: Range<Int>, of runs: [TextRun], cutAt ranges: [Range<Int>]) -> [[TextRun]] {
    let indent = ranges.count > 1 ? indent(of: runs) : 0
    let margin = TextRun(String(repeating: " ", count: indent))
    return wanted.clamped(to: ranges.indices).map { row in
      row == 0 || indent == 0 ? runs.slice(ranges[row]) : [margin] + runs.slice(ranges[row])
    }
  }

  /// Where a line is cut, as ranges of its bytes.
  func ranges(of runs: [TextRun]) -> [Range<Int>] {
    SafeText.wrap(
      runs.flatMap(\.bytes)[...], columns: columns, later: columns - indent(of: runs),
      atWords: proseIndent != nil,
      tabs: .stops, charset: charset)
  }

  /// The indent of the second and later rows; where a row is narrow, none.
  private func indent(of runs: [TextRun]) -> Int {
    guard let proseIndent else { return 0 }
    let indent = hangs ? Self.blanks(before: runs) + proseIndent : proseIndent
    return columns >= 3 * indent ? indent : 0
  }

  /// How many blanks a line begins with.
  private static func blanks(before runs: [TextRun]) -> Int {
    var count = 0
    for run in runs {
      let blanks = run.bytes.prefix { $0 == UInt8(ascii: " ") }.count
      count += blanks
      guard blanks == run.bytes.count else { return count }
    }
    return count
  }
}
