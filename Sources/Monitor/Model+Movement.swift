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
      scroll(&viewport, movement, in: popupExtent(lineCount: HelpReport(self).lines.count))
      replaceTop(.help(viewport))
    case .incidents(var viewport):
      move(&viewport, movement, in: incidentExtent)
      replaceTop(.incidents(viewport))
    case .types(var picker):
      picker.move(by: movement.rows(height: popupHeight))
      replaceTop(.types(picker))
    case .bytes(var view):
      scroll(&view.viewport, movement, in: bytesExtent(view))
      replaceTop(.bytes(view))
    case .secrets(var panel):
      panel.move(by: movement.rows(height: popupHeight), count: keyring.secrets.count)
      replaceTop(.secrets(panel))
    case .prompt, .palette, .tryIt: break
    case nil: moveInPane(movement)
    }
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
        scroll(&viewport, movement, in: extent)
      } else {
        move(&viewport, movement, in: extent)
      }
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

  /// Moves what is seen rather than a cursor, where no line is more than another.
  private func scroll(_ viewport: inout Viewport, _ movement: Movement, in extent: Viewport.Extent) {
    viewport.scroll(by: movement.rows(height: extent.height), in: extent)
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
    for index in overlays.indices { overlays[index] = clamped(overlays[index]) }
  }

  private func clamped(_ overlay: Overlay) -> Overlay {
    switch overlay {
    case .help(var viewport):
      viewport.clamp(to: popupExtent(lineCount: HelpReport(self).lines.count))
      return .help(viewport)
    case .incidents(var viewport):
      viewport.clamp(to: incidentExtent)
      return .incidents(viewport)
    case .bytes(var view):
      view.viewport.clamp(to: bytesExtent(view))
      return .bytes(view)
    case .types, .prompt, .palette, .tryIt, .secrets: return overlay
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

  /// Rows below the list of incidents: a blank one, and those for the whole of the selected incident, of which few
  /// are longer than that.
  var incidentDetailRows: Int { 1 + 240 / max(40, size.columns) }

  /// Rows of the list of incidents.
  var incidentHeight: Int { max(1, popupHeight - incidentDetailRows) }

  private var incidentExtent: Viewport.Extent {
    Viewport.Extent(lineCount: incidentLineCount, height: incidentHeight) { _ in 1 }
  }

  /// The rows of bytes below the notes.
  private func bytesExtent(_ view: ByteView) -> Viewport.Extent {
    let notes = view.notes(setting.charset).count
    return Viewport.Extent(lineCount: view.rowCount, height: max(0, popupHeight - notes)) { _ in 1 }
  }

  private func popupExtent(lineCount: Int) -> Viewport.Extent {
    Viewport.Extent(lineCount: lineCount, height: popupHeight) { _ in 1 }
  }
}
