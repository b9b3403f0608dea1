internal import JSON
internal import Screen
internal import Webhooks

/// Draws the list of deliveries in its order.
func drawDeliveries(_ model: Model, _ canvas: inout Canvas, _ frame: Rect) {
  let isFocused = model.focus == .deliveries
  canvas.drawFrame(frame, title: title(model), style: Style(isFocused ? .borderFocused : .border))
  let (heading, rows) = frame.inset(by: 1).splitTop(1)
  let columns = model.listColumns
  canvas.draw(columns.heading, at: heading.origin, width: heading.columns, style: Style(.heading))
  if model.list.rowCount == 0 { drawEmpty(model, &canvas, rows) }
  let first = model.list.firstRow(height: rows.rows)
  let search = model.searches[.deliveries].map { DeliverySearch($0, in: columns) }
  for row in 0..<min(rows.rows, model.list.rowCount - first) {
    let delivery = model.list.delivery(atRow: first + row)
    let isSelected = delivery.sequence == model.list.selected
    let line = Rect(column: rows.column, row: rows.row + row, columns: rows.columns, rows: 1)
    columns.draw(
      delivery, model.list.outcomes[delivery.sequence], folded: model.list.folds.count(under: delivery),
      &canvas,
      line, isSelected: isSelected, search)
    if isSelected { canvas.select(line) }
  }
  drawNewer(model, &canvas, frame)
}

/// `Deliveries  7 of 1,204 · type:analysis.* · following`.
private func title(_ model: Model) -> [TextRun] {
  let list = model.list
  let glyphs = Glyphs.forCharset(model.setting.charset)
  let isCut = list.rowCount > model.listHeight
  let shown = (isCut ? "\(Wording.grouped(list.selectedRow + 1))/" : "") + Wording.grouped(list.rowCount)
  let count =
    list.filter == nil
    ? shown : "\(shown) of \(Wording.grouped(max(list.rowCount, list.kept.count - list.waiting)))"
  var runs = [paneTitle(.deliveries, model), TextRun("  \(count)")]
  func add(_ text: String, _ style: Style) {
    runs.append(TextRun(" \(glyphs.separator) ", .dim))
    runs.append(TextRun(text, style))
  }
  if list.order != ListOrder() { add(list.order.title(model.setting), Style(.info)) }
  if list.isFrozen {
    add("frozen" + (list.waiting > 0 ? " +\(Wording.grouped(list.waiting)) new" : ""), Style(.warning))
  } else if list.follows {
    add(list.order.isByArrival ? "following" : "following the newest", Style(.info))
  }
  if !model.filters.isEmpty {
    let isOff = model.filters.isOff
    add((isOff ? "off: " : "") + model.filters.combined.description, Style(isOff ? .dim : .warning))
  }
  if !list.folds.hidden.isEmpty { add("\(Wording.grouped(list.folds.hidden.count)) folded", .dim) }
  if let progress = list.progress { add("searching \(progress)%", Style(.info)) }
  if let search = model.searches[.deliveries] {
    let progress = model.finding.map { ": searching \($0.percent)%" } ?? ""
    add("/\(search)\(progress)", Style(.info))
  }
  return runs
}

/// Announces newer deliveries than those that are shown, in the list's lower edge, and the key that goes to them.
private func drawNewer(_ model: Model, _ canvas: inout Canvas, _ frame: Rect) {
  let newer = model.list.newerRows(height: model.listHeight)
  guard newer > 0, !model.list.follows else { return }
  let arrows = model.setting.charset == .utf8 ? ("\u{2191}", "\u{2193}") : ("^", "v")
  let arrow = model.list.order.isReversed ? arrows.1 : arrows.0
  let canFollow = !model.list.isFrozen && model.reasonForNoArrivals == nil
  let runs = [
    TextRun(" \(arrow) \(Wording.grouped(newer)) newer ", Style(.info)),
    TextRun(canFollow ? "\(canvas.glyphs.separator) F follow " : "", .dim),
  ]
  canvas.draw(runs, at: Point(column: frame.column + 2, row: frame.endRow - 1), width: frame.columns - 4)
}

/// What to do while there is nothing to show.
private func drawEmpty(_ model: Model, _ canvas: inout Canvas, _ rows: Rect) {
  let lines =
    if model.list.kept.isEmpty {
      emptyLines(model)
    } else if model.list.hasLostFrozen {
      ["Every delivery in the frozen view has been evicted.", "", "Press = to show what is kept."]
    } else {
      ["No delivery matches the filter.", "", "Esc clears it, \\ turns it off and on."]
    }
  for (index, line) in lines.prefix(max(0, rows.rows - 1)).enumerated() {
    canvas.draw(
      line, at: Point(column: rows.column + 2, row: rows.row + 1 + index), width: rows.columns - 2,
      style: .dim)
  }
}

/// Why there are no deliveries, and where they are to come from.
private func emptyLines(_ model: Model) -> [String] {
  switch model.setting.source {
  case .receiver(let address, _):
    [
      "Waiting for deliveries.", "", "Point the provider, or a tunnel, at", address, "",
    ] + example(address)
  case .session(let name):
    model.loading?.isFinished == true
      ? ["No deliveries in \(name).", "", "I lists its incidents."]
      : [model.loading?.isLive == true ? "Waiting for deliveries from \(name)." : "Loading \(name)."]
  }
}

/// How to see a delivery at once; over TLS with a sender that can be told to take any certificate.
private func example(_ address: String) -> [String] {
  address.hasPrefix("https:")
    ? ["or, in another terminal:", "curl -k -d '{}' \(address)"]
    : ["or, in another terminal, with the same secret:", "hooktop send --to \(address)"]
}
