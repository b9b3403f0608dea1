/// What each style looks like at one colour depth, on one kind of background.
///
/// No meaning rests on a colour: the views put a sign and a word beside it. Every colour that text takes has a
/// contrast of at least 4.5:1 to what it stands on; where the background is not known, to black and to white.
public struct Theme: Hashable, Sendable {
  public let depth: ColorDepth
  public let background: Background

  public init(_ depth: ColorDepth, on background: Background = .unknown) {
    self.depth = depth
    self.background = background
  }

  public func attributes(for style: Style) -> Attributes {
    var attributes = style.isSelected ? selected(style.role) : plain(style.role)
    attributes.bold = attributes.bold || style.bold
    attributes.underline = attributes.underline || style.underline
    return attributes
  }

  private func plain(_ role: Role) -> Attributes {
    depth == .monochrome ? Theme.monochrome(role) : Theme.bar(role, depth) ?? text(role)
  }

  /// Text on the terminal's own background.
  private func text(_ role: Role) -> Attributes {
    let inks = Inks(depth, background)
    return switch role {
    case .dim, .border, .punctuation: Attributes(inks.dim)
    case .title, .heading, .prompt: Attributes(bold: true)
    case .borderFocused, .key: Attributes(inks.accent, bold: true)
    case .info, .jsonKey: Attributes(inks.accent)
    case .success: Attributes(inks.success)
    case .failure: Attributes(inks.failure, bold: true)
    // Without a colour, a line keeps it apart from what is neither good nor bad.
    case .warning: Attributes(inks.warning, underline: inks.warning == .standard)
    case .jsonLiteral: Attributes(inks.warning)
    case .mark: Attributes(inks.warning, bold: true)
    case .jsonString: Attributes(inks.string)
    case .jsonNumber: Attributes(inks.number)
    case .inert: Attributes(reverse: true)
    default: Attributes()
    }
  }
}

/// The colours of text: those of a palette that can be read on its background.
private struct Inks {
  var dim = Color.standard
  /// Of what can be pressed, and of names.
  var accent = Color.standard
  var success = Color.standard
  var failure = Color.standard
  var warning = Color.standard
  var string = Color.standard
  var number = Color.standard

  init(_ depth: ColorDepth, _ background: Background) {
    switch (depth, background) {
    case (.full, .dark): set(dim: 246, accent: 80, success: 114, failure: 203, warning: 215, 150, 176)
    case (.full, .light): set(dim: 241, accent: 25, success: 28, failure: 160, warning: 130, 22, 127)
    // The few that are as far from black as from white.
    case (.full, .unknown): set(dim: 243, accent: 63, success: 29, failure: 131, warning: 163, 29, 98)
    case (.sixteen, .dark): set(dim: 8, accent: 14, success: 10, failure: 9, warning: 11, 2, 13)
    case (.eight, .dark):
      (accent, success, warning, string) = (.indexed(6), .indexed(2), .indexed(3), .indexed(2))
    case (.sixteen, .light), (.eight, .light): (accent, failure) = (.indexed(4), .indexed(1))
    case (.monochrome, _), (.sixteen, .unknown), (.eight, .unknown): break
    }
  }

  private mutating func set(
    dim: UInt8, accent: UInt8, success: UInt8, failure: UInt8, warning: UInt8, _ string: UInt8,
    _ number: UInt8
  ) {
    self.dim = .indexed(dim)
    self.accent = .indexed(accent)
    self.success = .indexed(success)
    self.failure = .indexed(failure)
    self.warning = .indexed(warning)
    self.string = .indexed(string)
    self.number = .indexed(number)
  }
}

extension Theme {
  private static func monochrome(_ role: Role) -> Attributes {
    switch role {
    case .normal, .border, .success, .neutral, .info, .jsonString, .jsonNumber, .jsonLiteral, .punctuation:
      Attributes()
    case .dim: Attributes(dim: true)
    case .mark: Attributes(dim: true, underline: true)
    case .title, .borderFocused, .failure, .key, .jsonKey, .prompt: Attributes(bold: true)
    case .heading: Attributes(bold: true, underline: true)
    case .warning: Attributes(underline: true)
    case .selection, .bar, .match, .inert: Attributes(reverse: true)
    case .currentMatch: Attributes(bold: true, reverse: true, underline: true)
    }
  }

  /// What brings its own background; nil for other roles.
  private static func bar(_ role: Role, _ depth: ColorDepth) -> Attributes? {
    switch (role, depth) {
    case (.selection, .full): Attributes(.indexed(231), on: .indexed(25))
    case (.bar, .full): Attributes(.indexed(231), on: .indexed(24))
    case (.match, .full): Attributes(.indexed(16), on: .indexed(186))
    case (.currentMatch, .full): Attributes(.indexed(16), on: .indexed(208), bold: true)
    case (.selection, _), (.bar, _): Attributes(white(depth), on: .indexed(4), bold: true)
    case (.match, _): Attributes(.indexed(0), on: .indexed(3))
    case (.currentMatch, _): Attributes(.indexed(0), on: .indexed(3), bold: true, underline: true)
    default: nil
    }
  }

  /// White as the terminal's palette has it: with eight colours it is a light grey, which bold brightens.
  private static func white(_ depth: ColorDepth) -> Color { depth == .eight ? .indexed(7) : .indexed(15) }

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
      return Attributes(Theme.white(depth), on: .indexed(1), bold: true)
    case (.eight, _), (.sixteen, _):
      return Attributes(
        Theme.white(depth), on: .indexed(4), bold: true, reverse: base.reverse, underline: base.underline)
    }
  }

  /// The colour of a role on the dark bar, whose lightness does not depend on the terminal's.
  private static func lightColor(of role: Role) -> Color {
    switch role {
    case .success: .indexed(157)
    case .failure: .indexed(224)
    case .warning: .indexed(229)
    default: .indexed(231)
    }
  }
}
