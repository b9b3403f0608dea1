internal import ArgumentParser
internal import JSON
internal import Sandbox
internal import Sender
internal import Webhooks

/// `hooktop sandbox`: a local stand-in for Parlay's API, and for Parable's push and pull.
struct SandboxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sandbox",
    abstract: "Run a local stand-in for Parlay's API and for Parable's push and pull.",
    discussion: """
      Webhooks are registered, tested, rotated, paused and retried as the providers' documentation says, with no account: \
      the address, an API key and commands to try are printed at the start. Retry gaps, paused queues and captures run \
      --time-scale times as fast.

      Examples:
        hooktop sandbox
        hooktop sandbox --parable http://127.0.0.1:4747 --rate 10/s --chaos
        hooktop sandbox --rate 0/s --time-scale 600 --state sandbox.ndjson --json

      Parlay:  POST GET /v1/webhooks, GET PATCH DELETE /v1/webhooks/ID, POST /v1/webhooks/ID/test, \
      POST /v1/webhooks/ID/rotate, POST /v1/events
      Parable: GET /api/v1/captures, GET /api/v1/captures/ID
      """)

  @Option(
    help: ArgumentHelp(
      "The address and port to listen on; port 0 takes any free one.", valueName: "host:port"))
  var listen = ListenAddress(host: "127.0.0.1", port: 4800)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many times as fast retries, queues and captures run.", valueName: "factor"))
  var timeScale = 60.0

  @Option(
    help: ArgumentHelp(
      "How many events to make up a second, such as 10/s or 10; 0 makes none.", valueName: "n/s"))
  var rate = Rate(perSecond: 1)

  @Option(help: "Make the events of --rate from this number, so that they can be repeated.")
  var seed: UInt64?

  @Flag(
    help: """
      Make many surprises among the events of --rate: a type that nobody subscribed to, an event twice, captures out of \
      order.
      """)
  var chaos = false

  @Option(
    help: ArgumentHelp(
      "Keep webhooks, queues and captures in this file, and continue from it.", valueName: "file"),
    completion: .file())
  var state: String?

  @Option(help: ArgumentHelp("Provision a Parable endpoint that pushes captures there.", valueName: "url"))
  var parable: String?

  @Flag(help: "Post to URLs of other machines, too.")
  var allowRemote = false

  @Option(
    name: .customLong("retry-4xx"),
    help: ArgumentHelp("Whether Parlay tries again after a 4xx.", valueName: "yes|no"),
    completion: .list(["yes", "no"]))
  var retry4xx = Choice.yes

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many attempts Parlay makes, the first one included: 1 to 6.", valueName: "n"))
  var attempts = SandboxRules.mostParlayAttempts

  @Option(
    help: ArgumentHelp(
      "Whether a retry is signed again; no repeats the first signature, which goes stale.",
      valueName: "yes|no"
    ))
  var resign = Choice.yes

  @Flag(help: "Print NDJSON.")
  var json = false

  func validate() throws {
    guard Providers.timeScales.contains(timeScale) else {
      throw ValidationError("--time-scale is a number from 0.001 to 1000000.")
    }
    guard rate.perSecond == 0 || (0.001...10_000).contains(rate.perSecond) else {
      throw ValidationError("--rate is 0, or a number of events a second from 0.001 to 10000, such as 10/s.")
    }
    guard (1...SandboxRules.mostParlayAttempts).contains(attempts) else {
      throw ValidationError("--attempts is a number from 1 to \(SandboxRules.mostParlayAttempts).")
    }
    _ = try parableURL(rules)
  }

  func run() throws {
    try reportingFailures { _ in
      let rules = rules
      var loop = try SandboxLoop(
        listen, rules: rules, parable: try parableURL(rules), state: state, json: json)
      try loop.run()
    }
  }

  private var rules: SandboxRules {
    var system = SystemRandomNumberGenerator()
    var rules = SandboxRules(seed: seed ?? system.next())
    rules.timeScale = timeScale
    rules.rate = rate.perSecond
    rules.isChaotic = chaos
    rules.allowsRemote = allowRemote
    rules.signsAnew = resign == .yes
    rules.retries4xx = retry4xx == .yes
    rules.parlayAttempts = attempts
    return rules
  }

  private func parableURL(_ rules: SandboxRules) throws -> AppURL? {
    guard let parable else { return nil }
    guard let url = AppURL(parable) else {
      throw ValidationError("--parable takes an http or https URL, such as http://127.0.0.1:4747.")
    }
    guard rules.allows(url) else {
      throw ValidationError(
        "--parable \(parable) is not on this machine's loopback: add --allow-remote to post there.")
    }
    return url
  }
}

/// `yes` or `no` on the command line.
enum Choice: String, ExpressibleByArgument, CaseIterable {
  case yes, no
}

/// A host and a port on the command line: `127.0.0.1:4800`, `[::1]:4800`, `localhost:0`.
struct ListenAddress: ExpressibleByArgument, Equatable {
  let host: String
  let port: Int

  init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  init?(argument: String) {
    guard let colon = argument.lastIndex(of: ":"),
      let port = UInt16(argument[argument.index(after: colon)...])
    else { return nil }
    let name = argument[..<colon]
    let isBracketed = name.hasPrefix("[") && name.hasSuffix("]")
    let host = isBracketed ? String(name.dropFirst().dropLast()) : String(name)
    guard !host.isEmpty, isBracketed == host.contains(":") else { return nil }
    self.init(host: host, port: Int(port))
  }

  var defaultValueDescription: String { "\(host):\(port)" }
}
