public import ArgumentParser
internal import Diagnosis
internal import Glibc
internal import JSON
internal import Monitor
internal import OperatingSystem
public import Webhooks

/// `hooktop export`: a recorded session in another form.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the deliveries of a recorded session as HAR, .http, Markdown, NDJSON or raw bodies.",
    discussion: """
      Requests that other programs have saved (raw HTTP, HAR, curl commands) are read as well, and verified with the \
      secrets that are given.

      Signing secrets that are given are never printed: where one stands in a request, [secret] takes its place. The \
      Markdown report says why signatures failed, as far as the given secrets can tell.

      Examples:
        hooktop export session.ndjson --as har > session.har
        hooktop export session.ndjson --as http --if 'sig:ok' > session.http
        hooktop export session.ndjson --redact '$.data.email' > clean.ndjson
        hooktop export session.ndjson --as body --if seq:12 > 12.body
      """)

  @Argument(help: "The session; - is standard input.", completion: .file())
  var file: String

  @Option(
    name: .customLong("as"), help: "The format to print.")
  var form = ExportForm.ndjson

  @Option(
    name: .customLong("if"),
    help: ArgumentHelp(
      "Export only deliveries that match this filter, such as 'sig:failed'.", valueName: "filter"))
  var condition: String?

  @OptionGroup var hidden: RedactOption

  @OptionGroup var secrets: SecretSettings

  @OptionGroup var window: ToleranceOption

  @OptionGroup var configuration: ConfigurationOptions

  func run() throws {
    try reportingFailures(reading: configuration) { setup in
      let providers = setup.providers
      let filter = try Filter.option("--if", condition, providers)
      let keyring = try secrets.named(in: setup).load().keyring
      var session = try RecordedFile(file, providers: providers)
      session.verify(with: Verifier(keyring: keyring, tolerance: window.tolerance), at: nil)
      var exporter = Exporter(
        form, Exporter.Setting(redaction: try hidden.redaction(beside: setup.file), keyring: keyring),
        providers: providers,
        tolerance: window.tolerance, kept: Journal(), charset: UserLocale.charset
      ) { .automatic { Clock.now } }
      try Console.output(exporter.head)
      try print(&session, filter, &exporter)
      try Console.output(exporter.foot)
    }
  }

  private func print(
    _ session: inout RecordedFile, _ filter: Filter?, _ exporter: inout Exporter
  ) throws {
    var exported: Set<UInt64> = []
    var progress = Progress()
    defer { Console.endProgress() }
    while let lines = try session.next() {
      for line in lines {
        switch line {
        case .record(.delivery(let delivery)) where filter?.matches(delivery) ?? true:
          if form == .ndjson { exported.insert(delivery.sequence) }
          try output(exporter.text(of: delivery))
          progress.step("exported")
        case .record(.exchange(let exchange, let sequence)) where exported.contains(sequence):
          try Console.output(exporter.text(of: exchange, sequence: sequence))
        case .skipped(let line): Console.warn("line \(line.number) is skipped: \(line.error)")
        case .record: break
        }
      }
    }
  }

  /// Bodies and .http blocks hold what was received as it is, which a terminal would obey.
  private func output(_ text: [UInt8]) throws {
    guard isatty(STDOUT_FILENO) != 1 || !text.drivesTerminals else { throw ExportError.drivesTerminal }
    try Console.output(text)
  }
}

/// Why an export is not printed.
private enum ExportError: Error, CustomStringConvertible {
  case drivesTerminal

  var description: String {
    "the export holds bytes that would control the terminal: write it to a file, with > FILE"
  }
}

extension [UInt8] {
  /// Whether a terminal does anything for some of it but show it, and begin lines.
  fileprivate var drivesTerminals: Bool {
    indices.contains { place in
      switch self[place] {
      case 0x09, 0x0A: false
      case 0..<0x20, 0x7F: true
      // The controls beyond ASCII, in UTF-8.
      case 0x80...0x9F: place > 0 && self[place - 1] == 0xC2
      default: false
      }
    }
  }
}

extension ExportForm: ExpressibleByArgument {}
