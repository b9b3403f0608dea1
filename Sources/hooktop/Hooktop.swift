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
        PARLAY_SIGNING_SECRET=whsec_… hooktop
        hooktop tail --json --secret parlay=file:secret.txt
      """,
    version: "0.1.0",
    subcommands: [Watch.self, Demo.self, Tail.self, Verify.self, Send.self],
    defaultSubcommand: Watch.self)
}
