internal import ArgumentParser
internal import Sender

/// The options that say which app a command asks, and for how long.
struct AppOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The app's URL, http or https. Without a path, each delivery goes to its own path.", valueName: "url"))
  var to: String

  @Option(help: ArgumentHelp("How long to wait for each response.", valueName: "seconds"))
  var timeout = 30.0

  func validate() throws {
    guard timeout > 0, timeout <= 3600 else {
      throw ValidationError("--timeout must be a number of seconds above 0, 3600 at most.")
    }
    _ = try url
  }

  /// - Throws: `ValidationError`, with what was probably meant.
  var url: AppURL {
    get throws { try AppURL.option("--to", to) }
  }
}
