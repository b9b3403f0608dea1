import CNcurses
import Screen

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
