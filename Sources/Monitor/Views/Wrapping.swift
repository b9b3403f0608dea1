internal import Screen
internal import Synchronization

/// Cuts a line into the rows that it takes on the screen.
struct Wrapping {
  let columns: Int
  let charset: Charset
  /// How far the second and later rows of a sentence are indented; nil for text that may be cut anywhere.
  let proseIndent: Int?

  /// The longest line that is looked at word by word, in bytes; it bounds the work for a hostile header.
  private static let proseLimit = 2048

  /// The rows of a line, each as runs to be drawn.
  func rows(of runs: [TextRun]) -> [[TextRun]] {
    let ranges = ranges(of: runs)
    return rows(ranges.indices, of: runs, cutAt: ranges)
  }

  /// Those of the `wanted` rows that a line has which is known to be cut at `ranges`: of a line of megabytes only
  /// the few that are seen.
  func rows(_ wanted: Range<Int>, of runs: [TextRun], cutAt ranges: [Range<Int>]) -> [[TextRun]] {
    let indent = ranges.count > 1 ? indent(forBytes: runs.reduce(0) { $0 + $1.bytes.count }) ?? 0 : 0
    let margin = TextRun(String(repeating: " ", count: indent))
    return wanted.clamped(to: ranges.indices).map { row in
      row == 0 || indent == 0 ? runs.slice(ranges[row]) : [margin] + runs.slice(ranges[row])
    }
  }

  /// Where a line is cut, as ranges of its bytes.
  func ranges(of runs: [TextRun]) -> [Range<Int>] {
    let bytes = runs.flatMap(\.bytes)
    return indent(forBytes: bytes.count).map { wordRanges(bytes, $0) } ?? pieces(bytes[...], columns)
  }

  /// The indent of a sentence that is cut between words; where a row is narrow, none.
  private func indent(forBytes count: Int) -> Int? {
    guard let proseIndent, count <= Self.proseLimit else { return nil }
    return columns >= 3 * proseIndent ? proseIndent : 0
  }

  private func pieces(_ bytes: ArraySlice<UInt8>, _ columns: Int) -> [Range<Int>] {
    SafeText.wrap(bytes, columns: columns, tabs: .stops, charset: charset)
  }

  private func wordRanges(_ bytes: [UInt8], _ indent: Int) -> [Range<Int>] {
    let space = UInt8(ascii: " ")
    var rows: [Range<Int>] = []
    var start = 0
    repeat {
      let row = pieces(bytes[start...], columns - (rows.isEmpty ? 0 : indent)).first ?? start..<bytes.count
      let isLast = row.upperBound >= bytes.count
      // A blank at the cut belongs to neither row; a row of blanks alone would be the margin of the line.
      let cut = isLast ? nil : bytes[start...row.upperBound].lastIndex(of: space)
      if let cut, cut > start, bytes[start..<cut].contains(where: { $0 != space }) {
        rows.append(start..<cut)
        start = cut + 1
      } else {
        rows.append(row)
        start = row.upperBound
      }
    } while start < bytes.count
    return rows
  }
}

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
