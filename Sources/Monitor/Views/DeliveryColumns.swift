internal import JSON
internal import Screen
internal import Webhooks

/// The columns of the list that there is room for, and how wide each is; it draws a delivery in them.
struct DeliveryColumns: Sendable {
  private struct Place {
    let column: DeliveryColumn
    let width: Int
  }

  private let setting: DeliveryColumn.Setting
  private let places: [Place]
  /// Blanks between two columns.
  private let gap: Int

  /// The columns that fit `width`; the event takes what the others leave.
  init(width: Int, _ setting: DeliveryColumn.Setting) {
    self.setting = setting
    let dense = Self.columns(fitting: width, gap: 1, setting)
    // Air between them is worth less than one of them.
    let gap = width >= 76 && Self.columns(fitting: width, gap: 2, setting).count == dense.count ? 2 : 1
    self.gap = gap
    places = Self.places(of: dense, width: width, gap: gap, setting)
  }

  /// The columns that there is room for: the most needed, and of the others those that still fit beside them.
  private static func columns(
    fitting width: Int, gap: Int, _ setting: DeliveryColumn.Setting
  ) -> [DeliveryColumn] {
    let columns = DeliveryColumn.all.filter { $0.isOfUse(setting) }
    var shown = columns.indices.filter { columns[$0].room == nil }
    let ranked = columns.indices.compactMap { place in columns[place].room.map { (place, $0) } }
      .sorted { $0.1.rank(in: setting) > $1.1.rank(in: setting) }
    var taken = used(shown.map { columns[$0] }, gap, setting)
    for (place, room) in ranked {
      let more = gap + leastWidth(columns[place], setting)
      guard taken + more + room.leaving <= width else { continue }
      taken += more
      shown.append(place)
    }
    return shown.sorted().map { columns[$0] }
  }

  /// What the columns take at least, but for the event, with what stands between them.
  private static func used(_ columns: [DeliveryColumn], _ gap: Int, _ setting: DeliveryColumn.Setting) -> Int
  {
    // The cursor takes one column.
    columns.reduce(1 + gap * (columns.count - 1)) { $0 + leastWidth($1, setting) }
  }

  private static func leastWidth(_ column: DeliveryColumn, _ setting: DeliveryColumn.Setting) -> Int {
    switch column.width(setting) {
    case .fixed(let width), .growing(let width, _): width
    case .rest: 0
    }
  }

  private static func places(
    of columns: [DeliveryColumn], width: Int, gap: Int, _ setting: DeliveryColumn.Setting
  ) -> [Place] {
    var rest = max(1, width - used(columns, gap, setting))
    var widths: [Int?] = []
    for column in columns {
      switch column.width(setting) {
      case .fixed(let width): widths.append(width)
      case .growing(let least, let most):
        let more = min(most - least, max(0, rest - (column.room?.leaving ?? 0)) / 2)
        widths.append(least + more)
        rest -= more
      case .rest: widths.append(nil)
      }
    }
    return zip(columns, widths).map { Place(column: $0, width: $1 ?? rest) }
  }

  var heading: String {
    " "
      + places.map { Self.fitted($0.column.title(setting), $0.width, right: $0.column.isNumber) }
      .joined(separator: String(repeating: " ", count: gap))
  }

  private static func fitted(_ text: String, _ width: Int, right: Bool) -> String {
    let padding = String(repeating: " ", count: max(0, width - text.count))
    return right ? padding + text : text + padding
  }

  /// Whether a row changes by itself as time passes.
  var followTime: Bool { places.contains(where: \.column.followsTime) }

  /// What of a row changes by itself as time passes.
  func timedCells(_ delivery: Delivery, _ outcomes: [Outcome]) -> [TextRun] {
    let row = DeliveryColumn.Row(delivery: delivery, outcomes: outcomes, setting: setting)
    return places.filter(\.column.followsTime).map { $0.column.cell(row, $0.width) }
  }

  /// What a search for a text asks of a delivery: whether its row shows it.
  func tests(_ search: PayloadSearch, for text: String) -> [DeliveryColumn.Test] {
    places.compactMap { $0.column.test(search, text, setting) }
  }

  /// - Parameters:
  ///   - folded: how many other attempts are folded under it.
  ///   - search: what is to be set off in the cells.
  func draw(
    _ delivery: Delivery, _ outcomes: [Outcome], folded: Int = 0, _ canvas: inout Canvas, _ line: Rect,
    isSelected: Bool, _ search: DeliverySearch?
  ) {
    if isSelected { canvas.draw(String(setting.glyphs.cursor), at: line.origin, style: Style(.selection)) }
    let row = DeliveryColumn.Row(delivery: delivery, outcomes: outcomes, folded: folded, setting: setting)
    var column = line.column + 1
    for place in places {
      let rect = Rect(column: column, row: line.row, columns: place.width, rows: 1)
      let run = place.column.cell(row, place.width)
      draw(run, &canvas, rect, isNumber: place.column.isNumber, search)
      if let mark = place.column.mark?(row) { draw(mark, after: run, &canvas, rect) }
      column += place.width + gap
    }
  }

  private func draw(
    _ run: TextRun, _ canvas: inout Canvas, _ rect: Rect, isNumber: Bool, _ search: DeliverySearch?
  ) {
    let width = SafeText.width(of: run.bytes, charset: canvas.charset)
    let blanks = isNumber ? max(0, rect.columns - width) : 0
    canvas.draw(
      search?.highlighted(run) ?? [run], at: Point(column: rect.column + blanks, row: rect.row),
      width: rect.columns - blanks)
    if width > rect.columns {
      let end = Point(column: rect.endColumn - 1, row: rect.row)
      canvas.draw(String(canvas.glyphs.ellipsis), at: end, style: .dim)
    }
  }

  /// Draws what stands at the end of a cell, and cuts the cell's own text where it must.
  private func draw(_ mark: String, after run: TextRun, _ canvas: inout Canvas, _ rect: Rect) {
    let width = SafeText.width(of: mark, charset: canvas.charset)
    guard !mark.isEmpty, width < rect.columns else { return }
    let end = SafeText.width(of: run.bytes, charset: canvas.charset)
    let start = min(end, rect.columns - width)
    canvas.draw(mark, at: Point(column: rect.column + start, row: rect.row), style: Style(.info))
    if start < end, start > 0 {
      let cut = Point(column: rect.column + start - 1, row: rect.row)
      canvas.draw(String(canvas.glyphs.ellipsis), at: cut, style: .dim)
    }
  }
}
