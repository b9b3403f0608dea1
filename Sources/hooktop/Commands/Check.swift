internal import ArgumentParser
internal import Diagnosis
internal import JSON
internal import Sender
internal import Synchronization
internal import Webhooks

/// `hooktop check`: whether an app refuses forged deliveries and takes good ones.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check that an app refuses forged deliveries and accepts good ones.",
    discussion: """
      Signs a sample with the app's secret and sends it unchanged, then forged in every way that a verifier must \
      detect: without a signature, signed with another secret, with a byte changed, too old, re-serialised, and more. \
      Exits with 16 if the app accepted a forgery or refused a good delivery, so that it can run in CI.

      Without --secret and its environment variable it uses the secret that hooktop parlay saved last, and says so.

      The app can't tell the good deliveries from real ones: check an app that may process a sample.

      Examples:
        hooktop check --to http://127.0.0.1:3000/hook --provider parlay \\
          --secret parlay=env:SECRET
        hooktop check --to http://127.0.0.1:3000/hook --provider parable --json
      """)

  @OptionGroup var app: AppOptions

  @Option(help: "\(Self.providerHelp)", completion: .list(ProviderName.allValueStrings))
  var provider: ProviderName

  @Flag(help: "Print a line of NDJSON for each probe, and one for the totals.")
  var json = false

  @OptionGroup var secrets: SecretSettings

  @OptionGroup var configuration: ConfigurationOptions

  private static let providerHelp = "The provider to send as, \(ProviderName.help)."

  func run() throws {
    try reportingFailures(reading: configuration) { setup in
      let providers = setup.providers
      let provider = try provider.provider(among: providers)
      try SendError.requireSigning(as: provider)
      let secrets = try secrets.named(in: setup).load(for: provider, orFrom: try? .ofUser())
      guard let secret = secrets.keyring.secrets.first else { throw SendError.noSecret(provider) }
      var random = SplitMix64(seed: .random(in: .min ... .max))
      guard let kind = SampleCatalogue.usual(of: provider) else { throw CheckError.noSample(provider) }
      let sample = OutgoingDelivery(kind.sample(SampleOptions(), now: .now(), using: &random))
      let checker = Checker(
        try app.url, request: sample.request, secret: secret, as: provider, among: providers,
        timeout: app.timeout)
      defer { checker.close() }
      if let note = secrets.noteOnSigning(as: provider) { Console.say(note) }
      try CheckRun(checker, url: app.to, json: json).run()
    }
  }
}

/// Why nothing can be checked.
enum CheckError: Error, CustomStringConvertible {
  case noSample(Provider)
  case noConnection(url: String, Exchange.Failure)

  var description: String {
    switch self {
    case .noSample(let provider): "there is no sample of \(provider.name) to check with"
    case .noConnection(let url, let failure):
      "no answer from \(url) (\(failure.rawValue)): start the app first, or check --to"
    }
  }
}
