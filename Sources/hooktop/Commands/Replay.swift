internal import ArgumentParser
internal import Sender
internal import Webhooks

/// `hooktop replay`: a recorded session, sent to an app again.
struct Replay: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Send the deliveries of a recorded session to an app again, in order.",
    discussion: """
      Each delivery is sent once the one before is answered: the same bytes, and so with the same signature, which \
      is stale by then for most apps; --sign signs each anew. Exits with 0 if every answer was 2xx.

      Examples:
        hooktop replay session.ndjson --to http://127.0.0.1:3000
        hooktop replay session.ndjson --to http://127.0.0.1:3000/hook --sign --secret parlay=env:SECRET
        hooktop replay session.ndjson --to http://127.0.0.1:3000 --if 'sig:ok type:analysis.*' --pace 10/s
      """)

  @Argument(help: "The session; - is standard input.", completion: .file())
  var file: String

  @OptionGroup var app: AppOptions

  @Option(
    help: ArgumentHelp(
      "How fast: original (with the pauses of then), 10/s, or fast (each as soon as the last is answered).",
      valueName: "pace"), completion: .list(["original", "fast", "10/s"]))
  var pace = "fast"

  @Flag(help: "Sign each delivery anew, with this moment's time and the provider's secret.")
  var sign = false

  @Option(
    name: .customLong("if"),
    help: ArgumentHelp("Send only what this filter takes, as 'sig:ok'.", valueName: "filter"))
  var condition: String?

  @Flag(help: "Print each exchange as a line of NDJSON.")
  var json = false

  @OptionGroup var secrets: SecretSettings

  func validate() throws {
    guard Replayer.Pace(pace) != nil else {
      throw ValidationError("--pace must be original, fast, or a rate such as 10/s, not '\(pace)'.")
    }
    if !sign, !secrets.secret.isEmpty {
      throw ValidationError("--secret is for --sign: without it the signatures stay as they are.")
    }
  }

  func run() throws {
    try reportingFailures { providers in
      let keyring = sign ? try secrets.named(among: providers).load().keyring : Keyring()
      let filter = try Filter.option("--if", condition, providers)
      let session = try RecordedFile(file, providers: providers)
      let replayer = Replayer(to: try app.url, timeout: app.timeout)
      defer { replayer.close() }
      var run = try ReplayRun(
        replayer, pace: Replayer.Pace(pace) ?? .fast, signing: sign ? keyring : nil, filter: filter,
        json: json)
      guard try run.run(session) else { throw ExitCode(1) }
    }
  }
}
