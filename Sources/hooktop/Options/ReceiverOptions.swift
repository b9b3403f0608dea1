internal import ArgumentParser
internal import Receiver
internal import Webhooks

/// The options that watch, demo and tail have in common: where to listen, what to verify with, how much to keep.
struct ReceiverOptions: ParsableArguments {
  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(name: .shortAndLong, help: "The port to listen on; 0 takes any free one.")
  var port = 4747

  @OptionGroup var secrets: SecretSettings

  @OptionGroup var window: ToleranceOption

  @OptionGroup var tls: TLSOptions

  @OptionGroup var address: PublicURLOption

  @OptionGroup var screen: ScreenOptions

  @OptionGroup var shown: FilterOption

  @Option(help: "How many deliveries the ring buffer keeps.")
  var keep = 10_000

  @Option(help: "How many bytes of deliveries the ring buffer keeps, such as 64MiB.")
  var keepBytes = ByteCount(bytes: 256 << 20)

  @Option(help: "The largest body to accept, such as 10MiB.")
  var maxBody = ByteCount(bytes: 10 << 20)

  @Option(
    help: """
      What to answer: verified (401 if the signature fails), always (200 to every delivery), or forward (the app's \
      status; the default with --forward).
      """)
  var answer: AnswerPolicy?

  @OptionGroup var forwarding: ForwardOptions

  @Option(
    help: ArgumentHelp(
      """
      How to answer the next deliveries: 'status 500 x3', 'delay 11s', "body 'text'", 'drop' or 'hang'. x3 limits a rule \
      to three deliveries; 'type:webhook.test : drop' limits it to those that match a filter. Repeatable; rules apply in \
      the order given.
      """, valueName: "rule"))
  var respond: [String] = []

  @Option(
    help: ArgumentHelp(
      "Record each delivery and incident to this file as a line of NDJSON, before it is answered.",
      valueName: "file"), completion: .file())
  var record: String?

  @Option(
    help: ArgumentHelp(
      "Write the address to this file once connections are accepted, and remove it at the end.",
      valueName: "file"), completion: .file())
  var readyFile: String?

  @Option(
    help: ArgumentHelp(
      """
      Expect the senders to retry this many times as fast as they document, as hooktop sandbox does with the same \
      option.
      """, valueName: "n"))
  var timeScale = 1.0

  @Flag(help: "Put the verdict in the body of each answer, such as 'hooktop: mismatch: no secret matches'.")
  var explain = false

  func validate() throws {
    try address.requireNoPath()
    guard (0...65535).contains(port) else { throw ValidationError("--port is a number from 0 to 65535.") }
    guard keep > 0 else { throw ValidationError("--keep is a number of deliveries from 1 on.") }
    guard keepBytes.bytes > 0 else { throw ValidationError("--keep-bytes is at least 1 byte.") }
    guard Providers.timeScales.contains(timeScale) else {
      throw ValidationError("--time-scale is a number from 0.001 to 1000000.")
    }
    guard record != "-" else {
      throw ValidationError("--record takes a file's name: hooktop tail --json prints the same lines.")
    }
    guard maxBody.bytes > 0 else { throw ValidationError("--max-body is at least 1 byte.") }
    // One that is larger than all that may be on their way at once would always be refused.
    guard maxBody.bytes <= HTTPServer.Limits().bodiesInFlight else {
      throw ValidationError("--max-body is 256MiB at most.")
    }
  }

  /// Checks that there is an app where an option is about one; the demo has an app of its own.
  /// - Throws: `ValidationError`.
  func requireApp() throws {
    try forwarding.requireApp()
    if answer == .forward, forwarding.forward.isEmpty {
      throw ValidationError("--answer forward needs --forward URL, the app to ask.")
    }
  }

  /// The rules for what some senders are told instead.
  /// - Throws: `ValidationError`, with what is expected.
  func rules(among providers: Providers) throws -> AnswerRules {
    AnswerRules(
      try respond.map { text in
        do throws(AnswerRuleError) {
          return try AnswerRule(text, providers: providers, zone: .local)
        } catch {
          throw ValidationError("--respond '\(text)': \(error)")
        }
      })
  }

  /// What the sender of each delivery is told.
  var answerPolicy: AnswerPolicy { answer ?? (forwarding.forward.isEmpty ? .verified : .forward) }

  var journalLimits: Journal.Limits { Journal.Limits(deliveries: keep, bytes: keepBytes.bytes) }

  /// - Throws: `TLSFileError`, where the certificate can't be used.
  func receiverConfiguration() throws(TLSFileError) -> HTTPServer.Configuration {
    var configuration = HTTPServer.Configuration(host: host, port: port)
    configuration.maxBody = maxBody.bytes
    configuration.tls = try tls.identity(host: host)
    return configuration
  }
}
