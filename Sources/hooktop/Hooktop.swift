internal import ArgumentParser

/// The program: `hooktop` and its commands.
@main
struct Hooktop: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hooktop",
    abstract: "top, for webhooks: receive, verify and watch deliveries in the terminal.",
    discussion: """
      Receives webhook deliveries of Parlay and Parable on http://127.0.0.1:4747, verifies each \
      signature against the bytes on the wire, and shows them live.

      Examples:
        hooktop demo
        PARLAY_SIGNING_SECRET=whsec_... hooktop
        hooktop tail --json --secret parlay=file:secret.txt
      """,
    version: "0.1.0",
    subcommands: [Watch.self, Demo.self, Tail.self, Verify.self, Send.self],
    defaultSubcommand: Watch.self)

  /// Runs the command of the command line; what goes wrong is said without the secrets on it.
  static func main() {
    StandardStreams.openClosed()
    _ = UserLocale.charset
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      end(with: error)
    }
  }

  /// Does what argument-parser does, but for the secrets.
  private static func end(with error: any Error) -> Never {
    let code = exitCode(for: error)
    let message = fullMessage(for: error)
    if !code.isSuccess, !message.isEmpty {
      Console.explain(SecretMask(arguments: CommandLine.arguments).hiding(in: message))
      exit(withError: code)
    }
    exit(withError: error)
  }
}
