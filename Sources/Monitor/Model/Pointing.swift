internal import Screen
internal import Webhooks

/// What the mouse does: the wheel moves what is under it, a click selects it, and a hint in the bottom line does what its
/// key does.
extension Model {
  /// How many rows the wheel moves at once.
  private static let wheelRows = 3

  /// Has the terminal report the mouse, or leave it alone.
  mutating func toggleMouse() -> [Effect] {
    usesMouse.toggle()
    notice = Notice(
      usesMouse
        ? "Mouse on: wheel and clicks; hold Shift to select text as before" : "Mouse off")
    return [.order(.mouse(usesMouse))]
  }

  mutating func take(_ mouse: Mouse) -> [Effect] {
    let isNotice = notice != nil
    notice = nil
    // What stands there is the notice, no hints.
    if mouse.deed == .press, !isNotice, let action = hint(at: mouse.place) { return perform(action) }
    if !panels.isEmpty {
      pointInPanel(mouse)
    } else {
      pointInPanes(mouse)
    }
    return []
  }

  private func wheel(_ mouse: Mouse) -> Movement? {
    switch mouse.deed {
    case .press: nil
    case .wheelUp: .rows(-Self.wheelRows)
    case .wheelDown: .rows(Self.wheelRows)
    }
  }

  private mutating func pointInPanel(_ mouse: Mouse) {
    if let movement = wheel(mouse) { return move(movement) }
    guard let id = panels.topID, var popup = panels.top as? any Popup else { return }
    popup.select(at: mouse.place, in: self)
    panels.set(popup, at: id)
  }

  private mutating func pointInPanes(_ mouse: Mouse) {
    if mouse.deed == .press, let pane = tab(at: mouse.place) { return focus(pane) }
    guard let pane = pane(at: mouse.place) else { return }
    if let movement = wheel(mouse) {
      pane == .deliveries ? moveList(movement) : moveDetail(movement, in: pane)
    } else {
      focus(pane)
      select(at: mouse.place, in: pane)
    }
  }

  /// The pane at a place. Neighbours share an edge, so what is inside of one goes first.
  private func pane(at place: Point) -> Pane? {
    let panes = Pane.allCases.filter { layout.panes[$0]?.contains(place) == true }
    return panes.first { layout.inside($0).contains(place) } ?? panes.first
  }

  private mutating func moveList(_ movement: Movement) {
    list.move(by: movement.rows(height: listHeight), height: listHeight)
  }

  private mutating func select(at place: Point, in pane: Pane) {
    let inside = layout.inside(pane)
    guard inside.contains(place) else { return }
    let row = place.row - inside.row
    if pane == .deliveries {
      // The heading stands above the rows.
      let wanted = list.firstRow(height: listHeight) + row - 1
      if row > 0, wanted < list.rowCount { list.select(row: wanted, height: listHeight) }
    } else if !wraps(pane), let part = inspection?.parts[pane],
      part.viewport.top.line + row < part.content.lineCount
    {
      list.stopFollowing()
      var viewport = part.viewport
      viewport.move(toLine: viewport.top.line + row, in: extent(of: pane, part))
      inspection?.parts[pane]?.viewport = viewport
    }
  }

  /// The pane whose tab is at a place.
  private func tab(at place: Point) -> Pane? {
    guard layout.tabs.contains(place) else { return nil }
    var column = layout.tabs.column
    for pane in Pane.allCases.dropFirst() {
      column += tabRuns(pane, self).width(in: setting.charset)
      if place.column < column { return pane }
    }
    return nil
  }

  /// The action whose hint is at a place of the bottom line.
  private func hint(at place: Point) -> Action? {
    guard layout.keys.contains(place) else { return nil }
    var column = layout.keys.column
    for action in shownHints(self, columns: layout.keys.columns - lastKeyColumns(self)) {
      column += Monitor.hint(action, self).width(in: setting.charset)
      if place.column < column { return action }
    }
    return nil
  }
}

extension Popup {
  /// Selects the row at a place of the screen.
  fileprivate mutating func select(at place: Point, in model: Model) {
    let content = content(model)
    let rows = PopupFrame(content, on: model.size, in: model.setting.charset).rows
    let line = viewport.top.line + place.row - rows.row
    guard content.hasCursor, rows.contains(place), line < content.rowCount else { return }
    viewport.move(toLine: line, in: extent(of: content, model))
  }
}
