internal import JSON
internal import Screen
internal import Webhooks

/// Draws the list of deliveries, newest first.
func drawDeliveries(_ model: Model, _ canvas: inout Canvas, _ frame: Rect) {
  let isFocused = model.focus == .deliveries
  canvas.drawFrame(frame, title: title(model), style: Style(isFocused ? .borderFocused : .border))
  let (heading, rows) = frame.inset(by: 1).splitTop(1)
  let columns = DeliveryColumns(
    width: rows.columns, newest: model.list.newest,
    hasApp: model.setting.forward != nil || model.counts.disagreements > 0, time: timeColumn(model))
  canvas.draw(columns.heading, at: heading.origin, width: heading.columns, style: Style(.heading))
  if model.list.rowCount == 0 { drawEmpty(model, &canvas, rows) }
  let first = model.list.firstRow(height: rows.rows)
  let search = model.searches[.deliveries].map { DeliverySearch($0, zone: model.setting.zone) }
  for row in 0..<min(rows.rows, model.list.rowCount - first) {
    let delivery = model.list.delivery(atRow: first + row)
    let isSelected = delivery.sequence == model.list.selected
    let line = Rect(column: rows.column, row: rows.row + row, columns: rows.columns, rows: 1)
    columns.draw(
      delivery, model.list.outcomes[delivery.sequence], &canvas, line, isSelected: isSelected, search,
      model.setting)
    if isSelected { canvas.select(line) }
  }
  drawNewer(model, &canvas, frame)
}

/// The times of the list: their zone, and the dates before them where one that is kept is not of today.
private func timeColumn(_ model: Model) -> DeliveryColumns.Time {
  let zone = model.setting.zone
  let ends = [model.list.kept.first, model.list.kept.last].compactMap { $0?.receivedAt }
  return DeliveryColumns.Time(
    zone: zone, name: zone.name(at: ends.last ?? model.now),
    hasDates: ends.contains { !zone.isSameDay($0, model.now) })
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
  if list.isFrozen {
    add("frozen" + (list.waiting > 0 ? " +\(Wording.grouped(list.waiting)) new" : ""), Style(.warning))
  } else if list.follows {
    add("following", Style(.info))
  }
  if !model.filters.isEmpty {
    let isOff = model.filters.isOff
    add((isOff ? "off: " : "") + model.filters.combined.description, Style(isOff ? .dim : .warning))
  }
  if let progress = list.progress { add("searching \(progress)%", Style(.info)) }
  if let search = model.searches[.deliveries] { add("/\(search)", Style(.info)) }
  return runs
}

/// Announces newer deliveries that stand above what is shown, in the list's lower edge, and the key that goes to them.
private func drawNewer(_ model: Model, _ canvas: inout Canvas, _ frame: Rect) {
  let above = model.list.firstRow(height: model.listHeight)
  guard above > 0, !model.list.follows else { return }
  let arrow = model.setting.charset == .utf8 ? "\u{2191}" : "^"
  let canFollow = !model.list.isFrozen && model.reasonForNoArrivals == nil
  let runs = [
    TextRun(" \(arrow) \(Wording.grouped(above)) newer ", Style(.info)),
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
      ? ["No deliveries in \(name).", "", "I lists its incidents."] : ["Loading \(name)."]
  }
}

/// How to see a delivery at once; over TLS with a sender that can be told to take any certificate.
private func example(_ address: String) -> [String] {
  address.hasPrefix("https:")
    ? ["or, in another terminal:", "curl -k -d '{}' \(address)"]
    : ["or, in another terminal, with the same secret:", "hooktop send --to \(address)"]
}

/// The columns of the list: which there are, how wide each is, and what a delivery shows in them.
struct DeliveryColumns {
  private enum Column: CaseIterable {
    case sequence, time, provider, event, mode, signature, app, size
  }

  /// How times are shown.
  struct Time {
    let zone: Zone
    /// What the zone is called where the newest delivery arrived.
    let name: String
    let hasDates: Bool

    var heading: String { "time \(name)" }
    var width: Int { max(heading.count, hasDates ? 14 : 8) }

    /// `18:02:11`, or `11-21 18:02:11`.
    func text(_ moment: Timestamp) -> String {
      (hasDates ? zone.date(moment).dropFirst(5) + " " : "") + zone.time(moment)
    }
  }

  private let time: Time
  private let widths: [(column: Column, width: Int)]
  /// Blanks between two columns.
  private let gap: Int
  /// Columns that fit `width`; the event takes what the others leave, and the least needed go first.
  /// - Parameters:
  ///   - newest: the highest number to be shown.
  ///   - hasApp: whether there is something to say of an app.
  init(width: Int, newest: UInt64, hasApp: Bool, time: Time) {
    self.time = time
    let gap = width >= 76 ? 2 : 1
    // The cursor takes one column; an event is not readable below twelve.
    func used(_ columns: [Column], event: Int) -> Int {
      columns.reduce(1 + gap * (columns.count - 1)) {
        $0 + (DeliveryColumns.width(of: $1, newest, time) ?? event)
      }
    }
    var columns = Column.allCases.filter { $0 != .app || hasApp }
    let dispensable: [Column] = hasApp ? [.time, .size, .mode, .provider] : [.time, .mode, .provider]
    for dispensable in dispensable where used(columns, event: hasApp ? 18 : 12) > width {
      columns.removeAll { $0 == dispensable }
    }
    let event = max(1, width - used(columns, event: 0))
    widths = columns.map { ($0, DeliveryColumns.width(of: $0, newest, time) ?? event) }
    self.gap = gap
  }

