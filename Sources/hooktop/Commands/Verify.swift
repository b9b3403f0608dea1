internal import ArgumentParser
internal import Receiver
internal import Webhooks

/// `hooktop verify`: a saved body, or every delivery of a recorded session.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verify a saved body or request, or every delivery of a recorded session.",
    discussion: """
      hooktop recognises a file by its content: a session (NDJSON, as hooktop tail --json prints it), a raw HTTP request, \
      a HAR file, a saved curl command, or otherwise a body. Each delivery of a session is verified at its own arrival \
      time, with its own headers. A saved request is verified at the time that its file gives, otherwise at the file's own \
      date; --at overrides both. A curl command is read, never run; it may refer only to files in its own folder.

      Without --secret and its environment variable, a provider is verified with the secrets that hooktop parlay has \
      saved, and hooktop says so.

      Exit codes: 0 valid, 10 missing, 11 malformed, 12 mismatch, 13 stale, 14 unchecked. With several deliveries, \
      the exit code is that of the first one that is not valid.

      Examples:
        hooktop verify body.json --header '\(Provider.parlay.scheme.headerExample)' \\
          --secret parlay=env:SECRET
        hooktop tail --json | hooktop verify - --secret parlay=env:SECRET
        hooktop verify failed.har --secret parlay=env:SECRET
        hooktop verify curl.sh --at 2026-11-21T18:02:11Z --secret parlay=env:SECRET
      """)

  @Argument(help: "The body, the request or the session; - is standard input.", completion: .file())
  var file = "-"

  @Option(help: "\(Self.providerHelp)", completion: .list(ProviderName.allValueStrings))
  var provider: ProviderName?

  @OptionGroup var secrets: SecretSettings

  @OptionGroup var window: ToleranceOption

  @OptionGroup var address: PublicURLOption

  @OptionGroup var configuration: ConfigurationOptions

  @Option(help: ArgumentHelp("A header of the delivery. Repeatable.", valueName: "Name: value"))
  var header: [HeaderOption] = []

  @Option(
    help: ArgumentHelp("When it arrived: unix seconds or RFC 3339. Defaults to now.", valueName: "time"))
  var at: MomentOption?

  @Flag(help: "Print JSON, one line for each delivery.")
  var json = false

  @Flag(name: .shortAndLong, help: "Print everything found for each delivery of a session, not one line.")
  var verbose = false

  /// So much that all processors have something to do, in bytes; of a pipe, what there is comes sooner.
  private static let pieceSize = 1 << 20

  private static let providerHelp =
    "The provider, \(ProviderName.help); read from the headers by default."

  func run() throws {
    try reportingFailures(reading: configuration) { setup in
      let providers = address.applied(to: setup.providers)
      let provider = try provider?.provider(among: providers)
      let secrets = try secrets.named(in: setup).load(orFrom: try? .ofUser())
      if let note = secrets.noteOnVerifying { Console.say(note) }
      let verifier = Verifier(keyring: secrets.keyring, tolerance: window.tolerance)
      var report = VerifyReport(
        verifier, providers: providers, form: json ? .json : verbose ? .full : .lines)
      let stream = try FileStream(file, pieceSize: Self.pieceSize)
      let start = try stream.readLine(limit: SessionReader.defaultLimit)
      if header.isEmpty, !SavedForm.mayBe(start), let compression = Compression(start) {
        throw RecordedFileError.compressed(path: file, compression)
      }
      if try isSession(start, providers) {
        try verifySession(start, stream, &report)
      } else {
        let body = try stream.readToEnd(atMost: HTTPServer.Limits().bodiesInFlight, after: start)
        try verify(body, provider, &report)
      }
      if let code = report.exitCode { throw code }
    }
  }

  /// Whether `start`, the beginning of the file with its first line, is that of a session.
  /// - Throws: `ValidationError` where there are options that only a body can have.
  private func isSession(_ start: [UInt8], _ providers: Providers) throws -> Bool {
    let sniffer = SessionSniffer(providers: providers)
    guard !header.isEmpty || provider != nil || at != nil else {
      let isNamedSo = file.hasSuffix(".ndjson") && !SavedForm.mayBe(start)
      return start.isEmpty || isNamedSo || sniffer.looksLikeSession(start)
    }
    guard !sniffer.isSession(start) else {
      throw ValidationError(
        "\(file == "-" ? "standard input" : file) is a session: its deliveries have their own headers and times, so leave --header, --provider and --at out."
      )
    }
    return false
  }

  /// Verifies the requests that another program has saved, or a body with the headers that were given.
  private func verify(_ content: [UInt8], _ provider: Provider?, _ report: inout VerifyReport)
    throws
  {
    guard header.isEmpty, let requests = try SavedFile(file, content)?.requests() else {
      let request = Request(
        target: address.target, headers: Headers(header.map(\.field)), body: content)
      return try report.add(request, provider: provider, at: at?.moment ?? Timestamp.now())
    }
    if requests.count == 1, let (request, time) = requests.first {
      return try report.add(request, provider: provider, at: at?.moment ?? time)
    }
    for (index, (request, time)) in requests.enumerated() {
      try report.add(request, provider: provider, at: at?.moment ?? time, number: UInt64(index + 1))
    }
    report.finish()
  }

  private func verifySession(
    _ start: [UInt8], _ stream: FileStream, _ report: inout VerifyReport
  ) throws {
    try address.requireNoPath()
    try report.add(SessionPieces(start, stream))
  }
}
