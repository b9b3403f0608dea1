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

extension Model {
  /// Moves in what has the keys: the topmost popup, else the focused pane.
  mutating func move(_ movement: Movement) {
    switch overlays.last {
    case .help(var viewport):
      move(&viewport, movement, in: popupExtent(lineCount: HelpReport(self).lines.count))
      replaceTop(.help(viewport))
    case .incidents(var viewport):
      move(&viewport, movement, in: popupExtent(lineCount: incidents.count))
      replaceTop(.incidents(viewport))
    case .types(var picker):
      picker.move(by: movement.rows(height: popupHeight))
      replaceTop(.types(picker))
    case .prompt, .palette: break
    case nil: moveInPane(movement)
    }
  }

  private mutating func moveInPane(_ movement: Movement) {
    if focus == .deliveries {
      let height = listHeight
      list.move(by: movement.rows(height: height), height: height)
    } else if let part = inspection?.parts[focus] {
      var viewport = part.viewport
      move(&viewport, movement, in: extent(of: focus, part.content))
      inspection?.parts[focus]?.viewport = viewport
    }
  }

  private func move(_ viewport: inout Viewport, _ movement: Movement, in extent: Viewport.Extent) {
    switch movement {
    case .top: viewport.moveToStart()
    case .bottom: viewport.moveToEnd(extent)
    case .rows, .pages: viewport.move(by: movement.rows(height: extent.height), in: extent)
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
    for (pane, part) in inspection?.parts ?? [:] {
      let extent = extent(of: pane, part.content)
      inspection?.parts[pane]?.viewport.clamp(to: extent)
    }
  }

  /// Whether long lines of a pane are wrapped: always in the signature pane, where each line is a sentence.
  func wraps(_ pane: Pane) -> Bool { pane == .signature || wraps }
}

extension Model {
  /// Rows of the list below its heading.
  var listHeight: Int { max(0, layout.inside(.deliveries).rows - 1) }

  /// Rows of a popup's text.
  var popupHeight: Int { max(1, size.rows - 6) }

  /// How much of a pane there is to move in.
  func extent(of pane: Pane, _ content: PaneContent) -> Viewport.Extent {
    let inside = layout.inside(pane)
    let columns = max(1, inside.columns)
    let wrapping = wraps(pane) ? content.wrapping(columns: columns, charset: setting.charset) : nil
    return Viewport.Extent(lineCount: content.lineCount, height: inside.rows) {
      wrapping?.rowCount(of: content.runs(line: $0, search: nil)) ?? 1
    }
  }

  private func popupExtent(lineCount: Int) -> Viewport.Extent {
    Viewport.Extent(lineCount: lineCount, height: popupHeight) { _ in 1 }
  }
}
