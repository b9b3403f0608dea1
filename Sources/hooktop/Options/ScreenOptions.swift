internal import ArgumentParser
internal import Screen

/// The options of whatever shows the terminal UI.
struct ScreenOptions: ParsableArguments {
  /// Which colours are used.
  enum ThemeChoice: String, CaseIterable, ExpressibleByArgument {
    /// Those for the background that the terminal says it has.
    case auto
    case light, dark
  }

  @Option(
    name: .customLong("theme"),
    help: "Colors for a light or dark terminal; auto asks the terminal. (default: auto)")
  var givenTheme: ThemeChoice?

  /// What the theme is for; unknown where the terminal is to be asked.
  var background: Background {
    switch givenTheme ?? .auto {
    case .auto: .unknown
    case .light: .light
    case .dark: .dark
    }
  }
}
