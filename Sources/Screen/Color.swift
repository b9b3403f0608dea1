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

/// What text stands on, as far as the theme cares.
public enum Background: Hashable, Sendable, CaseIterable {
  case dark, light
  /// The terminal has not said.
  case unknown

  /// The kind of a colour whose parts are 0 to 1: light where black text has more contrast than white.
  public init(red: Double, green: Double, blue: Double) {
    // The relative luminance of WCAG 2, with its curve taken as a square: enough to tell light from dark.
    let luminance = 0.2126 * red * red + 0.7152 * green * green + 0.0722 * blue * blue
    self = luminance > 0.179 ? .light : .dark
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
