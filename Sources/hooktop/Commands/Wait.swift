internal import ArgumentParser
internal import Monitor
internal import Webhooks

/// `hooktop wait`: receive until a delivery matches, for scripts and CI.
struct Wait: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Receive until a delivery matches a filter, and print it.",
    discussion: """
      Each delivery that matches is one line of NDJSON on standard output. Standard error says what else arrived, and \
      why it did not match. Ends with 0 after --count of them, and with 15 if they do not arrive within --timeout.

      Examples:
        hooktop wait 'type:webhook.test sig:valid' --timeout 60
        hooktop wait --count 3 --timeout 30 > deliveries.ndjson
        hooktop wait sig:failed | jq .verdict.reason
      """)

  @Argument(help: "Which deliveries to wait for, as in --filter. By default any delivery matches.")
  var expression: String?

  @Option(parsing: .unconditional, help: "How many deliveries to wait for.")
  var count = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How long to wait. By default there is no limit.", valueName: "seconds"))
  var timeout: Double?

  @OptionGroup var options: ReceiverOptions

  func validate() throws {
    guard count > 0 else { throw ValidationError("--count must be 1 or more.") }
    guard timeout.map({ $0 > 0 && $0 <= 604_800 }) ?? true else {
      throw ValidationError("--timeout must be a number of seconds above 0, 604800 (a week) at most.")
    }
    guard expression == nil || options.shown.filter == nil else {
      throw ValidationError("The filter is given twice: leave --filter out.")
    }
  }

  func run() throws {
    try reportingFailures(reading: options.file) { setup in
      let (providers, options) = (setup.providers, try options.filled(from: setup.file))
      try options.requireApp(in: setup)
      let secrets = try options.secrets.named(in: setup).load()
      let filter = try filter(options.shown, among: providers)
      let saved = SavedSecretWatch(providers: providers)
      for warning in saved.warnings { Console.warn(warning) }
      let station = try Station(self.options, setup, secrets, saved: saved, isPrinted: true)
      if let announcement = setup.announcement { Console.say(announcement) }
      var loop = WaitLoop(station, filter: filter, count: count)
      try loop.run(within: timeout)
    }
  }

  private func filter(_ shown: FilterOption, among providers: Providers) throws -> TypedFilter? {
    guard let expression else { return try shown.printedFilter(among: providers) }
    var given = shown
    given.filter = expression
    return try given.printedFilter("The filter", among: providers)
  }
}