  private static func width(of column: Column, _ newest: UInt64, _ time: Time) -> Int? {
    switch column {
    case .sequence: max(5, String(newest).utf8.count)
    case .time: time.width
    case .provider: 8
    case .event: nil
    case .mode: 4
    case .signature: 11
    case .app: 11
    case .size: 6
    }
  }

  var heading: String {
    " "
      + widths.map { Self.fitted(heading(of: $0.column), $0.width, right: Self.isNumber($0.column)) }
      .joined(separator: String(repeating: " ", count: gap))
  }

  private func heading(of column: Column) -> String {
    switch column {
    case .sequence: "#"
    case .time: time.heading
    case .provider: "provider"
    case .event: "event"
    case .mode: "mode"
    case .signature: "sig"
    case .app: "app"
    case .size: "size"
    }
  }

  private static func isNumber(_ column: Column) -> Bool { column == .sequence || column == .size }

  /// - Parameter search: what is to be set off in the cells.
  func draw(
    _ delivery: Delivery, _ outcomes: [Outcome], _ canvas: inout Canvas, _ line: Rect, isSelected: Bool,
    _ search: DeliverySearch?, _ setting: Setting
  ) {
    let glyphs = canvas.glyphs
    if isSelected { canvas.draw(String(glyphs.cursor), at: line.origin, style: Style(.selection)) }
    var column = line.column + 1
    for (kind, width) in widths {
      let rect = Rect(column: column, row: line.row, columns: width, rows: 1)
      drawCell(cell(kind, delivery, outcomes, width, glyphs, setting), &canvas, rect, search)
      if kind == .event { drawMark(of: delivery, &canvas, rect) }
      column += width + gap
    }
  }

  private func drawCell(
    _ run: TextRun, _ canvas: inout Canvas, _ rect: Rect, _ search: DeliverySearch?
  ) {
    canvas.draw(search?.highlighted(run) ?? [run], at: rect.origin, width: rect.columns)
    if SafeText.width(of: run.bytes, charset: canvas.charset) > rect.columns {
      let end = Point(column: rect.endColumn - 1, row: rect.row)
      canvas.draw(String(canvas.glyphs.ellipsis), at: end, style: .dim)
    }
  }

  private func drawMark(of delivery: Delivery, _ canvas: inout Canvas, _ rect: Rect) {
    let mark = Self.mark(delivery)
    guard !mark.isEmpty, mark.utf8.count < rect.columns else { return }
    let event = SafeText.width(of: Self.event(of: delivery, rect.columns), charset: canvas.charset)
    let start = min(event, rect.columns - mark.utf8.count)
    canvas.draw(mark, at: Point(column: rect.column + start, row: rect.row), style: Style(.info))
    if start < event, start > 0 {
      let cut = Point(column: rect.column + start - 1, row: rect.row)
      canvas.draw(String(canvas.glyphs.ellipsis), at: cut, style: .dim)
    }
  }

  private func cell(
    _ column: Column, _ delivery: Delivery, _ outcomes: [Outcome], _ width: Int, _ glyphs: Glyphs,
    _ setting: Setting
  ) -> TextRun {
    let envelope = delivery.envelope
    switch column {
    case .sequence: return TextRun(Self.fitted("\(delivery.sequence)", width, right: true), .dim)
    case .time: return TextRun(time.text(delivery.receivedAt))
    case .provider: return TextRun(envelope.provider?.name ?? "-")
    case .event: return TextRun(Self.event(of: delivery, width))
    case .mode: return TextRun(envelope.livemode.rawValue, Style(.normal, bold: envelope.livemode == .live))
    case .signature:
      let sign = VerdictSign(delivery.verdict, glyphs)
      return TextRun(sign.text, Style(sign.role))
    case .app: return Self.app(outcomes, delivery, glyphs)
    case .size: return TextRun(Self.fitted(Wording.size(delivery.request.body.count), width, right: true))
    }
  }

  /// `200 12ms`, what went wrong, or that the app has not answered yet.
  private static func app(_ outcomes: [Outcome], _ delivery: Delivery, _ glyphs: Glyphs) -> TextRun {
    guard let exchange = outcomes.lastExchange else {
      return TextRun(outcomes.answer(to: delivery) == nil ? String(glyphs.ellipsis) : "", .dim)
    }
    guard let status = exchange.status else {
      return TextRun(exchange.failure?.rawValue ?? "-", Style(.failure))
    }
    let took = exchange.milliseconds.total
    let time =
      took < 1000 ? "\(Int(took.rounded(.up)))ms" : "\(ShortDecimal.text(took / 1000, decimals: 1) ?? "-")s"
    let limit = delivery.envelope.provider.map { Double($0.answerDue) * 1000 } ?? .infinity
    let isContrary = exchange.disagreement(with: delivery.verdict) != nil
    let role: Role =
      isContrary || took >= limit || status >= 400 ? .failure : took >= limit / 2 ? .warning : .success
    return TextRun("\(status) \(time)" + (isContrary ? " !" : ""), Style(role, bold: isContrary))
  }

  /// As much of the event's name as can matter for so many columns: it may be megabytes long.
  private static func event(of delivery: Delivery, _ width: Int) -> ArraySlice<UInt8> {
    (delivery.envelope.event ?? "-").cut(to: width * 8 + 8).bytes
  }

  /// `try 2` for a second attempt, `dup` for an event accepted before: at the end of the event, never cut.
  private static func mark(_ delivery: Delivery) -> String {
    (delivery.attempt > 1 ? " try \(delivery.attempt)" : "") + (delivery.isDuplicate ? " dup" : "")
  }

  private static func fitted(_ text: String, _ width: Int, right: Bool) -> String {
    let padding = String(repeating: " ", count: max(0, width - text.count))
    return right ? padding + text : text + padding
  }
}
