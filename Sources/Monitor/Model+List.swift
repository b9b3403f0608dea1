internal import Screen
internal import Webhooks

extension Model {
  mutating func toggleFollow() {
    list.toggleFollow()
    notice = Notice(list.follows ? "Following the newest delivery" : "The selection stays where it is")
  }

  mutating func toggleFreeze() {
    list.toggleFreeze()
    notice = Notice(list.isFrozen ? "Frozen: deliveries are still received and kept" : "Live again")
  }

  mutating func selectFailed(direction: Int) {
    let found = list.selectNext(direction: direction, height: listHeight) { $0.verdict.status.isFailure }
    if !found { notice = Notice("No failed signature \(direction > 0 ? "below" : "above")") }
  }

  mutating func openSearch() {
    open(.prompt(Prompt(.search(focus), history: searchHistory)))
  }

  mutating func acceptSearch(_ prompt: Prompt, in pane: Pane) {
    let text = prompt.editor.text
    overlays.removeLast()
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
    let needle = DeliverySearch(text)
    if keepingCurrent, let selection = list.selection, needle.isFound(in: selection) { return }
    if !list.selectNext(direction: step, height: listHeight, where: needle.isFound) {
      notice = Notice("No delivery \(step > 0 ? "below" : "above") holds \(text)")
    }
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
    part.viewport.move(toLine: target, in: extent(of: focus, part.content))
    notice = Notice("\(search.text): \(search.summary)")
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
