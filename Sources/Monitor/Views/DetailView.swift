internal import JSON
internal import Screen
internal import Webhooks

/// Draws the signature, body, headers or app pane of the selected delivery.
func drawDetail(_ pane: Pane, _ canvas: inout Canvas, _ frame: Rect, _ model: Model) {
  let isFocused = model.focus == pane
  let isJoined = pane != .signature && model.layout.panes.count > 2
  canvas.drawFrame(
    frame, title: title(of: pane, model), style: Style(isFocused ? .borderFocused : .border), joined: isJoined
  )
  let inside = model.layout.inside(pane)
  guard let part = model.inspection?.parts[pane] else {
    canvas.draw(
      model.fetch?.words ?? "No delivery is selected.", at: inside.origin, width: inside.columns, style: .dim)
    return
  }
  drawLines(
    of: part, &canvas, inside, model.wrapping(of: pane, part.content),
    showsCursor: isFocused && pane != .signature, marks: pane == .body ? model.inspection?.marks : nil)
}

/// Where the user is in a pane that does not show everything: `12/40`, or that there is more.
private func position(in pane: Pane, _ part: Inspection.Part, _ model: Model) -> String? {
  let rows = model.layout.inside(pane).rows
  if pane != .signature, part.content.lineCount > rows {
    return "\(Wording.grouped(part.viewport.cursor.line + 1))/\(Wording.grouped(part.content.lineCount))"
  }
  return isEndVisible(part, model.wrapping(of: pane, part.content), rows: rows) ? nil : "more"
}

/// Whether the last row of a pane is on the screen.
private func isEndVisible(_ part: Inspection.Part, _ wrapping: Wrapping?, rows: Int) -> Bool {
  var left = rows + part.viewport.top.row
  for line in part.viewport.top.line..<max(part.viewport.top.line, part.content.lineCount) {
    left -= part.ranges(line: line, wrapping)?.count ?? 1
    if left < 0 { return false }
  }
  return true
}

/// A pane's name, set off where the keys go to the pane.
func paneTitle(_ pane: Pane, _ model: Model) -> TextRun {
  TextRun(pane.title, Style(.title, selected: model.focus == pane && model.panels.isEmpty))
}

/// Draws `12/40` in the bottom edge of a frame that does not show everything.
func drawPosition(_ line: Int, _ canvas: inout Canvas, _ frame: Rect, of count: Int, visible: Int) {
  guard count > visible else { return }
  drawMark("\(Wording.grouped(line + 1))/\(Wording.grouped(count))", &canvas, frame)
}

/// Says in the bottom edge of a frame how many lines are below those that are seen; nothing where none is.
func drawMore(_ hidden: Int, _ canvas: inout Canvas, _ frame: Rect) {
  if hidden > 0 { drawMark("\(Wording.grouped(hidden)) more below", &canvas, frame) }
}

/// Draws a few words in the bottom edge of a frame, at its right end.
private func drawMark(_ text: String, _ canvas: inout Canvas, _ frame: Rect) {
  guard frame.columns > 24 else { return }
  let place = Point(column: frame.endColumn - 4 - text.utf8.count, row: frame.endRow - 1)
  canvas.draw(" \(text) ", at: place, style: .dim)
}

/// Which delivery the pane shows, where the user is in it, what is searched for, and what kind of text it is; the event
/// and the time stand where there is room for them.
private func title(of pane: Pane, _ model: Model) -> [TextRun] {
  var runs = [paneTitle(pane, model)]
  guard let inspection = model.inspection, let part = inspection.parts[pane] else { return runs }
  let delivery = inspection.delivery
  runs.append(TextRun("  #\(delivery.sequence)", .dim))
  if model.isEvicted(delivery) { runs.append(TextRun(" evicted", Style(.warning))) }
  if let position = position(in: pane, part, model) { runs.append(TextRun("  \(position)", Style(.info))) }
  if let awaited = part.awaited { runs.append(TextRun("  /\(awaited.text): searching", Style(.info))) }
  if let search = part.search { runs.append(TextRun("  /\(search.text): \(search.summary)", Style(.info))) }
  if pane == .body { runs += inspection.bodyTitle(model.setting.charset) }
  if pane == .headers, !delivery.isLost {
    runs.append(TextRun("  \(Wording.count(delivery.request.headers.count, "field"))"))
  }
  if let event = delivery.envelope.event {
    runs.append(TextRun([0x20, 0x20] + event.cut(to: 64).bytes, .dim))
  }
  runs.append(TextRun("  " + model.setting.zone.text(delivery.receivedAt, today: model.now), .dim))
  return runs
}

