internal import JSON
internal import Screen
internal import Webhooks

extension Model {
  mutating func toggleFollow() {
    list.toggleFollow()
    notice = Notice(list.follows ? "Following the newest delivery" : "Stopped following")
  }

  mutating func toggleFreeze() {
    list.toggleFreeze()
    notice = Notice(list.isFrozen ? "Frozen: \(setting.source.unfrozen)" : "Going on")
  }

  mutating func selectFailed(direction: Int) {
    let found = list.selectNext(direction: direction, height: listHeight) { $0.verdict.status.isFailure }
    if !found { notice = Notice("No failed signature \(direction > 0 ? "below" : "above")") }
  }

  mutating func openSearch() {
    let pane = focus
    panels.push(
      Prompt("search \(pane.title.lowercased())", history: searchHistory) { prompt, model in
        model.panels.pop()
        model.search(prompt.editor.text, in: pane)
        return []
      })
  }

  private mutating func search(_ text: String, in pane: Pane) {
    guard !text.isEmpty else { return }
    remember(text, in: &searchHistory)
    searches[pane] = text
    if pane == .deliveries {
      moveToMatch(1, keepingCurrent: true)
    } else {
      inspection?.search(text, in: pane)
      moveToMatch(1)
    }
  }

  mutating func clearSearches() {
    searches = [:]
    for pane in Pane.allCases { inspection?.parts[pane]?.search = nil }
  }

  /// Goes to the next (1) or previous (-1) match in the focused pane.
  mutating func moveToMatch(_ step: Int, keepingCurrent: Bool = false) {
    if focus == .deliveries {
      moveToDelivery(step, keepingCurrent: keepingCurrent)
    } else {
      moveToText(step)
    }
  }

  private mutating func moveToDelivery(_ step: Int, keepingCurrent: Bool) {
    guard let text = searches[.deliveries] else { return }
    let search = DeliverySearch(text)
    let isHere = keepingCurrent && list.selection.flatMap(search.place) != nil
    guard
      isHere || list.selectNext(direction: step, height: listHeight, where: { search.place(in: $0) != nil })
    else {
      notice = Notice("No delivery \(step > 0 ? "below" : "above") holds \(text)")
      return
    }
    if let place = list.selection.flatMap(search.place) { notice = Notice("\(text): \(place.rawValue)") }
  }

  private mutating func moveToText(_ step: Int) {
    guard var part = inspection?.parts[focus], var search = part.search else { return }
    defer { inspection?.parts[focus] = part }
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
    reveal(match, line: target, in: &part)
    notice = Notice("\(search.text): \(search.summary)")
  }

  /// Brings a match into view, in the row or at the column where it stands in its line.
  private func reveal(_ match: PaneSearch.Match, line: Int, in part: inout Inspection.Part) {
    let offset = part.content.offset(of: match, inLine: line)
    let wrapping = wrapping(of: focus, part.content)
    let row = part.ranges(line: line, wrapping)?.lastIndex { $0.lowerBound <= offset }
    let before = part.content.runs(line: line, search: nil).slice(0..<offset).flatMap(\.bytes)
    let column = row == nil ? SafeText.width(of: before, tabs: .stops, charset: setting.charset) : 0
    part.viewport.reveal(
      Viewport.Place(line: line, row: row ?? 0), column: column, columns: layout.inside(focus).columns,
      in: extent(of: focus, part))
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
