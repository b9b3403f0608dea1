internal import JSON
internal import Screen
internal import Webhooks

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
      return TextRun(outcomes.awaitApp(for: delivery) ? String(glyphs.ellipsis) : "", .dim)
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
