internal import JSON
internal import Screen
internal import Webhooks

/// How far a movement key goes.
enum Movement: Sendable {
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
      let height = listHeight
      list.move(by: movement.rows(height: height), height: height)
    } else if let part = inspection?.parts[focus] {
      // What is being read must not be taken away by the next arrival.
      list.stopFollowing()
      var viewport = part.viewport
      let extent = extent(of: focus, part)
      if focus == .signature {
        viewport.scroll(movement, in: extent)
      } else {
        viewport.move(movement, in: extent)
      }
      inspection?.parts[focus]?.viewport = viewport
    }
  }

  mutating func scroll(sideways columns: Int) {
    guard focus != .deliveries, !wraps(focus) else {
      notice = Notice(focus == .deliveries ? "The list fits its pane" : "Lines are wrapped: w ends that")
      return
    }
    inspection?.parts[focus]?.viewport.scroll(sideways: columns)
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

  /// Whether long lines of a pane are wrapped: always in the signature pane, where each line is a sentence.
  func wraps(_ pane: Pane) -> Bool { pane == .signature || wraps }
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

  /// How the lines of a pane are wrapped; nil where they are not.
  func wrapping(of pane: Pane, _ content: PaneContent) -> Wrapping? {
    guard wraps(pane) else { return nil }
    return content.wrapping(columns: max(1, layout.inside(pane).columns), charset: setting.charset)
  }
}

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
}
