internal import ArgumentParser
internal import Curses
internal import Glibc
internal import Monitor
internal import Webhooks

/// `hooktop open`: recorded sessions and live streams in the terminal UI, read-only.
struct Open: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at a recorded session or a live stream in the terminal UI, read-only.",
    discussion: """
      A session is a file written by --record, or the output of hooktop tail --json. Recorded verdicts stay as they \
      were; signing secrets are used to check them again, and to find out why a signature failed. Lines that can't be \
      read are listed with the incidents (I). Raw HTTP requests, HAR files and saved curl commands are shown as well, \
      each as a delivery that is verified at the time that the file gives it, or else at that of the file; --at \
      overrides both.

      A stream on standard input is shown as it arrives, and so is a growing file with --follow; the keys come from \
      the terminal. Give several streams names, which appear in the endpoint column: staging=- \
      prod=file.ndjson. The newest 10,000 deliveries are kept.

      If standard output is not a terminal, the deliveries are printed as hooktop tail prints them.

      Examples:
        hooktop open session.ndjson
        hooktop open session.ndjson --secret parlay=env:SECRET
        hooktop open session.ndjson | grep mismatch
        ssh -n staging hooktop tail --json | hooktop open -
        hooktop open --follow session.ndjson
        hooktop open failed.har --secret parlay=env:SECRET
        hooktop open curl.sh --at 2026-11-21T18:02:11Z --secret parlay=env:SECRET
        hooktop open failed.har --secret hubspot=env:SECRET \\
          --public-url https://hooks.example.test
        zcat session.ndjson.gz | hooktop open - | less
      """)

  @Argument(
    help: ArgumentHelp(
      "The session; - reads standard input. Several, each as NAME=FILE, are shown together.",
      valueName: "file"),
    completion: .file())
  var sources: [SourceArgument]

  @Flag(
    help: "Show what is added to the file as it arrives, and continue with the new file if it is replaced.")
  var follow = false

  @Option(
    help: ArgumentHelp(
      "When requests that another program has saved arrived: unix seconds or RFC 3339.", valueName: "time"))
  var at: MomentOption?

  @OptionGroup var secrets: SecretSettings

  @OptionGroup var window: ToleranceOption

  @OptionGroup var address: PublicURLOption

  @OptionGroup var configuration: ConfigurationOptions

  @OptionGroup var screen: ScreenOptions

  @OptionGroup var shown: FilterOption

  func validate() throws {
    guard sources.count(where: { $0.path == "-" }) < 2 else {
      throw ValidationError("Standard input (-) can be given once.")
    }
    let names = sources.map(\.title)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw ValidationError("Two sources are called \(twice): give each a name, as in NAME=FILE.")
    }
  }

  func run() throws {
    try reportingFailures(reading: configuration) { setup in
      try address.requireNoPath()
      let providers = address.applied(to: setup.providers)
      let secrets = try secrets.named(in: setup)
      let filter = try shown.filter(among: providers)
      let isInputTaken = sources.contains { $0.path == "-" }
      guard !isInputTaken || isatty(STDIN_FILENO) != 1 else { throw RecordedFileError.inputIsTerminal }
      var lines = try lineSources(providers)
      guard at == nil || lines.allSatisfy(\.isSaved) else {
        throw ValidationError(
          "--at is for saved requests: the deliveries of a session have their own times.")
      }
      let redaction = try setup.file?.redaction ?? Redaction()
      let loaded = try secrets.load()
      let verifier = Verifier(keyring: loaded.keyring, tolerance: window.tolerance)
      for index in lines.indices { lines[index].verify(with: verifier, at: at?.moment) }
      if let reason = Terminal.reasonUnusable(isInputTaken: isInputTaken) {
        if isatty(STDOUT_FILENO) == 1 { Console.say("\(reason); the session is printed instead") }
        try RecordedPrinter.print(
          lines, filter: try shown.printedFilter(among: providers)?.filter, hiding: redaction)
      } else {
        let session = try RecordedSession(
          lines, name: sources.map(\.title).joined(separator: ", "), isLive: isLive, providers: providers,
          keyring: loaded.keyring, tolerance: window.tolerance, redaction: redaction)
        try WatchSession.show(
          session, on: screen.background, greeting: loaded.greeting, filter: filter,
          isInputTaken: isInputTaken)
      }
    }
  }

  /// Whether deliveries are shown as they come: anything but one file as it is now.
  private var isLive: Bool {
    follow || sources.count > 1 || sources.contains { $0.name != nil || $0.isStream }
  }

  private func lineSources(_ providers: Providers) throws -> [any LineSource] {
    guard isLive else { return try sources.map { try RecordedFile($0.path, providers: providers) } }
    return try sources.map {
      try LiveSource($0, follows: follow, keepsNumbers: sources.count == 1, providers: providers)
    }
  }
}
