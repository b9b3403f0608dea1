internal import Screen
internal import Webhooks

/// A line of input in the bottom row: a filter expression, a text to search for, or a secret.
struct Prompt: InputPanel {
  /// Does what the line is for, which closes the prompt or puts another one in its place, or keeps it open.
  typealias Use = @Sendable (inout Prompt, inout Model) -> [Effect]

  static let title = "Line of input"

  private let label: String
  /// Whether what is typed must not be seen.
  private let isHidden: Bool
  var editor: LineEditor
  /// What was typed in it before, oldest first.
  private let history: [String]
  /// Which of the history is shown; the count of it means the line being typed.
  private var place: Int
  private var draft = ""
  /// Why the line was not taken.
  var error: FilterError?
  /// What may be typed, shown above the line.
  var hint: @Sendable (Model) -> TextRun? = { _ in nil }
  /// What is done with what is typed so far, after each change.
  var live: @Sendable (String, inout Model) -> [Effect] = { _, _ in [] }
  /// What is done where the line is closed and not taken.
  var cancelled: @Sendable (inout Model) -> Void = { _ in }
  private let use: Use

  init(
    _ label: String, text: String = "", isHidden: Bool = false, history: [String] = [], use: @escaping Use
  ) {
    self.label = label
    self.isHidden = isHidden
    self.history = history
    self.use = use
    editor = LineEditor(text)
    place = history.count
  }

  mutating func edited(in model: inout Model) -> [Effect] {
    error = nil
    return live(editor.text, &model)
  }

  func cancel(in model: inout Model) { cancelled(&model) }

  mutating func step(_ step: Int, in model: Model) {
    let target = place + step
    guard (0...history.count).contains(target) else { return }
    if place == history.count { draft = editor.text }
    place = target
    error = nil
    editor = LineEditor(target == history.count ? draft : history[target])
  }

  mutating func accept(in model: inout Model) -> [Effect] {
    let use = use
    return use(&self, &model)
  }

  mutating func paste(_ text: String) {
    // A copied secret or name often brings the end of its line along, which is no part of it.
    editor.paste(text.last?.isNewline == true ? String(text.dropLast()) : text)
  }
}

extension Prompt {
  func draw(_ canvas: inout Canvas, _ rect: Rect, _ model: Model) {
    let row = rect.splitBottom(1).bottom
    canvas.fill(row)
    let start = canvas.draw(" \(label): ", at: row.origin, width: row.columns, style: Style(.prompt))
    let room = max(1, row.columns - start - 1)
    let cursor = isHidden ? editor.cursor : columns(upTo: editor.cursor, canvas)
    // A fault is pointed at, so it is what must be seen of a line that is too long.
    let fault = error.map { columns(upTo: $0.column, canvas) }
    let scrolled = max(0, cursor - room)
    let skipped = fault.map { max(min(scrolled, $0), $0 - room + 1) } ?? scrolled
    let shown = isHidden ? String(repeating: "*", count: editor.characters.count) : editor.text
    canvas.draw(shown, at: Point(column: start, row: row.row), width: room, skipping: skipped)
    canvas.cursor = Point(column: start + max(0, min(cursor - skipped, room)), row: row.row)
    if let error, let fault {
      drawFault(error, &canvas, row, column: start + fault - skipped)
    } else if let line = model.notice.map({ TextRun(" \($0.text)", Style($0.role)) }) ?? hint(model) {
      drawAbove([[line]], &canvas, row)
    }
  }

  /// Draws why the line was not taken, and a caret over where.
  private func drawFault(_ error: FilterError, _ canvas: inout Canvas, _ row: Rect, column: Int) {
    let caret = [TextRun(String(repeating: " ", count: column)), TextRun("^", Style(.failure, bold: true))]
    let wrapping = Wrapping(columns: row.columns - 1, charset: canvas.charset, proseIndent: 1)
    let reason = wrapping.rows(of: [TextRun(" \(error.description)", Style(.failure))])
    drawAbove(reason + [caret], &canvas, row)
  }

  /// Draws lines over what stands above a row.
  private func drawAbove(_ lines: [[TextRun]], _ canvas: inout Canvas, _ rect: Rect) {
    for (index, line) in lines.enumerated() {
      let row = Rect(column: 0, row: rect.row - lines.count + index, columns: rect.columns, rows: 1)
      canvas.fill(row)
      drawRow(line, &canvas, row)
    }
  }

  private func columns(upTo cursor: Int, _ canvas: Canvas) -> Int {
    SafeText.width(of: String(editor.characters.prefix(cursor)), charset: canvas.charset)
  }
}
