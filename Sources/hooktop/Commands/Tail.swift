internal import ArgumentParser
internal import Monitor

/// `hooktop tail`: the same receiver without a screen.
struct Tail: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Receive deliveries and print one line for each.",
    discussion: """
      Deliveries go to standard output; the address it listens on and requests that are not deliveries go to \
      standard error. With --json, each delivery and each incident is one line of NDJSON on standard output.

      Lines show local time, with the date if it isn't today's; TZ=UTC hooktop tail shows UTC. NDJSON is always in UTC.

      Example:
        hooktop tail --json | tee session.ndjson | jq .verdict
      """)

  @OptionGroup var options: ReceiverOptions

  @Flag(help: "Print NDJSON.")
  var json = false

  func run() throws {
    try reportingFailures(reading: options.file) { setup in
      let (providers, options) = (setup.providers, try options.filled(from: setup.file))
      try options.requireApp(in: setup)
      let secrets = try options.secrets.named(in: setup).load()
      let filter = try options.shown.printedFilter(among: providers)
      let saved = SavedSecretWatch(providers: providers)
      for warning in saved.warnings { Console.warn(warning) }
      let station = try Station(
        self.options, setup, secrets, saved: saved, isControlled: !options.withoutControl, isPrinted: true)
      var loop = TailLoop(station, json: json, filter: filter?.filter, announcement: setup.announcement)
      try loop.run()
    }
  }
}
