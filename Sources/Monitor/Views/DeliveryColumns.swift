internal import JSON
internal import Screen
internal import Webhooks

/// The columns of the list: which there are, how wide each is, and what a delivery shows in them.
struct DeliveryColumns {
  private enum Column: CaseIterable {
    case sequence, time, provider, event, mode, signature, size
  }

  private let widths: [(column: Column, width: Int)]
  /// Blanks between two columns.
  private let gap: Int
  /// Whether there is room for the verdict's own word rather than the short one.
  private let hasWords: Bool

  /// Columns that fit `width`; the event takes what the others leave, and the least needed go first.
  /// - Parameter newest: the highest number to be shown.
  init(width: Int, newest: UInt64) {
    let gap = width >= 76 ? 2 : 1
    let hasWords = width >= 76
    // The cursor takes one column; an event is not readable below twelve.
    func used(_ columns: [Column], event: Int) -> Int {
      columns.reduce(1 + gap * (columns.count - 1)) {
        $0 + (DeliveryColumns.width(of: $1, hasWords, newest) ?? event)
      }
    }
    var columns = Column.allCases
    for dispensable in [Column.time, .mode, .provider] where used(columns, event: 12) > width {
      columns.removeAll { $0 == dispensable }
    }
    let event = max(1, width - used(columns, event: 0))
    widths = columns.map { ($0, DeliveryColumns.width(of: $0, hasWords, newest) ?? event) }
    self.gap = gap
    self.hasWords = hasWords
  }

  private static func width(of column: Column, _ hasWords: Bool, _ newest: UInt64) -> Int? {
    switch column {
    case .sequence: max(5, String(newest).utf8.count)
    case .time: 8
    case .provider: 8
    case .event: nil
    case .mode: 4
    case .signature: hasWords ? 11 : 7
    case .size: 6
    }
  }

  var heading: String {
    " "
      + widths.map { Self.fitted(Self.heading(of: $0.column), $0.width, right: Self.isNumber($0.column)) }
      .joined(separator: String(repeating: " ", count: gap))
  }

  private static func heading(of column: Column) -> String {
    switch column {
    case .sequence: "#"
    case .time: "time"
    case .provider: "provider"
    case .event: "event"
    case .mode: "mode"
    case .signature: "sig"
    case .size: "size"
    }
  }

  private static func isNumber(_ column: Column) -> Bool { column == .sequence || column == .size }

  /// - Parameter search: what is to be set off in the cells.
  func draw(
    _ delivery: Delivery, _ canvas: inout Canvas, _ line: Rect, isSelected: Bool, _ search: DeliverySearch?,
    _ setting: Setting
  ) {
    let glyphs = canvas.glyphs
    if isSelected { canvas.draw(String(glyphs.cursor), at: line.origin, style: Style(.selection)) }
    var column = line.column + 1
    for (kind, width) in widths {
      let place = Point(column: column, row: line.row)
      draw(cell(kind, delivery, glyphs, setting), &canvas, place, kind, width, search)
      if kind == .event { drawMark(of: delivery, &canvas, place, width) }
      column += width + gap
    }
  }

  private func draw(
    _ cell: (text: String, style: Style), _ canvas: inout Canvas, _ place: Point, _ kind: Column,
    _ width: Int, _ search: DeliverySearch?
  ) {
    let shown = Self.isNumber(kind) ? Self.fitted(cell.text, width, right: true) : cell.text
    let run = TextRun(shown, cell.style)
    let isSearched = kind == .event || kind == .provider
    canvas.draw(isSearched ? search?.highlighted(run) ?? [run] : [run], at: place, width: width)
    if Self.width(of: shown, atMost: width, canvas) > width {
      let end = Point(column: place.column + width - 1, row: place.row)
      canvas.draw(String(canvas.glyphs.ellipsis), at: end, style: .dim)
    }
  }

  private func drawMark(of delivery: Delivery, _ canvas: inout Canvas, _ place: Point, _ width: Int) {
    let mark = Self.mark(delivery)
    guard !mark.isEmpty, mark.utf8.count < width else { return }
    let event = Self.width(of: delivery.envelope.event?.text ?? "-", atMost: width, canvas)
    let start = min(event, width - mark.utf8.count)
    canvas.draw(mark, at: Point(column: place.column + start, row: place.row), style: Style(.info))
    if start < event, start > 0 {
      let cut = Point(column: place.column + start - 1, row: place.row)
      canvas.draw(String(canvas.glyphs.ellipsis), at: cut, style: .dim)
    }
  }

  private func cell(
    _ column: Column, _ delivery: Delivery, _ glyphs: Glyphs, _ setting: Setting
  ) -> (String, Style) {
    let envelope = delivery.envelope
    switch column {
    case .sequence: return ("\(delivery.sequence)", .dim)
    case .time: return (delivery.receivedAt.timeOfDay(offset: setting.utcOffset), .normal)
    case .provider: return (envelope.provider?.name ?? "-", .normal)
    case .event: return (envelope.event?.text ?? "-", .normal)
    case .mode: return (envelope.livemode.rawValue, Style(.normal, bold: envelope.livemode == .live))
    case .signature:
      let sign = VerdictSign(delivery.verdict, glyphs)
      return (hasWords ? "\(sign.sign) \(delivery.verdict.status.rawValue)" : sign.text, Style(sign.role))
    case .size: return (Wording.size(delivery.request.body.count), .normal)
    }
  }

  /// `#2` for a second attempt, `dup` for an event accepted before: at the end of the event, never cut.
  private static func mark(_ delivery: Delivery) -> String {
    (delivery.attempt > 1 ? " #\(delivery.attempt)" : "") + (delivery.isDuplicate ? " dup" : "")
  }

  /// The columns that `text` takes, as far as it matters for `limit`: a name may be megabytes long.
  private static func width(of text: String, atMost limit: Int, _ canvas: Canvas) -> Int {
    SafeText.width(of: text.utf8.prefix(limit * 8 + 8), charset: canvas.charset)
  }

  private static func fitted(_ text: String, _ width: Int, right: Bool) -> String {
    let padding = String(repeating: " ", count: max(0, width - text.count))
    return right ? padding + text : text + padding
  }
}
