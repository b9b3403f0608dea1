import CNcurses
import Screen

/// Puts canvases on the ncurses screen, rows that have changed only.
struct Painter {
  private var palette: Palette
  /// What the screen shows; nil where that is not known.
  private var shown: Canvas?
  private var row: [cchar_t] = []

  init(_ theme: Theme) { palette = Palette(theme) }

  /// Forgets what the screen shows, so that the next canvas is written whole.
  mutating func forget() { shown = nil }

  /// Writes a canvas to the window; the caller refreshes.
  mutating func paint(_ canvas: Canvas, on window: UnsafeMutablePointer<WINDOW>) {
    let columns = min(canvas.size.columns, Int(getmaxx(window)))
    let known = shown.flatMap { $0.size == canvas.size ? $0 : nil }
    for index in 0..<min(canvas.size.rows, Int(getmaxy(window))) {
      let cells = canvas.row(index)
      if let known, known.row(index) == cells { continue }
      write(cells.prefix(columns), row: index, on: window)
    }
    shown = canvas
  }

  private mutating func write(
    _ cells: ArraySlice<Cell>, row index: Int, on window: UnsafeMutablePointer<WINDOW>
  ) {
    row.removeAll(keepingCapacity: true)
    for cell in cells where !cell.isContinuation { row.append(character(for: cell)) }
    // Unlike waddch, this neither wraps nor scrolls in the last column.
    row.withUnsafeBufferPointer {
      _ = mvwadd_wchnstr(window, Int32(index), 0, $0.baseAddress, Int32($0.count))
    }
  }

  private mutating func character(for cell: Cell) -> cchar_t {
    let entry = palette.entry(for: cell.style)
    var result = cchar_t()
    withUnsafeTemporaryAllocation(of: wchar_t.self, capacity: 2 + Cell.maximumMarks) { text in
      text.initialize(repeating: 0)
      text[0] = wchar_t(bitPattern: cell.base.value)
      for mark in 0..<Cell.maximumMarks { text[1 + mark] = wchar_t(bitPattern: cell.marks[mark]) }
      _ = setcchar(&result, text.baseAddress, entry.attributes, entry.pair, nil)
    }
    return result
  }
}
