internal import CNcurses
internal import Glibc
internal import Screen

/// Puts canvases on the ncurses screen, only the part of each row that has changed.
struct Painter {
  private var palette: Palette
  /// What the screen shows, or nil when that is not known.
  private(set) var shown: Canvas?
  private var row: [cchar_t] = []
  /// How many cells a frame puts on the screen one by one, which costs a refresh each; for others a `?` stands.
  private static let mostLater = 500

  /// What is to be put on the screen cell by cell once all else is there.
  private var later: [(place: Point, cell: Cell)] = []

  init(_ theme: Theme) { palette = Palette(theme) }

  /// Forgets what the screen shows, so that the next canvas is written whole.
  mutating func forget() { shown = nil }

  /// Whether a canvas that was painted is to be refreshed and then finished.
  var isUnfinished: Bool { !later.isEmpty }

  /// Writes a canvas to the window; the caller refreshes.
  mutating func paint(_ canvas: Canvas, on window: UnsafeMutablePointer<WINDOW>) {
    let columns = min(canvas.size.columns, Int(getmaxx(window)))
    let known = shown.flatMap { $0.size == canvas.size ? $0 : nil }
    later = []
    for index in 0..<min(canvas.size.rows, Int(getmaxy(window))) {
      let cells = canvas.row(index).prefix(columns)
      guard let changed = Self.changed(in: cells, from: known?.row(index)) else { continue }
      write(cells[changed], at: Point(column: changed.lowerBound - cells.startIndex, row: index), on: window)
    }
    shown = canvas
  }

  /// The cells from the first one that has changed to the last one, in the indices of `cells`; nil if no cell has changed.
  ///
  /// No wide character is cut: a right half cannot change without its left half, and ncurses writes it with the left one.
  static func changed(in cells: ArraySlice<Cell>, from old: ArraySlice<Cell>?) -> Range<Int>? {
    guard let old else { return cells.indices }
    // The two rows stand at the same place of two canvases of one size.
    guard let first = cells.indices.first(where: { cells[$0] != old[$0] }),
      let last = cells.indices.last(where: { cells[$0] != old[$0] })
    else { return nil }
    // Such a character may have covered the next cell.
    let end = last + (cells[last].isOfDisputedWidth ? 2 : 1)
    return first..<min(end, cells.endIndex)
  }

  /// The cells that can be written at once, and those that may move or cover the next one, which are written one by one
  /// later, with their distances from the first cell. Blanks keep their places meanwhile.
  ///
  /// ncurses and the terminal may disagree on the width of a character. So it is written into blanks, with the cursor set
  /// before it and after it; and where the terminal may take it for wider, the next cell is written once more.
  /// - Parameter limit: how many there may be of these; for the others a `?` stands in each column.
  static func parted(
    _ cells: ArraySlice<Cell>, atMost limit: Int = mostLater
  ) -> (sure: [Cell], later: [(distance: Int, cell: Cell)]) {
    var (sure, later): ([Cell], [(distance: Int, cell: Cell)]) = ([], [])
    var isCovered = false
    for (distance, cell) in cells.enumerated() where !cell.isContinuation {
      if cell.isOfDisputedWidth, later.count >= limit {
        sure += Array(repeating: Cell.unknown(cell.style), count: Int(cell.width))
        isCovered = false
        continue
      }
      if cell.isOfDisputedWidth || isCovered {
        later.append((distance, cell))
        sure += Array(repeating: .blank(cell.style), count: Int(cell.width))
      } else {
        sure.append(cell)
      }
      isCovered = cell.isOfDisputedWidth && cell.width == 1
    }
    return (sure, later)
  }

  private mutating func write(
    _ cells: ArraySlice<Cell>, at place: Point, on window: UnsafeMutablePointer<WINDOW>
  ) {
    guard cells.contains(where: \.isOfDisputedWidth) else {
      return writeAtOnce(cells.lazy.filter { !$0.isContinuation }, at: place, on: window)
    }
    let (sure, later) = Self.parted(cells, atMost: Self.mostLater - self.later.count)
    self.later += later.map { (Point(column: place.column + $0.distance, row: place.row), $0.cell) }
    writeAtOnce(sure, at: place, on: window)
  }

  private mutating func writeAtOnce(
    _ cells: some Sequence<Cell>, at place: Point, on window: UnsafeMutablePointer<WINDOW>
  ) {
    row.removeAll(keepingCapacity: true)
    for cell in cells { row.append(character(for: cell)) }
    // Unlike waddch, this neither wraps nor scrolls in the last column.
    row.withUnsafeBufferPointer {
      _ = mvwadd_wchnstr(window, Int32(place.row), Int32(place.column), $0.baseAddress, Int32($0.count))
    }
  }

  /// Puts what is left of a canvas on the screen.
  mutating func finish(on window: UnsafeMutablePointer<WINDOW>) {
    leaveok(window, true)
    for (place, cell) in later {
      var text = character(for: cell)
      let (row, column) = (Int32(clamping: place.row), Int32(clamping: place.column))
      _ = mvwadd_wchnstr(window, row, column, &text, 1)
      wrefresh(window)
      // ncurses takes the cursor to be here: now it is, wherever the terminal has put it.
      let next = column + Int32(cell.width)
      if next < getmaxx(window) { mvcur(-1, -1, row, next) }
      // It waits in another buffer than what is refreshed, and would come out of turn.
      fflush(nil)
    }
    leaveok(window, false)
    later = []
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

/// The theme in ncurses' terms: an attribute word and a colour pair for each style.
struct Palette {
  struct Entry {
    let attributes: attr_t
    let pair: Int16
  }

  private let theme: Theme
  private let pairLimit: Int
  private var entries: [Style: Entry] = [:]
  private var pairs: [[Color]: Int16] = [:]

  init(_ theme: Theme) {
    self.theme = theme
    pairLimit = min(Int(tigetnum("pairs")), Int(Int16.max))
  }

  mutating func entry(for style: Style) -> Entry {
    if let entry = entries[style] { return entry }
    let attributes = theme.attributes(for: style)
    let entry = Entry(
      attributes: Palette.word(for: attributes), pair: pair(attributes.foreground, attributes.background))
    entries[style] = entry
    return entry
  }

  private static func word(for attributes: Attributes) -> attr_t {
    var word: attr_t = 0
    if attributes.bold { word |= CURSES_BOLD }
    if attributes.dim { word |= CURSES_DIM }
    if attributes.reverse { word |= CURSES_REVERSE }
    if attributes.underline { word |= CURSES_UNDERLINE }
    return word
  }

  /// The pair of two colours; pair 0, the terminal's own, where no more can be made.
  private mutating func pair(_ foreground: Color, _ background: Color) -> Int16 {
    guard theme.depth != .monochrome, (foreground, background) != (.standard, .standard) else { return 0 }
    if let pair = pairs[[foreground, background]] { return pair }
    let number = pairs.count + 1
    guard number < pairLimit,
      init_pair(Int16(number), Palette.number(foreground), Palette.number(background)) == OK
    else { return 0 }
    pairs[[foreground, background]] = Int16(number)
    return Int16(number)
  }

  /// ncurses takes -1 for the terminal's own colour.
  private static func number(_ color: Color) -> Int16 {
    switch color {
    case .standard: -1
    case .indexed(let index): Int16(index)
    }
  }
}
