internal import ArgumentParser
internal import JSON
internal import Webhooks

/// `hooktop providers`: the senders that are known, one of them as YAML, or a draft for one that is not.
struct ProvidersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "providers",
    abstract: "List the senders that hooktop knows, or print one as YAML.",
    discussion: """
      With NAME it prints the YAML that would define the sender, as a start for a sender of your own. With --from it \
      reads a recorded session and prints a draft for the unknown sender of one delivery.

      Examples:
        hooktop providers
        hooktop providers github
        hooktop providers --json
        hooktop providers --from 12 session.ndjson
      """)

  @Argument(
    help: "The sender to print; with --from, the recorded session, - for standard input.",
    completion: .list(ProviderName.allValueStrings))
  var name: String?

  @Option(
    help: ArgumentHelp(
      "Draft a description of the sender of the delivery with this number.", valueName: "number"))
  var from: UInt64?

  @Flag(help: "Print JSON: one line for each sender.")
  var json = false

  @OptionGroup var configuration: ConfigurationOptions

  func validate() throws {
    guard from == nil || name != nil else {
      throw ValidationError(
        "--from needs a recorded session, as in hooktop providers --from 12 session.ndjson.")
    }
    guard from == nil || !json else { throw ValidationError("--from prints YAML: leave --json out.") }
  }

  func run() throws {
    try reportingFailures(reading: configuration) { setup in
      let providers = setup.providers
      if let from, let name { return try Console.output(Self.draft(of: from, in: name, providers)) }
      guard let name else {
        return try Console.output(json ? Self.lines(providers) : Self.table(providers))
      }
      guard let provider = providers[name] else { throw ProviderName.unknown(name, among: providers) }
      let text = ProviderText(provider)
      try Console.output(
        json ? text.json(of: provider.name) + [0x0A] : Array(text.yaml(of: provider.name).utf8))
    }
  }

  /// Reads the delivery of that number, and drafts its sender.
  private static func draft(of number: UInt64, in path: String, _ providers: Providers) throws -> [UInt8] {
    var file = try RecordedFile(path, providers: providers)
    while let lines = try file.next() {
      for delivery in lines.compactMap(\.delivery) where delivery.sequence == number {
        guard let draft = ProviderDraft(from: delivery.request, among: providers) else {
          throw DraftError.noSignature(number)
        }
        // What was received stands in it as escapes and letters only.
        return Array(draft.yaml.utf8)
      }
    }
    throw DraftError.noDelivery(number, path: path)
  }
}

extension ProvidersCommand {
  /// What a row of the table holds.
  private struct Row {
    let cells: [String]

    static let titles = ["NAME", "HEADER", "SIGNED TEXT", "DIGEST", "WINDOW"]

    init(_ provider: Provider) {
      let scheme = provider.scheme
      cells = [provider.name, scheme.header, scheme.signedTextWords, scheme.digestWords, scheme.windowWords]
    }
  }

  private static func table(_ providers: Providers) -> [UInt8] {
    let rows = [Row.titles] + providers.all.map { Row($0).cells }
    let widths = Row.titles.indices.map { column in rows.map(\.[column].count).max() ?? 0 }
    let lines = rows.map { row in
      zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
        .joined(separator: "  ").trimmedEnd { $0 == " " }
    }
    return Array(lines.map { $0 + "\n" }.joined().utf8)
  }

  private static func lines(_ providers: Providers) -> [UInt8] {
    var writer = JSONWriter()
    for provider in providers.all {
      let scheme = provider.scheme
      writer.object { writer in
        writer.field("name", provider.name)
        writer.field("title", provider.title)
        writer.array("headers") { for header in scheme.headers { $0.element(header) } }
        writer.field("kind", scheme.kind.rawValue)
        writer.field("format", scheme.format.template)
        writer.field("signed_text", scheme.kind == .token ? nil : scheme.text.template)
        writer.field("digest", scheme.kind == .hmac ? scheme.digest.rawValue : nil)
        writer.field("window_seconds", scheme.window, decimals: 3)
        writer.field("signs_time", scheme.time != .nowhere)
        writer.field("future_refused", scheme.refusesFuture)
        writer.array("events") { for event in provider.events { $0.element(event) } }
      }
      writer.endLine()
    }
    return writer.bytes
  }
}

extension SignatureScheme {
  fileprivate var signedTextWords: String { kind == .token ? "nothing: a token" : text.template }

  fileprivate var digestWords: String {
    kind == .hmac ? digest.rawValue : kind == .token ? "-" : kind.rawValue
  }

  fileprivate var windowWords: String {
    guard time != .nowhere else { return "none: no time is signed" }
    let span = window.flatMap { ShortDecimal.text($0, decimals: 3) }.map { "\($0) s" } ?? "--tolerance"
    return span + (refusesFuture ? "" : ", future allowed")
  }
}

/// Why no sender can be drafted.
enum DraftError: Error, CustomStringConvertible {
  case noDelivery(UInt64, path: String)
  case noSignature(UInt64)

  var description: String {
    switch self {
    case .noDelivery(let number, let path):
      "\(path) holds no delivery #\(number): hooktop open shows the numbers"
    case .noSignature(let number):
      "no header of delivery #\(number) looks like a signature: choose another delivery of this sender"
    }
  }
}
