internal import ArgumentParser
internal import Receiver
internal import Sender
internal import Diagnosis
internal import Webhooks

/// `hooktop send`: sign and post a sample, or a body of one's own.
struct Send: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sign a sample, or a body of your own, and post it.",
    discussion: """
      Signs with the provider's first secret, from --secret or from its environment variable. Where neither gives one, \
      it uses the secret that hooktop parlay saved last, and says so.

      Examples:
        hooktop send analysis.completed --live
        hooktop send capture.processed --to https://example.test/hook \\
          --count 100 --rate 10/s
        hooktop send --break too-old
        hooktop send webhook.test --json | jq .status
        hooktop send push --provider github --secret github=env:GITHUB_WEBHOOK_SECRET
        hooktop send --to https://127.0.0.1:4747 --cacert cert.pem

      Events: \(SampleCatalogue.kinds.map(\.event).joined(separator: ", ")).
      With --provider also those of other senders, such as push of github; hooktop providers NAME lists them.
      Ways to break a delivery: \(Breakage.all.map(\.name).joined(separator: ", ")).
      """)

  @Argument(
    help:
      "Event type to send. Defaults to \(SampleCatalogue.usual.event), or to the one named in --body; other event types need --body.",
    completion: .list(Providers.atStart.all.flatMap { SampleCatalogue.kinds(of: $0).map(\.event) }))
  var event: String?

  @Option(help: ArgumentHelp("The URL to post to, http or https.", valueName: "url"))
  var to = WebAddress(known: "http://127.0.0.1:4747")

  @Option(
    help: ArgumentHelp("Over https, trust only the certificate in this PEM file.", valueName: "file"),
    completion: .file())
  var cacert: String?

  @Option(help: "\(Self.providerHelp)", completion: .list(ProviderName.allValueStrings))
  var provider: ProviderName?

  @OptionGroup var secrets: SecretSettings

  @OptionGroup var configuration: ConfigurationOptions

  @Flag(
    help:
      "Send it in live mode; for samples of \(Providers(Providers.atStart.all.filter(\.hasLivemode)).titles)."
  )
  var live = false

  @Option(parsing: .unconditional, help: "How many deliveries to send.")
  var count = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many to send a second, such as 10/s or 10. By default as many as are answered, eight at a time.",
      valueName: "n/s"))
  var rate: Rate?

  @Option(
    help: ArgumentHelp(
      "Post the bytes of this file instead of a sample; - is standard input.", valueName: "file"),
    completion: .file())
  var body: String?

  @Flag(help: "Print a line of NDJSON for each delivery: what was sent, and what was answered.")
  var json = false

  @Option(
    name: .customLong("break"),
    help: ArgumentHelp(
      "Break the delivery on purpose, in one of the ways listed above.",
      valueName: "reason"),
    completion: .list(Breakage.all.map(\.name)))
  var breakage: String?

  static let providerHelp =
    "The provider to send as, \(ProviderName.help). Defaults to the event's own, else \(SampleCatalogue.usual.provider.name)."

  func validate() throws {
    guard count > 0 else { throw ValidationError("--count must be 1 or more.") }
    guard rate?.perSecond != 0 else {
      throw ValidationError("--rate must be a number of deliveries a second above 0, such as 10/s.")
    }
    if let reason = to.fault { throw ValidationError(reason) }
    guard !live || body == nil else {
      throw ValidationError("--live is for samples: a body of your own says for itself whether it is live.")
    }
    if let breakage, Breakage.named(breakage) == nil {
      throw ValidationError(
        "--break \(breakage) is not known: hooktop help send lists the ways.")
    }
  }

  func run() throws {
    try reportingFailures(reading: configuration) { setup in
      let order = try SendOrder(self, setup)
      let certificate = try certificate()
      let volley = Volley(count: count, rate: rate?.perSecond)
      let isDone = try SendRun(order, url: to.text, trusting: certificate, volley: volley, json: json).run()
      guard isDone else { throw ExitCode(1) }
    }
  }

  /// The one certificate that is trusted; nil for those that the system trusts.
  private func certificate() throws -> [UInt8]? {
    guard let cacert else { return nil }
    let bytes = try FileStream(cacert).readToEnd(atMost: PEMFile.sizeLimit)
    guard Poster.isCertificate(bytes) else { throw SendError.noCertificate(path: cacert) }
    return bytes
  }
}
