internal import Screen

/// Cuts a line into the rows that it takes on the screen.
struct Wrapping {
  let columns: Int
  let charset: Charset
  /// Whether rows end between words; only sentences are cut so, what was received anywhere.
  let isProse: Bool

  /// The longest line that is looked at word by word, in bytes; it bounds the work for a hostile header.
  private static let proseLimit = 2048

  func rows(of runs: [TextRun]) -> [[TextRun]] {
    ranges(runs.flatMap(\.bytes)).map { runs.slice($0) }
  }

  func rowCount(of runs: [TextRun]) -> Int {
    ranges(runs.flatMap(\.bytes)).count
  }

  private func ranges(_ bytes: [UInt8]) -> [Range<Int>] {
    isProse && bytes.count <= Self.proseLimit ? wordRanges(bytes) : pieces(bytes[...])
  }

  private func pieces(_ bytes: ArraySlice<UInt8>) -> [Range<Int>] {
    SafeText.wrap(bytes, columns: columns, tabs: .stops, charset: charset)
  }

  private func wordRanges(_ bytes: [UInt8]) -> [Range<Int>] {
    let space = UInt8(ascii: " ")
    var rows: [Range<Int>] = []
    var start = 0
    repeat {
      let row = pieces(bytes[start...]).first ?? start..<bytes.count
      let isLast = row.upperBound >= bytes.count
      // A blank at the cut belongs to neither row.
      let cut = isLast ? nil : bytes[start...row.upperBound].lastIndex(of: space)
      if let cut, cut > start {
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