/// Draws the visible lines of a pane, wrapped or scrolled sideways.
/// - Parameter marks: what is to be said at the ends of lines.
func drawLines(
  of part: Inspection.Part, _ canvas: inout Canvas, _ rect: Rect, _ wrapping: Wrapping?, showsCursor: Bool,
  marks: BodyMarks? = nil
) {
  let left = wrapping == nil ? part.viewport.left : 0
  var place = part.viewport.top
  var row = rect.row
  while row < rect.endRow, place.line < part.content.lineCount {
    let runs = part.content.runs(line: place.line, search: part.search)
    let start = row
    let visible = place.row..<place.row + rect.endRow - row
    let ranges = part.ranges(line: place.line, wrapping)
    let cursor = showsCursor && place.line == part.viewport.cursor.line ? part.viewport.cursor.row : nil
    // In a line that fills the pane, the cursor would not be seen to move.
    let marksRow = ranges.map { $0.count > rect.rows } ?? false
    // Of a long line nothing is read that is not near what is seen.
    let mark =
      left > 0 ? part.columns(ofLine: place.line, charset: canvas.charset)?.mark(atColumn: left) : nil
    let (seen, column) = mark.map { (runs.slice($0.offset..<Int.max), $0.column) } ?? (runs, 0)
    for piece in ranges.flatMap({ wrapping?.rows(visible, of: runs, cutAt: $0) }) ?? [seen] {
      canvas.draw(
        piece, at: Point(column: rect.column, row: row), width: rect.columns,
        skipping: left - column, tabs: .stops(from: column))
      let line = Rect(column: rect.column, row: row, columns: rect.columns, rows: 1)
      markCut(piece, &canvas, line, skipping: left - column, from: column)
      if let cursor, !marksRow || place.row + row - start == cursor { canvas.select(line) }
      row += 1
    }
    let first = Rect(column: rect.column, row: start, columns: rect.columns, rows: 1)
    if place.row == 0, let words = part.content.words(of: marks, inLine: place.line) {
      drawWords(words, behind: runs, &canvas, first, skipping: left)
    }
    drawFoldSign(part, &canvas, first, place, left: left)
    place = Viewport.Place(line: place.line + 1)
  }
}

/// Draws words behind a line, or over its end where there is no room: what they say can be read nowhere else.
private func drawWords(
  _ words: String, behind line: [TextRun], _ canvas: inout Canvas, _ row: Rect, skipping left: Int
) {
  let runs = [TextRun("  \(canvas.charset == .utf8 ? "\u{2190}" : "<-") \(words)", Style(.mark))]
  let bytes = SafeText.mostBytes(inColumns: row.columns + left + 1)
  let end = max(0, line.slice(0..<bytes).width(in: canvas.charset) - left)
  let width = min(runs.width(in: canvas.charset), row.columns * 2 / 3)
  let column = min(end, row.columns - width)
  let room = Rect(column: row.column + column, row: row.row, columns: row.columns - column, rows: 1)
  drawRow(runs, &canvas, room)
}

/// Draws a line in a row, with an ellipsis where it is cut off.
func drawRow(_ line: [TextRun], _ canvas: inout Canvas, _ row: Rect, skipping left: Int = 0) {
  canvas.draw(line, at: row.origin, width: row.columns, skipping: left)
  markCut(line, &canvas, row, skipping: left)
}

/// Ends a row that does not hold all of its text with an ellipsis.
/// - Parameter column: the one in which the runs begin.
private func markCut(
  _ runs: [TextRun], _ canvas: inout Canvas, _ rect: Rect, skipping: Int, from column: Int = 0
) {
  let limit = rect.columns + skipping
  let bytes = SafeText.mostBytes(inColumns: limit + 1)
  var width = 0
  for run in runs where width <= limit {
    width += SafeText.width(
      of: run.bytes.prefix(bytes), tabs: .stops(from: column + width), charset: canvas.charset)
  }
  guard width > limit else { return }
  canvas.draw(
    String(canvas.glyphs.ellipsis), at: Point(column: rect.endColumn - 1, row: rect.row), style: .dim)
}

/// Draws the sign of a JSON node in the indentation before it.
private func drawFoldSign(
  _ part: Inspection.Part, _ canvas: inout Canvas, _ rect: Rect, _ place: Viewport.Place, left: Int
) {
  guard place.row == 0, let sign = part.content.foldSign(line: place.line), sign.column >= left,
    sign.column - left < rect.columns
  else { return }
  let glyphs = canvas.glyphs
  canvas.draw(
    String(sign.isFolded ? glyphs.folded : glyphs.unfolded),
    at: Point(column: rect.column + sign.column - left, row: rect.row), width: 1, style: .dim)
}

/// The lines of the headers pane: the request line, then each field as sent.
struct HeaderReport {
  let lines: [[TextRun]]

  // Made once, since every delivery that is followed has several fields.
  private static let colon = TextRun(": ", Style(.punctuation))
  /// It stands in the place of bytes that are not UTF-8, and may have been sent as well.
  private static let replacement = PayloadSearch("\u{FFFD}")

  /// - Parameter secrets: the names of headers whose values are secrets, which are not shown.
  init(_ request: Request, hiding secrets: [String] = []) {
    var lines = [
      [
        TextRun(request.method, Style(.heading)), TextRun(" "), TextRun(request.target.bytes),
        TextRun(" HTTP/\(request.version.rawValue)", .dim), TextRun("  from \(request.peer)", .dim),
      ]
    ]
    lines += request.headers.map { field in
      let isSecret = secrets.contains(where: field.name.equalsIgnoringASCIICase)
      return [
        TextRun(field.name.bytes, Style(.jsonKey)), Self.colon,
        isSecret ? TextRun("not shown: it is the secret itself", .dim) : TextRun(field.value.bytes),
      ]
    }
    if request.headers.contains(where: { Self.replacement.isFound(in: $0.value) }) {
      lines.append([TextRun("A value with \u{FFFD} in it may not be as it was sent.", Style(.warning))])
    }
    self.lines = lines
  }
}
