internal import ArgumentParser
internal import Webhooks

/// `hooktop verify`: a saved body, or every delivery of a recorded session.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verify a saved body with its headers, or every delivery of a recorded session.",
    discussion: """
      A session (NDJSON, as hooktop tail --json prints it) is told from a body by its name, *.ndjson, or by \
      its first line where no header is given. Each of its deliveries is verified at its own arrival time.

      Exit codes: 0 valid, 10 missing, 11 malformed, 12 mismatch, 13 stale, 14 unchecked; of several \
      deliveries that of the first that is not valid.

      Examples:
        hooktop verify body.json --header 'X-Parlay-Signature: t=…,v1=…' --secret parlay=env:SECRET
        hooktop tail --json | hooktop verify - --secret parlay=env:SECRET
      """)

  @Argument(help: "The body or the session; - is standard input.")
  var file = "-"

  @Option(help: "The provider: parlay or parable; read from the headers where not given.")
  var provider: ProviderName?

  @OptionGroup var secrets: SecretOptions

  @Option(help: ArgumentHelp("A header of the delivery; may be repeated.", valueName: "Name: value"))
  var header: [HeaderOption] = []

  @Option(
    help: ArgumentHelp("When it arrived: unix seconds or RFC 3339; now where not given.", valueName: "time"))
  var at: MomentOption?

  @Flag(help: "Print JSON, a line for each delivery.")
  var json = false

  func run() throws {
    try reportingFailures {
      let verifier = Verifier(keyring: try secrets.keyring(), tolerance: secrets.tolerance)
      var report = VerifyReport(verifier, json: json)
      let isBody = !header.isEmpty || provider != nil || at != nil
      if file.hasSuffix(".ndjson") || (!isBody && file == "-") {
        try verifySession(&report)
      } else {
        try verifyFile(&report, isBody: isBody)
      }
      if let code = report.exitCode { throw code }
    }
  }

  private func verifyFile(_ report: inout VerifyReport, isBody: Bool) throws {
    let body = try File.read(file)
    if !isBody, SessionSniffer.isSession(body) { return try verifySession(&report) }
    let request = Request(headers: Headers(header.map(\.field)), body: body)
    report.add(request, provider: provider?.provider, at: at?.moment ?? Timestamp.now())
  }

  private func verifySession(_ report: inout VerifyReport) throws {
    var reader = SessionReader()
    try File.forEachChunk(of: file) { chunk in
      for entry in reader.read(chunk) { report.add(entry) }
    }
    if let last = reader.finish() { report.add(last) }
    report.finish()
  }
}
