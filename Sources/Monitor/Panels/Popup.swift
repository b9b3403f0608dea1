internal import Screen

/// A panel in a box in the middle of the screen, with rows that scroll.
protocol Popup: Panel {
  var viewport: Viewport { get set }

  func content(_ model: Model) -> PopupContent
}

/// What a popup shows: rows that scroll, between others that stay.
struct PopupContent {
  let title: String
  /// The columns of its rows; the box has more where what stays needs them, and fewer where the screen is narrow.
  let columns: Int
  /// What stays above the rows.
  var head: [[TextRun]] = []
  let rowCount: Int
  /// The row of a number, made when it is drawn.
  let row: (Int) -> [TextRun]
  /// What stays below the rows.
  var foot: [[TextRun]] = []
  /// The room that the rows take at least.
  var leastRows = 1
  /// The row in place of rows where there are none.
  var empty = ""
  /// Whether one of the rows is the selected one.
  var hasCursor = false
  /// The column in the first row of the head where the terminal's cursor stands.
  var inputColumn: Int?

  init(_ title: String, columns: Int, rowCount: Int, row: @escaping (Int) -> [TextRun]) {
    self.title = title
    self.columns = columns
    self.rowCount = rowCount
    self.row = row
  }

  init(_ title: String, columns: Int, rows: [[TextRun]]) {
    self.init(title, columns: columns, rowCount: rows.count) { rows[$0] }
  }

  /// The columns that leave no line cut of what stays.
  fileprivate func columns(in charset: Charset) -> Int {
    // A box does not move while a line is typed in it.
    guard inputColumn == nil else { return columns }
    return (head + foot).reduce(columns) { max($0, $1.width(in: charset)) }
  }
}

/// Where a popup and its parts stand on a screen; what is drawn and what is scrolled in both go by it.
struct PopupFrame {
  let box: Rect
  let head: Rect
  let rows: Rect
  let foot: Rect

  init(_ content: PopupContent, on screen: Size, in charset: Charset) {
    let wanted = content.head.count + max(content.leastRows, content.rowCount) + content.foot.count
    let height = min(wanted, Self.textRows(on: screen))
    let columns = min(content.columns(in: charset) + 4, screen.columns)
    box = Rect(
      column: (screen.columns - columns) / 2, row: max(1, (screen.rows - height - 2) / 2), columns: columns,
      rows: height + 2)
    let inside = Rect(
      column: box.column + 2, row: box.row + 1, columns: columns - 4, rows: box.rows - 2)
    // What scrolls keeps a row, so that all of it can be read.
    let (above, foot) = inside.splitBottom(
      min(content.foot.count, max(0, inside.rows - content.head.count - 1)))
    self.foot = foot
    (head, rows) = above.splitTop(min(content.head.count, above.rows - 1))
  }

  /// The most rows of text that a popup has: some of what lies below it is seen, where there is room for that.
  static func textRows(on screen: Size) -> Int { max(1, screen.rows - (screen.rows < 20 ? 4 : 6)) }

  /// The columns of text in a popup that wants so many.
  static func textColumns(_ wanted: Int, on screen: Size) -> Int { max(1, min(wanted, screen.columns - 4)) }
}

extension Popup where Self: InputPanel {
  mutating func edited(in model: inout Model) -> [Effect] {
    viewport.moveToStart()
    return []
  }

  mutating func step(_ step: Int, in model: Model) { move(.rows(step), in: model) }

  /// The column of the cursor in a first row that shows what is typed behind a sign and a blank.
  func inputColumn(in charset: Charset) -> Int {
    2 + SafeText.width(of: String(editor.characters.prefix(editor.cursor)), charset: charset)
  }
}

extension Popup {
  mutating func move(_ movement: Movement, in model: Model) {
    let content = content(model)
    let extent = extent(of: content, model)
    if content.hasCursor {
      viewport.move(movement, in: extent)
    } else {
      viewport.scroll(movement, in: extent)
    }
  }

  /// Scrolls as far as the longest of the lines that are seen goes.
  mutating func scroll(sideways columns: Int, in model: Model) {
    let content = content(model)
    let area = PopupFrame(content, on: model.size, in: model.setting.charset).rows
    let lines = content.head + visible(content, area).map(content.row) + content.foot
    let widest = lines.map { $0.width(in: model.setting.charset) }.max() ?? 0
    viewport.scroll(sideways: columns, atMost: widest - area.columns)
  }

  /// The numbers of the rows that are seen.
  private func visible(_ content: PopupContent, _ area: Rect) -> Range<Int> {
    let top = min(viewport.top.line, content.rowCount)
    return top..<min(top + area.rows, content.rowCount)
  }

  mutating func take(_ message: Message, in model: Model) -> [Effect] {
    settle(in: model)
    return []
  }

  /// Brings its place back inside, after what it shows or the screen has changed.
  mutating func settle(in model: Model) { viewport.clamp(to: extent(of: content(model), model)) }

  /// The number of the selected row; nil if there are no rows.
  func selectedRow(of count: Int) -> Int? { count > 0 ? min(viewport.cursor.line, count - 1) : nil }

  func extent(of content: PopupContent, _ model: Model) -> Viewport.Extent {
    let height = PopupFrame(content, on: model.size, in: model.setting.charset).rows.rows
    return Viewport.Extent(lineCount: content.rowCount, height: height) { _ in 1 }
  }

  func draw(_ canvas: inout Canvas, _ rect: Rect, _ model: Model) {
    let content = content(model)
    let frame = PopupFrame(content, on: rect.size, in: canvas.charset)
    canvas.fill(frame.box)
    canvas.drawFrame(frame.box, title: content.title, style: Style(.borderFocused))
    drawRows(content.head, &canvas, frame.head, skipping: content.inputColumn == nil ? viewport.left : 0)
    // What is wrapped to fit stays where it is.
    let isWide = content.foot.contains { $0.width(in: canvas.charset) > frame.foot.columns }
    drawRows(content.foot, &canvas, frame.foot, skipping: isWide ? viewport.left : 0)
    if let column = content.inputColumn {
      canvas.cursor = Point(
        column: min(frame.head.column + column, frame.head.endColumn - 1), row: frame.head.row)
    }
    guard content.rowCount > 0 else {
      return drawRows([[TextRun(content.empty, .dim)]], &canvas, frame.rows)
    }
    drawScrolling(content, &canvas, frame)
  }

  private func drawScrolling(_ content: PopupContent, _ canvas: inout Canvas, _ frame: PopupFrame) {
    let area = frame.rows
    let visible = visible(content, area)
    drawRows(visible.map(content.row), &canvas, area, skipping: viewport.left)
    if !content.hasCursor { drawMore(content.rowCount - visible.upperBound, &canvas, frame.box) }
    guard content.hasCursor, let selected = selectedRow(of: content.rowCount) else { return }
    let row = area.row + selected - viewport.top.line
    canvas.select(Rect(column: area.column, row: row, columns: area.columns, rows: 1))
    drawPosition(selected, &canvas, frame.box, of: content.rowCount, visible: area.rows)
  }
}

/// Draws lines one below the other, as far as there is room.
private func drawRows(_ lines: [[TextRun]], _ canvas: inout Canvas, _ rect: Rect, skipping left: Int = 0) {
  for (row, line) in lines.prefix(rect.rows).enumerated() {
    let row = Rect(column: rect.column, row: rect.row + row, columns: rect.columns, rows: 1)
    drawRow(line, &canvas, row, skipping: left)
  }
}
