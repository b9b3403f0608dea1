internal import JSON
internal import Screen
internal import Webhooks

/// A text searched for in one pane: where it was found, and which match the user stands on.
struct PaneSearch: Sendable {
  /// A stretch of a line's bytes; in the body of the body's bytes, and `line` is 0.
  struct Match: Sendable, Equatable {
    let line: Int
    let range: Range<Int>
  }

  let text: String
  let matches: [Match]
  let isTruncated: Bool
  private(set) var current: Int?

  init(_ text: String, in content: PaneContent) {
    self.text = text
    let search = PayloadSearch(text)
    switch content {
    case .payload(let document):
      let found = search.matches(in: document.body)
      matches = found.ranges.map { Match(line: 0, range: $0) }
      isTruncated = found.isTruncated
    case .text(let lines):
      matches = lines.enumerated().flatMap { line, runs in
        search.matches(in: runs.flatMap(\.bytes)).ranges.map { Match(line: line, range: $0) }
      }
      isTruncated = false
    }
  }

  /// `3 of 12`, or that there is none.
  var summary: String {
    guard !matches.isEmpty else { return "no match" }
    return "\(current.map { "\($0 + 1) of " } ?? "")\(matches.count)\(isTruncated ? "+" : "")"
  }

  /// Moves to the match `step` further on, round and round; the first step goes to the first one from
  /// `position` on.
  mutating func move(_ step: Int, from position: Match) -> Match? {
    guard !matches.isEmpty else { return nil }
    let next: Int
    if let current {
      next = ((current + step) % matches.count + matches.count) % matches.count
    } else {
      let first = matches.firstIndex { !Self.isBefore($0, position) } ?? 0
      next = step > 0 ? first : (first + matches.count - 1) % matches.count
    }
    current = next
    return matches[next]
  }

  /// The matches of a line that meet `range`, and whether each is the current one.
  func matches(line: Int, in range: Range<Int>) -> [(range: Range<Int>, isCurrent: Bool)] {
    var low = 0
    var high = matches.count
    while low < high {
      let middle = (low + high) / 2
      let match = matches[middle]
      if (match.line, match.range.upperBound) <= (line, range.lowerBound) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    var found: [(range: Range<Int>, isCurrent: Bool)] = []
    while low < matches.count, matches[low].line == line, matches[low].range.lowerBound < range.upperBound {
      found.append((matches[low].range, low == current))
      low += 1
    }
    return found
  }

  private static func isBefore(_ left: Match, _ right: Match) -> Bool {
    (left.line, left.range.lowerBound) < (right.line, right.range.lowerBound)
  }
}
