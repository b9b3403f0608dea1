internal import ArgumentParser
internal import Config
internal import Receiver
internal import Webhooks

/// The options that watch, demo and tail have in common: where to listen, what to verify with, how much to keep.
struct ReceiverOptions: ParsableArguments {
  @OptionGroup var file: ConfigurationOptions

  @Option(name: .customLong("host"), help: "The address to listen on. (default: \(Default.host))")
  var givenHost: String?

  @Option(
    name: [.customShort("p"), .customLong("port")],
    help: ArgumentHelp(
      "The port to listen on; 0 takes any free one. (default: \(Default.port))", valueName: "port"))
  var givenPort: Int?

  @OptionGroup var secrets: SecretSettings

  @OptionGroup var window: ToleranceOption

  @OptionGroup var tls: TLSOptions

  @OptionGroup var address: PublicURLOption

  @OptionGroup var screen: ScreenOptions

  @OptionGroup var shown: FilterOption

  @Option(
    name: .customLong("keep"),
    help: "How many deliveries the ring buffer keeps. (default: \(Default.keep))")
  var givenKeep: Int?

  @Option(
    name: .customLong("keep-bytes"),
    help: """
      How many bytes of deliveries the ring buffer keeps, such as 64MiB. (default: \
      \(Default.keepBytes.defaultValueDescription))
      """)
  var givenKeepBytes: ByteCount?

  @Option(
    name: .customLong("max-body"),
    help:
      "The largest body to accept, such as 10MiB. (default: \(Default.maxBody.defaultValueDescription))")
  var givenMaxBody: ByteCount?

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

  @OptionGroup var hidden: RedactOption

  @Option(
    help: ArgumentHelp(
      "Write the address to this file once connections are accepted, and remove it at the end.",
      valueName: "file"), completion: .file())
  var readyFile: String?

  @Option(
    name: .customLong("time-scale"),
    help: ArgumentHelp(
      """
      Expect the senders to retry this many times as fast as they document, as hooktop sandbox does with the same \
      option. (default: 1)
      """, valueName: "n"))
  var givenTimeScale: Double?

  @Flag(
    name: .customLong("no-control"),
    help: "Do not create the control socket, which hooktop mcp and scripts use to attach.")
  var withoutControl = false

  @Flag(help: "Put the verdict in the body of each answer, such as 'hooktop: mismatch: no secret matches'.")
  var explain = false

  /// What holds where neither the command line nor a file says otherwise.
  enum Default {
    static let host = "127.0.0.1"
    static let port = 4747
    static let keep = 10_000
    static let keepBytes = ByteCount(bytes: 256 << 20)
    static let maxBody = ByteCount(bytes: 10 << 20)
  }

  var host: String { givenHost ?? Default.host }
  var port: Int { givenPort ?? Default.port }
  var keep: Int { givenKeep ?? Default.keep }
  var keepBytes: ByteCount { givenKeepBytes ?? Default.keepBytes }
  var maxBody: ByteCount { givenMaxBody ?? Default.maxBody }
  var timeScale: Double { givenTimeScale ?? 1 }

  func validate() throws {
    try address.requireNoPath()
    guard (0...65535).contains(port) else { throw ValidationError("--port is a number from 0 to 65535.") }
    guard keep > 0 else { throw ValidationError("--keep must be 1 or more.") }
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
  func requireApp(in setup: Setup) throws {
    try forwarding.requireApp(isKnown: setup.hasApps)
    if answer == .forward, forwarding.forward.isEmpty, !setup.hasApps {
      throw ValidationError("--answer forward needs --forward URL, the app to ask.")
    }
  }

  /// The senders, as they reach this receiver.
  func providers(in setup: Setup) -> Providers {
    let isSecure = tls.tlsSelfSigned || tls.tlsCert != nil
    return address.applied(to: setup.providers, isSecure: isSecure).scaled(by: timeScale)
  }

  /// The rules for what some senders are told instead.
  /// - Throws: `ValidationError`, with what is expected.
  func rules(in setup: Setup) throws -> [AnswerRule] {
    try setup.endpoints.flatMap { entry in
      try entry.respond.map { try Self.rule($0.value, of: entry.endpoint, among: setup.providers) }
    } + respond.map { try Self.rule($0, among: setup.providers) }
  }

  /// - Throws: `ValidationError`, with what is expected.
  static func rule(
    _ text: String, of endpoint: Endpoint? = nil, among providers: Providers
  ) throws -> AnswerRule {
    do throws(AnswerRuleError) {
      return try AnswerRule(text, endpoint: endpoint, providers: providers, zone: .local)
    } catch {
      throw ValidationError("--respond '\(text)': \(error)")
    }
  }

  /// What the sender of each delivery is told.
  func answerPolicy(in setup: Setup) -> AnswerPolicy {
    answer ?? (forwarding.forward.isEmpty && !setup.hasApps ? .verified : .forward)
  }

  var journalLimits: Journal.Limits { Journal.Limits(deliveries: keep, bytes: keepBytes.bytes) }

  /// - Throws: `TLSFileError`, where the certificate can't be used.
  func receiverConfiguration() throws(TLSFileError) -> HTTPServer.Configuration {
    var configuration = HTTPServer.Configuration(host: host, port: port)
    configuration.maxBody = maxBody.bytes
    configuration.tls = try tls.identity(host: host)
    return configuration
  }
}
