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
