internal import JSON
internal import Screen
internal import Webhooks

/// How far a movement key goes.
enum Movement: Sendable, Equatable {
  case rows(Int)
  /// A part of the visible height.
  case pages(Double)
  case top, bottom

  /// The number of rows, where `height` of them are visible.
  func rows(height: Int) -> Int {
    switch self {
    case .rows(let count): count
    case .pages(let count):
      Int((count * Double(max(1, height - (abs(count) == 1 ? 1 : 0)))).rounded(.awayFromZero))
    case .top: -Int(Int32.max)
    case .bottom: Int(Int32.max)
    }
  }
}

extension Viewport {
  /// Moves the cursor, where it is drawn.
  mutating func move(_ movement: Movement, in extent: Extent) {
    switch movement {
    case .top: moveToStart()
    case .bottom: moveToEnd(extent)
    case .rows, .pages: move(by: movement.rows(height: extent.height), in: extent)
    }
  }

  /// Moves what is seen rather than a cursor, where no line is more than another.
  mutating func scroll(_ movement: Movement, in extent: Extent) {
    scroll(by: movement.rows(height: extent.height), in: extent)
  }
}

extension Model {
  /// Moves in what has the keys: the topmost popup, else the focused pane.
  mutating func move(_ movement: Movement) {
    guard let id = panels.topID, var panel = panels.top else { return moveInPane(movement) }
    panel.move(movement, in: self)
    panels.set(panel, at: id)
  }

  private mutating func moveInPane(_ movement: Movement) {
    if focus == .deliveries {
      let goesBeyond = goesBeyondNewest(movement)
      list.move(by: movement.rows(height: listHeight), height: listHeight)
      if goesBeyond, !list.isFrozen, reasonForNoArrivals == nil { list.follow() }
    } else {
      move(movement, in: focus, scrolls: focus == .signature)
    }
  }

  /// Whether a movement leads past the newest delivery, to those to come; no way leads there in another order.
  private func goesBeyondNewest(_ movement: Movement) -> Bool {
    guard list.order.isByArrival else { return false }
    let rows = movement.rows(height: listHeight)
    return list.order.isReversed
      ? rows > 0 && list.selectedRow == list.rowCount - 1 || movement == .bottom
      : rows < 0 && list.selectedRow == 0 || movement == .top
  }

  /// Moves what is seen of the details, from whichever pane.
  mutating func scrollDetail(_ movement: Movement) { move(movement, in: detail, scrolls: true) }

  /// Moves what is seen of a detail pane, as the wheel over it does.
  mutating func moveDetail(_ movement: Movement, in pane: Pane) { move(movement, in: pane, scrolls: true) }

  /// - Parameter scrolls: moves what is seen and not a cursor.
  private mutating func move(_ movement: Movement, in pane: Pane, scrolls: Bool) {
    guard let part = inspection?.parts[pane] else { return }
    // What is being read must not be taken away by the next arrival.
    list.stopFollowing()
    var viewport = part.viewport
    if scrolls {
      viewport.scroll(movement, in: extent(of: pane, part))
    } else {
      viewport.move(movement, in: extent(of: pane, part))
    }
    inspection?.parts[pane]?.viewport = viewport
  }

  /// Selects the delivery so many rows further down the list, from whichever pane.
  mutating func moveSelection(by rows: Int) {
    let selected = list.selected
    list.move(by: rows, height: listHeight)
    if list.selected == selected {
      notice = Notice("This is the \(rows > 0 ? list.order.turned.first : list.order.first) delivery shown")
    }
  }

  mutating func scroll(sideways columns: Int) {
    if let id = panels.topID, let panel = panels.top {
      var panel = panel
      panel.scroll(sideways: columns, in: self)
      return panels.set(panel, at: id)
    }
    guard focus != .deliveries, !wraps(focus) else {
      notice = Notice(focus == .deliveries ? "The list fits its pane" : "Lines are wrapped: press w to stop")
      return
    }
    inspection?.parts[focus]?.viewport.scroll(sideways: columns)
  }

