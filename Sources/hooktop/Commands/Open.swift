internal import ArgumentParser
internal import Curses
internal import Glibc
internal import Monitor

/// `hooktop open`: a recorded session in the terminal UI, read-only.
struct Open: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at a recorded session in the terminal UI, read-only.",
    discussion: """
      A session is a file written by --record, or the output of hooktop tail --json. Recorded verdicts stay as they \
      were; signing secrets are used to check them again, and to find out why a signature failed. Lines that can't be \
      read are listed with the incidents (I).

      If standard output is not a terminal, the deliveries are printed as hooktop tail prints them.

      Examples:
        hooktop open session.ndjson
        hooktop open session.ndjson --secret parlay=env:SECRET
        hooktop open session.ndjson | grep mismatch
        zcat session.ndjson.gz | hooktop open - | less
      """)

  @Argument(help: "The session; - reads standard input and prints lines.", completion: .file())
  var file: String

  @OptionGroup var secrets: SecretSettings

  @OptionGroup var window: ToleranceOption

  @OptionGroup var configuration: ConfigurationOptions

  @OptionGroup var screen: ScreenOptions

  @OptionGroup var shown: FilterOption

  func run() throws {
    try reportingFailures(reading: configuration) { setup in
      let providers = setup.providers
      let secrets = try secrets.named(in: setup)
      let filter = try shown.filter(among: providers)
      let hasOutput = isatty(STDOUT_FILENO) == 1
      guard file != "-" || !hasOutput else { throw RecordedFileError.noKeys }
      let recorded = try RecordedFile(file, providers: providers)
      let loaded = try secrets.load()
      if let reason = Terminal.reasonUnusable() {
        if hasOutput { Console.say("\(reason); the session is printed instead") }
        try RecordedPrinter.print(recorded, filter: try shown.printedFilter(among: providers)?.filter)
      } else {
        let session = try RecordedSession(
          recorded, providers: providers, keyring: loaded.keyring, tolerance: window.tolerance)
        try WatchSession.show(session, on: screen.background, greeting: loaded.greeting, filter: filter)
      }
    }
  }
}
