internal import DequeModule
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

  /// - Parameter isCancelled: asked every 64 KiB of a body; the search is of no use once it says so.
  init(_ text: String, in content: PaneContent, isCancelled: () -> Bool = { false }) {
    self.text = text
    let search = PayloadSearch(text)
    switch content {
    case .payload(let document):
      let found = search.matches(in: document.body, isCancelled: isCancelled)
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

/// A text searched for in the list: in what a row shows, in the ids, and in the whole body.
struct DeliverySearch {
  /// Where a delivery holds the text.
  enum Place: String {
    case row = "in the list"
    case id = "in an id"
    case body = "in the body"
  }

  private let search: PayloadSearch

  init(_ text: String) {
    search = PayloadSearch(text)
  }

  /// The first place that holds the text; nil where none does.
  func place(in delivery: Delivery) -> Place? {
    let envelope = delivery.envelope
    if isFound(in: envelope.event) || search.isFound(in: envelope.provider?.name ?? "") { return .row }
    if isFound(in: envelope.eventID) || isFound(in: envelope.deliveryID) { return .id }
    return search.isFound(in: delivery.request.body) ? .body : nil
  }

  /// A cell of the list with the matches set off.
  func highlighted(_ run: TextRun) -> [TextRun] {
    run.setOff(search.matches(in: Array(run.bytes)).ranges.map { ($0, false) })
  }

  private func isFound(in text: ByteString?) -> Bool {
    text.map { search.isFound(in: $0) } ?? false
  }
}

/// The rows of the list in the order in which they are searched, apart from the deliveries, so that a search that waits
/// keeps none of them alive.
struct SearchedRows: Sendable {
  /// Ascending; row 0 is the last of them.
  let shown: Deque<UInt64>
  let selectedRow: Int
  let direction: Int

  /// What they take, in bytes.
  var bytes: Int { shown.count * MemoryLayout<UInt64>.stride }

  /// The number of the first delivery that passes `test`; nil where none does.
  func first(in kept: Deque<Delivery>, includesSelected: Bool, where test: (Delivery) -> Bool) -> UInt64? {
    var row = selectedRow + (includesSelected ? 0 : direction)
    while row >= 0, row < shown.count {
      let number = shown[shown.count - 1 - row]
      if let delivery = kept.find(number), test(delivery) { return number }
      row += direction
    }
    return nil
  }
}

extension Model {
  mutating func openSearch() {
    let pane = focus
    panels.push(
      Prompt("search \(pane.title.lowercased())", history: searchHistory) { prompt, model in
        model.panels.pop()
        return model.search(prompt.editor.text, in: pane)
      })
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

  /// Goes to the next delivery that holds the text; where much may have to be searched, in the background.
  private mutating func moveToDelivery(_ step: Int, keepingCurrent: Bool) -> [Effect] {
    guard let text = searches[.deliveries] else { return [] }
    let (rows, search) = (list.searchedRows(step), DeliverySearch(text))
    let next = { @Sendable (kept: Deque<Delivery>, isCancelled: () -> Bool) -> UInt64? in
      rows.first(in: kept, includesSelected: keepingCurrent) { isCancelled() || search.place(in: $0) != nil }
    }
    guard list.bodyBytes > list.inlineBytes else {
      goTo(next(list.kept) { false }, holding: text, step)
      return []
    }
    notice = Notice("Searching for \(text)")
    let job = Job(.find, priority: .asked, bytes: rows.bytes) { [kept = setting.kept] clock in
      .found(next(kept.all()) { clock() == .max }, text: text, step: step)
    }
    return [.run(job)]
  }

  /// Selects a delivery that a search has found, unless it is over meanwhile.
  mutating func goTo(_ sequence: UInt64?, holding text: String, _ step: Int) {
    guard searches[.deliveries] == text else { return }
    guard let sequence, list.select(sequence, height: listHeight) else {
      notice = Notice("No delivery \(step > 0 ? "below" : "above") holds \(text)")
      return
    }
    let search = DeliverySearch(text)
    if let place = list.selection.flatMap(search.place) { notice = Notice("\(text): \(place.rawValue)") }
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
      target = document.reveal(offset: match.range.lowerBound)
      part.content = .payload(document)
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
    let before = part.content.runs(line: line, search: nil).slice(0..<offset).flatMap(\.bytes)
    let column = row == nil ? SafeText.width(of: before, tabs: .stops, charset: setting.charset) : 0
    part.viewport.reveal(
      Viewport.Place(line: line, row: row ?? 0), column: column, columns: layout.inside(pane).columns,
      in: extent(of: pane, part))
  }

  /// The start of a line, as a match there would have it.
  private func position(ofLine line: Int, in content: PaneContent) -> PaneSearch.Match {
    switch content {
    case .text: PaneSearch.Match(line: line, range: 0..<0)
    case .payload(let document):
      PaneSearch.Match(line: 0, range: document.byteOffset(ofLine: line)..<document.byteOffset(ofLine: line))
    }
  }
}
