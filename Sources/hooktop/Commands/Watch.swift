internal import ArgumentParser
internal import Webhooks

/// `hooktop [watch]`: receive and watch, in the terminal UI.
struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Receive deliveries and watch them in the terminal (the default).",
    discussion: """
      Without a terminal it prints lines, as hooktop tail does.

      Signing secrets come from --secret. For a provider that no --secret names, they come from the environment: \
      \(Providers.secretVariables). Secrets that hooktop parlay has \
      saved are used as well, and hooktop notices a rotation while it runs.

      Example:
        hooktop watch --secret parlay=env:MY_SECRET --port 8080
      """)

  @OptionGroup var options: ReceiverOptions

  func run() throws {
    try reportingFailures(reading: options.file) { setup in
      let (providers, options) = (setup.providers, try options.filled(from: setup.file))
      try options.requireApp(in: setup)
      let secrets = try options.secrets.named(in: setup).load()
      let saved = SavedSecretWatch(providers: providers)
      for warning in saved.warnings { Console.warn(warning) }
      let variables = Providers.documented.all.map(\.secretVariable).joined(separator: " or ")
      let greeting =
        secrets.keyring.isEmpty && saved.secrets.isEmpty
        ? "No signing secret, nothing is verified: set \(variables), see hooktop help watch"
        : secrets.greeting
      let filter = try options.shown.filter(among: providers)
      try WatchSession.run(
        try Station(
          self.options, setup, secrets, saved: saved, isControlled: !options.withoutControl,
          isPrinted: WatchSession.isPrinted),
        on: options.screen.background,
        greeting: greeting, filter: filter, announcement: setup.announcement)
    }
  }
}
