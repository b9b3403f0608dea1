internal import ArgumentParser
internal import Monitor

/// `hooktop tail`: the same receiver without a screen.
struct Tail: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Receive deliveries and print one line for each.",
    discussion: """
      Standard output holds the deliveries only; where it listens and what is not a delivery is said on \
      standard error. With --json each delivery and each incident is a line of NDJSON.

      Lines show local time, and the date before it where that is not today's; TZ=UTC hooktop tail shows UTC. NDJSON \
      is always in UTC.

      Example:
        hooktop tail --json | tee session.ndjson | jq .verdict
      """)

  @OptionGroup var options: ReceiverOptions

  @Flag(help: "Print NDJSON.")
  var json = false

  func run() throws {
    try reportingFailures { providers in
      let keyring = try options.secrets.named(among: providers).load().keyring
      let filter = try options.shown.printedFilter(among: providers)
      let station = try Station(options, providers: providers, keyring: keyring, isPrinted: true)
      var loop = TailLoop(station, json: json, filter: filter?.filter)
      try loop.run()
    }
  }
}
