internal import ArgumentParser
internal import Sender
internal import Webhooks

/// `hooktop replay`: a recorded session, sent to an app again.
struct Replay: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Send the deliveries of a recorded session to an app again, in order.",
    discussion: """
      Each delivery is sent after the app has responded to the one before. The bytes and the signature stay the same, \
      so most apps will call the signature stale; --sign signs each delivery again with the \
      provider's first secret, from --secret or from its environment variable. Where neither gives one, it uses the \
      secret that hooktop parlay saved last, and says so. Exits with 0 if every response was 2xx.

      Examples:
        hooktop replay session.ndjson --to http://127.0.0.1:3000
        hooktop replay session.ndjson --to http://127.0.0.1:3000/hook \\
          --sign --secret parlay=env:SECRET
        hooktop replay session.ndjson --to http://127.0.0.1:3000 \\
          --if 'sig:ok type:analysis.*' --pace 10/s
      """)

  @Argument(help: "The session; - is standard input.", completion: .file())
  var file: String

  @OptionGroup var app: AppOptions

  @Option(
    help: ArgumentHelp(
      "How fast to send: original (with the recorded pauses), 10/s, or fast (without pauses).",
      valueName: "pace"), completion: .list(["original", "fast", "10/s"]))
  var pace = "fast"

  @Flag(help: "Sign each delivery again, with the current time and the provider's secret.")
  var sign = false

  @Option(
    name: .customLong("if"),
    help: ArgumentHelp("Send only deliveries that match this filter, such as 'sig:ok'.", valueName: "filter"))
  var condition: String?

  @Flag(help: "Print each exchange as a line of NDJSON.")
  var json = false

  @OptionGroup var secrets: SecretSettings

  @OptionGroup var configuration: ConfigurationOptions

  func validate() throws {
    guard Replayer.Pace(pace) != nil else {
      throw ValidationError("--pace must be original, fast, or a rate such as 10/s, not '\(pace)'.")
    }
    if !sign, !secrets.secret.isEmpty {
      throw ValidationError("--secret is for --sign: without it the signatures stay as they are.")
    }
  }

  func run() throws {
    try reportingFailures(reading: configuration) { setup in
      let providers = setup.providers
      let secrets = sign ? try secrets.named(in: setup).load(orFrom: try? .ofUser()) : nil
      let filter = try Filter.option("--if", condition, providers)
      let session = try RecordedFile(file, providers: providers)
      let replayer = Replayer(to: try app.url, timeout: app.timeout)
      defer { replayer.close() }
      var run = try ReplayRun(
        replayer, pace: Replayer.Pace(pace) ?? .fast, signing: secrets, filter: filter, json: json)
      guard try run.run(session) else { throw ExitCode(1) }
    }
  }
}
