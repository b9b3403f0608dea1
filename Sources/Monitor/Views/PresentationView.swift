internal import Screen
internal import Webhooks

/// A word in letters five points high, made of blocks, or of `#` where the charset has none.
struct LargeWord {
  /// Each letter's rows from top to bottom.
  private static let letters: [Character: [String]] = [
    "a": [" # ", "# #", "###", "# #", "# #"], "c": [" ##", "#  ", "#  ", "#  ", " ##"],
    "d": ["## ", "# #", "# #", "# #", "## "], "e": ["###", "#  ", "## ", "#  ", "###"],
    "f": ["###", "#  ", "## ", "#  ", "#  "], "g": [" ###", "#   ", "# ##", "#  #", " ###"],
    "h": ["# #", "# #", "###", "# #", "# #"], "i": ["#", "#", "#", "#", "#"],
    "k": ["#  #", "# # ", "##  ", "# # ", "#  #"], "l": ["#  ", "#  ", "#  ", "#  ", "###"],
    "m": ["#   #", "## ##", "# # #", "#   #", "#   #"], "n": ["#  #", "## #", "# ##", "#  #", "#  #"],
    "o": [" ## ", "#  #", "#  #", "#  #", " ## "], "r": ["## ", "# #", "## ", "# #", "# #"],
    "s": [" ##", "#  ", " # ", "  #", "## "], "t": ["###", " # ", " # ", " # ", " # "],
    "u": ["#  #", "#  #", "#  #", "#  #", " ## "],
  ]
  private static let height = 5

  let rows: [String]

  /// Returns nil for a word with another letter than those of the verdicts.
  init?(_ word: String, in charset: Charset) {
    let letters = word.compactMap { Self.letters[$0] }
    guard letters.count == word.count, !letters.isEmpty else { return nil }
    let points = (0..<Self.height).map { row in letters.map { $0[row] }.joined(separator: " ") }
    rows = charset == .utf8 ? Self.inHalves(points) : points
  }

  var size: Size { Size(columns: rows.map(\.count).max() ?? 0, rows: rows.count) }

  /// Two points above each other are one character.
  private static func inHalves(_ points: [String]) -> [String] {
    stride(from: 0, to: points.count, by: 2).map { row in
      let lower = row + 1 < points.count ? points[row + 1] : String(repeating: " ", count: points[row].count)
      return String(
        zip(points[row], lower).map { above, below in
          switch (above, below) {
          case ("#", "#"): "\u{2588}"
          case ("#", _): "\u{2580}"
          case (_, "#"): "\u{2584}"
          default: " "
          }
        })
    }
  }
}

extension Model {
  /// The verdict on the delivery in the panes, where others look on.
  var largeVerdict: LargeWord? {
    guard presentation != nil, let delivery = inspection?.delivery else { return nil }
    let glyphs = Glyphs.forCharset(setting.charset)
    return LargeWord(VerdictSign(delivery.verdict, glyphs).word, in: setting.charset)
  }

  /// Remembers the key for those who look on; what is typed into a line is nobody's business.
  mutating func noteKey(_ key: Key) {
    guard presentation != nil else { return }
    let isText = if case .character = key { panels.top is any InputPanel } else { false }
    lastKey = isText ? nil : key
  }
}

/// Draws the verdict in large letters, where the layout has room for it.
func drawVerdict(_ model: Model, _ canvas: inout Canvas, _ rect: Rect) {
  guard !rect.isEmpty, let word = model.largeVerdict, let delivery = model.inspection?.delivery else {
    return
  }
  let role = VerdictSign(delivery.verdict, canvas.glyphs).role
  for (row, text) in word.rows.enumerated() {
    canvas.draw(
      text, at: Point(column: rect.column, row: rect.row + row), width: rect.columns,
      style: Style(role, bold: true))
  }
}

/// The columns in the corner of the bottom line that the last key takes; the same for all keys, so that nothing moves.
func lastKeyColumns(_ model: Model) -> Int { model.presentation == nil ? 0 : 16 }

/// Draws the key that was pressed last.
func drawLastKey(_ model: Model, _ canvas: inout Canvas, _ rect: Rect) {
  guard let key = model.lastKey else { return }
  let runs = [TextRun(" key ", .dim), TextRun(key.label(in: canvas.charset), Style(.key))]
  canvas.draw(runs, at: rect.origin, width: rect.columns)
}
