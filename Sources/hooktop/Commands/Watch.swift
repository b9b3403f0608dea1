internal import ArgumentParser
internal import Webhooks

/// `hooktop [watch]`: receive and watch, in the terminal UI.
struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Receive deliveries and watch them in the terminal (the default).",
    discussion: """
      Without a terminal it goes on as hooktop tail.

      Example:
        hooktop watch --secret parlay=env:MY_SECRET --port 8080
      """)

  @OptionGroup var options: ReceiverOptions

  func run() throws {
    try reportingFailures {
      let keyring = try options.secrets.keyring()
      let greeting =
        keyring.isEmpty ? "No signing secret is set, so nothing is verified: see hooktop --help" : nil
      try WatchSession.run(try Station(options, keyring: keyring), greeting: greeting)
    }
  }
}
