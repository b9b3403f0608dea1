/// What each style looks like at one colour depth.
///
/// Text keeps the terminal's own foreground and background, or takes a colour of middling lightness, so
/// that it reads on a dark and on a light terminal; black and white stand only on coloured bars. No
/// meaning rests on a colour: the views put a sign and a word beside it.
public struct Theme: Hashable, Sendable {
  public let depth: ColorDepth

  public init(_ depth: ColorDepth) { self.depth = depth }

  public func attributes(for style: Style) -> Attributes {
    var attributes = style.isSelected ? selected(style.role) : plain(style.role)
    attributes.bold = attributes.bold || style.bold
    attributes.underline = attributes.underline || style.underline
    return attributes
  }

  private func plain(_ role: Role) -> Attributes {
    switch depth {
    case .monochrome: Theme.monochrome(role)
    case .eight, .sixteen: Theme.palette(role, white: white)
    case .full: Theme.full(role)
    }
  }

  /// White as the terminal's palette has it: with eight colours it is a light grey, which bold brightens.
  private var white: Color { depth == .eight ? .indexed(7) : .indexed(15) }
}

extension Theme {
  private static func monochrome(_ role: Role) -> Attributes {
    switch role {
    case .normal, .border, .success, .neutral, .info, .jsonString, .jsonNumber, .jsonLiteral, .punctuation:
      Attributes()
    case .dim: Attributes(dim: true)
    case .title, .borderFocused, .failure, .key, .jsonKey, .prompt: Attributes(bold: true)
    case .heading: Attributes(bold: true, underline: true)
    case .warning: Attributes(underline: true)
    case .selection, .bar, .match, .inert: Attributes(reverse: true)
    case .currentMatch: Attributes(bold: true, reverse: true, underline: true)
    }
  }

  /// The colours that every palette has, so that the user's own choice of them holds.
  private static func palette(_ role: Role, white: Color) -> Attributes {
    switch role {
    case .normal, .neutral, .punctuation: Attributes()
    case .dim, .border: Attributes(dim: true)
    case .title, .heading, .prompt: Attributes(bold: true)
    case .borderFocused, .key: Attributes(.indexed(6), bold: true)
    case .selection, .bar: Attributes(white, on: .indexed(4), bold: true)
    case .success, .jsonString: Attributes(.indexed(2))
    case .failure: Attributes(.indexed(1), bold: true)
    case .warning, .jsonLiteral: Attributes(.indexed(3))
    case .info, .jsonKey: Attributes(.indexed(6))
    case .jsonNumber: Attributes(.indexed(5))
    case .match: Attributes(.indexed(0), on: .indexed(3))
    case .currentMatch: Attributes(.indexed(0), on: .indexed(3), bold: true, underline: true)
    case .inert: Attributes(reverse: true)
    }
  }

  /// Colours from the 6×6×6 cube of middling lightness, which read on black and on white.
  private static func full(_ role: Role) -> Attributes {
    switch role {
    case .normal, .neutral: Attributes()
    case .dim, .border, .punctuation: Attributes(.indexed(244))
    case .title, .heading, .prompt: Attributes(bold: true)
    case .borderFocused: Attributes(.indexed(32), bold: true)
    case .selection: Attributes(.indexed(231), on: .indexed(25))
    case .success: Attributes(.indexed(34))
    case .failure: Attributes(.indexed(196), bold: true)
    case .warning, .jsonLiteral: Attributes(.indexed(172))
    case .info: Attributes(.indexed(31))
    case .key: Attributes(.indexed(31), bold: true)
    case .jsonKey: Attributes(.indexed(32))
    case .jsonString: Attributes(.indexed(64))
    case .jsonNumber: Attributes(.indexed(133))
    case .match: Attributes(.indexed(16), on: .indexed(186))
    case .currentMatch: Attributes(.indexed(16), on: .indexed(208), bold: true)
    case .bar: Attributes(.indexed(231), on: .indexed(24))
    case .inert: Attributes(reverse: true)
    }
  }
}

extension Theme {
  /// A role on the selection's bar: the bar wins, except over what must stand out on it.
  private func selected(_ role: Role) -> Attributes {
    let base = plain(role)
    switch (depth, role) {
    case (.monochrome, _):
      var attributes = base
      attributes.reverse.toggle()
      return attributes
    case (_, .match), (_, .currentMatch):
      return base
    case (.full, _):
      return Attributes(
        Theme.lightColor(of: role), on: .indexed(25), bold: base.bold, reverse: base.reverse,
        underline: base.underline)
    case (.eight, .failure), (.sixteen, .failure):
      return Attributes(white, on: .indexed(1), bold: true)
    case (.eight, _), (.sixteen, _):
      return Attributes(
        white, on: .indexed(4), bold: true, reverse: base.reverse, underline: base.underline)
    }
  }

  /// The colour of a role on the dark bar, whose lightness does not depend on the terminal's.
  private static func lightColor(of role: Role) -> Color {
    switch role {
    case .success: .indexed(157)
    case .failure: .indexed(217)
    case .warning: .indexed(229)
    default: .indexed(231)
    }
  }
}

/// Where drawing stands within one row, and how far it may go.
struct Pen {
  /// The index of the row's first cell.
  let rowStart: Int
  /// The next column to draw in.
  var column: Int
  /// The first column that may not be drawn in.
  let limit: Int
  /// Columns of the text that are still to be left out on the left.
  var skip: Int

  var room: Int { limit - column }
  var isFull: Bool { column >= limit }
}

/// A colour as terminals count them.
public enum Color: Hashable, Sendable {
  /// The terminal's own foreground or background.
  case standard
  /// One of the terminal's palette: 0–7 everywhere, 8–15 bright, up to 255 where it has so many.
  case indexed(UInt8)
}

/// How many colours a terminal can show, as far as the theme cares.
public enum ColorDepth: Hashable, Sendable, CaseIterable {
  /// None, or none wanted (`NO_COLOR`).
  case monochrome
  case eight
  case sixteen
  case full

  /// The depth for a terminal with so many colours.
  public init(colors: Int, isColorRefused: Bool = false) {
    switch colors {
    case _ where isColorRefused: self = .monochrome
    case ..<8: self = .monochrome
    case ..<16: self = .eight
    case ..<256: self = .sixteen
    default: self = .full
    }
  }
}

/// What a style looks like on a terminal.
public struct Attributes: Hashable, Sendable {
  public var foreground: Color
  public var background: Color
  public var bold: Bool
  public var dim: Bool
  public var reverse: Bool
  public var underline: Bool

  public init(
    _ foreground: Color = .standard, on background: Color = .standard, bold: Bool = false,
    dim: Bool = false, reverse: Bool = false, underline: Bool = false
  ) {
    self.foreground = foreground
    self.background = background
    self.bold = bold
    self.dim = dim
    self.reverse = reverse
    self.underline = underline
  }
}
