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

  /// Columns that fit `width`; the event takes what the others leave, and the least needed go first.
  init(width: Int) {
    let gap = width >= 76 ? 2 : 1
    // The cursor takes one column; an event is not readable below twelve.
    func used(_ columns: [Column], event: Int) -> Int {
      columns.reduce(1 + gap * (columns.count - 1)) { $0 + (DeliveryColumns.width(of: $1) ?? event) }
    }
    var columns = Column.allCases
    for dispensable in [Column.time, .mode, .provider] where used(columns, event: 12) > width {
      columns.removeAll { $0 == dispensable }
    }
    let event = max(1, width - used(columns, event: 0))
    widths = columns.map { ($0, DeliveryColumns.width(of: $0) ?? event) }
    self.gap = gap
  }

  private static func width(of column: Column) -> Int? {
    switch column {
    case .sequence: 5
    case .time: 8
    case .provider: 8
    case .event: nil
    case .mode: 4
    case .signature: 7
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

  func draw(
    _ delivery: Delivery, isSelected: Bool, _ canvas: inout Canvas, _ line: Rect, _ setting: Setting
  ) {
    let glyphs = canvas.glyphs
    if isSelected { canvas.draw(String(glyphs.cursor), at: line.origin, style: Style(.selection)) }
    var column = line.column + 1
    for (kind, width) in widths {
      let (text, style) = cell(kind, delivery, glyphs, setting)
      let shown = Self.isNumber(kind) ? Self.fitted(text, width, right: true) : text
      let place = Point(column: column, row: line.row)
      canvas.draw(shown, at: place, width: width, style: style)
      if SafeText.width(of: shown, charset: canvas.charset) > width {
        canvas.draw(
          String(glyphs.ellipsis), at: Point(column: column + width - 1, row: line.row), style: .dim)
      }
      column += width + gap
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
    case .event: return (eventText(delivery), .normal)
    case .mode: return (envelope.livemode.rawValue, Style(envelope.livemode == .live ? .warning : .normal))
    case .signature:
      let sign = VerdictSign(delivery.verdict, glyphs)
      return (sign.text, Style(sign.role))
    case .size: return (Wording.size(delivery.request.body.count), .normal)
    }
  }

  /// The event, with `dup` for one accepted before and `#2` for a second attempt.
  private func eventText(_ delivery: Delivery) -> String {
    var text = delivery.envelope.event ?? "-"
    if delivery.attempt > 1 { text += " #\(delivery.attempt)" }
    if delivery.isDuplicate { text += " dup" }
    return text
  }

  private static func fitted(_ text: String, _ width: Int, right: Bool) -> String {
    let padding = String(repeating: " ", count: max(0, width - text.count))
    return right ? padding + text : text + padding
  }
}