  /// Goes to the start of the line at the cursor, or to its end: sideways, or row by row where it is wrapped.
  mutating func moveInLine(toEnd: Bool) {
    let all = Int(Int32.max)
    if !panels.isEmpty { return scroll(sideways: toEnd ? all : -all) }
    guard let part = inspection?.parts[focus] else { return }
    guard !wraps(focus) else { return moveInWrappedLine(toEnd: toEnd, of: part) }
    let columns = part.columns(ofLine: part.viewport.cursor.line, charset: setting.charset)
    guard let columns else {
      notice = Notice("This line is still being measured: press $ again")
      return
    }
    let end = max(0, columns.width - layout.inside(focus).columns)
    inspection?.parts[focus]?.viewport.scroll(sideways: (toEnd ? end : 0) - part.viewport.left)
  }

  private mutating func moveInWrappedLine(toEnd: Bool, of part: Inspection.Part) {
    guard !focus.holdsSentences else {
      notice = Notice("Every line is wrapped here")
      return
    }
    var viewport = part.viewport
    let rows = part.ranges(line: viewport.cursor.line, wrapping(of: focus, part.content))?.count ?? 1
    let target = toEnd ? rows - 1 : 0
    viewport.move(by: target - viewport.cursor.row, in: extent(of: focus, part))
    inspection?.parts[focus]?.viewport = viewport
  }

  mutating func toggleWrap() {
    wraps.toggle()
    clampViewports()
  }

  /// Brings every pane's place back inside, after the extent of its lines has changed.
  mutating func clampViewports() {
    for (pane, part) in inspection?.parts ?? [:] {
      let extent = extent(of: pane, part)
      inspection?.parts[pane]?.viewport.clamp(to: extent)
    }
  }

  /// Whether long lines of a pane are wrapped: always in the signature and the app pane, which speak in sentences.
  func wraps(_ pane: Pane) -> Bool { pane.holdsSentences || wraps }
}

extension Model {
  /// Rows of the list below its heading.
  var listHeight: Int { max(0, layout.inside(.deliveries).rows - 1) }

  /// How much of a pane there is to move in.
  func extent(of pane: Pane, _ part: Inspection.Part) -> Viewport.Extent {
    let wrapping = wrapping(of: pane, part.content)
    return Viewport.Extent(lineCount: part.content.lineCount, height: layout.inside(pane).rows) {
      part.ranges(line: $0, wrapping)?.count ?? 1
    }
  }

  /// How the lines of a pane are wrapped; nil if they are not.
  func wrapping(of pane: Pane, _ content: PaneContent) -> Wrapping? {
    guard wraps(pane) else { return nil }
    return content.wrapping(columns: max(1, layout.inside(pane).columns), charset: setting.charset)
  }
}

extension Model {
  mutating func toggleFollow() {
    list.follow(!list.follows)
    let place = list.order.isByArrival ? "" : ", wherever it stands in this order"
    notice = Notice(list.follows ? "Following the newest delivery\(place)" : "Stopped following")
  }

  mutating func toggleFreeze() {
    list.toggleFreeze()
    notice = Notice(list.isFrozen ? "Frozen: \(setting.source.unfrozen)" : "View resumed")
  }

  mutating func selectFailed(direction: Int) {
    let found = list.selectNext(direction: direction, height: listHeight) { $0.verdict.status.isFailure }
    if !found { notice = Notice("No failed signature \(direction > 0 ? "below" : "above")") }
  }

  /// Goes to the next older delivery on which hooktop and the app disagree.
  mutating func selectDisagreement() {
    let outcomes = list.outcomes
    let found = list.selectNext(direction: 1, height: listHeight) { delivery in
      outcomes[delivery.sequence].lastExchange?.disagreement(with: delivery.verdict) != nil
    }
    if !found { notice = Notice("No disagreement below") }
  }
}
