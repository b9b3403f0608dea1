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

  /// - Parameter isCancelled: called every 64 KiB of a body; once it returns true, the search is incomplete.
  init(_ text: String, in content: PaneContent, isCancelled: () -> Bool = { false }) {
    self.text = text
    let search = PayloadSearch(text)
    switch content {
    case .payload(let document):
      let found = search.matches(in: document.body, isCancelled: isCancelled)
      matches = found.ranges.map { Match(line: 0, range: $0) }
      isTruncated = found.isTruncated
    case .text(let lines), .beginning(let lines, _):
      matches = lines.enumerated().flatMap { line, runs in
        search.matches(in: runs.flatMap(\.bytes)).ranges.map { Match(line: line, range: $0) }
      }
      isTruncated = false
    }
  }

  /// The same search in other lines; who stands on a match stands on the one in its place.
  func renewed(in content: PaneContent) -> PaneSearch {
    var search = PaneSearch(text, in: content)
    search.current = current.flatMap { search.matches.indices.contains($0) ? $0 : nil }
    return search
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
    let first = Bisection.count(below: matches.count) {
      (matches[$0].line, matches[$0].range.upperBound) <= (line, range.lowerBound)
    }
    return matches.indices[first...].prefix {
      matches[$0].line == line && matches[$0].range.lowerBound < range.upperBound
    }.map { (matches[$0].range, $0 == current) }
  }

  private static func isBefore(_ left: Match, _ right: Match) -> Bool {
    (left.line, left.range.lowerBound) < (right.line, right.range.lowerBound)
  }
}

extension Model {
  mutating func openSearch() {
    let pane = focus
    var prompt = Prompt("search \(pane.title.lowercased())", history: searchHistory) { prompt, model in
      model.panels.pop()
      return model.search(prompt.editor.text, in: pane)
    }
    if pane == .deliveries {
      let origin = SearchOrigin(text: searches[pane], selected: list.selected, follows: list.follows)
      prompt.live = { $1.searchList($0, from: origin) }
      prompt.cancelled = { $0.goBack(to: origin) }
    }
    panels.push(prompt)
  }

  private mutating func search(_ text: String, in pane: Pane) -> [Effect] {
    guard !text.isEmpty else { return [] }
    remember(text, in: &searchHistory)
    searches[pane] = text
    if pane == .deliveries { return moveToDelivery(1, keepingCurrent: true) }
    inspection?.search(text, in: pane)
    moveToText(1, in: pane)
    return []
  }

  mutating func clearSearches() {
    searches = [:]
    for pane in Pane.allCases {
      inspection?.parts[pane]?.search = nil
      inspection?.parts[pane]?.awaited = nil
    }
  }

  /// Goes to the next (1) or previous (-1) match in the focused pane.
  mutating func moveToMatch(_ step: Int) -> [Effect] {
    if focus == .deliveries { return moveToDelivery(step, keepingCurrent: false) }
    moveToText(step, in: focus)
    return []
  }

  /// Has a large body searched in the background.
  mutating func searchBody() -> [Effect] { inspection?.unsearched().map { [.run($0)] } ?? [] }

  /// Takes what was found in a large body, where that is still searched for.
  mutating func take(_ found: BodySearch) {
    guard let inspection, inspection.delivery === found.delivery,
      let awaited = inspection.parts[.body]?.awaited, awaited.text == found.search.text
    else { return }
    self.inspection?.parts[.body]?.search = found.search
    self.inspection?.parts[.body]?.awaited = nil
    if awaited.goesThere { moveToText(1, in: .body) }
  }

  private mutating func moveToText(_ step: Int, in pane: Pane) {
    if let awaited = inspection?.parts[pane]?.awaited {
      inspection?.parts[pane]?.awaited?.goesThere = true
      notice = Notice("Searching for \(awaited.text)")
    }
    guard var part = inspection?.parts[pane], var search = part.search else { return }
    defer { inspection?.parts[pane] = part }
    let line = part.viewport.cursor.line
    guard let match = search.move(step, from: position(ofLine: line, in: part.content)) else {
      notice = Notice("\(search.text) is not in this pane", .warning)
      return
    }
    part.search = search
    var target = match.line
    if case .payload(var document) = part.content {
      let count = document.lineCount
      target = document.reveal(offset: match.range.lowerBound)
      // Where nothing was folded, the lines stay as they were measured.
      if document.lineCount != count { part.content = .payload(document) }
    }
    reveal(match, line: target, in: &part, of: pane)
    notice = Notice("\(search.text): \(search.summary)")
  }

  /// Brings a match into view, in the row or at the column where it stands in its line.
  private func reveal(
    _ match: PaneSearch.Match, line: Int, in part: inout Inspection.Part, of pane: Pane
  ) {
    let offset = part.content.offset(of: match, inLine: line)
    let wrapping = wrapping(of: pane, part.content)
    let row = part.ranges(line: line, wrapping)?.lastIndex { $0.lowerBound <= offset }
    let column = row == nil ? part.column(ofByte: offset, inLine: line, charset: setting.charset) : 0
    part.viewport.reveal(
      Viewport.Place(line: line, row: row ?? 0), column: column, columns: layout.inside(pane).columns,
      in: extent(of: pane, part))
  }

  /// The start of a line, as a match there would have it.
  private func position(ofLine line: Int, in content: PaneContent) -> PaneSearch.Match {
    switch content {
    case .text, .beginning: PaneSearch.Match(line: line, range: 0..<0)
    case .payload(let document):
      PaneSearch.Match(line: 0, range: document.byteOffset(ofLine: line)..<document.byteOffset(ofLine: line))
    }
  }
}
