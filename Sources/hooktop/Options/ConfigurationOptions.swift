internal import ArgumentParser
internal import Config
internal import JSON
internal import Sender
internal import Webhooks

/// The options that say which configuration file is read.
struct ConfigurationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Read this configuration file; by default hooktop.yaml in the working folder, else hooktop/config.yaml in \
      ~/.config.
      """, valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  var config: String?

  @Flag(help: "Read no configuration file.")
  var noConfig = false

  /// For commands that have no use for one.
  static var nothing: ConfigurationOptions {
    var options = ConfigurationOptions()
    (options.config, options.noConfig) = (nil, true)
    return options
  }

  func validate() throws {
    guard !noConfig || config == nil else {
      throw ValidationError("--config names a file and --no-config reads none: give one of them.")
    }
  }
}

/// What a run begins with: the configuration file, where there is one, and the senders that are known with it.
struct Setup {
  /// nil if none was found, or none is to be read.
  let file: ConfigurationFile?
  let providers: Providers

  /// - Throws: `ConfigurationFileError`.
  init(_ options: ConfigurationOptions) throws {
    file = options.noConfig ? nil : try ConfigurationFile.find(named: options.config, known: .atStart)
    providers = file?.configuration.providers ?? .atStart
  }

  init(file: ConfigurationFile) {
    self.file = file
    providers = file.configuration.providers
  }

  /// Only the senders that are known: for a demo, which has endpoints, secrets and apps of its own.
  init(providers: Providers) {
    file = nil
    self.providers = providers
  }

  var endpoints: [Configuration.EndpointEntry] { file?.configuration.endpoints ?? [] }

  /// Whether there is an endpoint with an app of its own.
  var hasApps: Bool { endpoints.contains { $0.forward != nil } }

  /// Where the endpoints' deliveries go on to.
  func endpointRules() throws -> [Forwarder.Rule] {
    try endpoints.compactMap { entry in
      guard let forward = entry.forward else { return nil }
      return Forwarder.Rule(
        provider: nil, endpoint: entry.endpoint, url: try AppURL.option("forward", forward.value))
    }
  }

  /// Which file is in force, and where it has deliveries sent on to; nil if there is none.
  var announcement: String? {
    guard let file else { return nil }
    let targets = file.forwardTargets.map(\.value)
    return "configuration \(file.path)"
      + (targets.isEmpty ? "" : ", which forwards to \(targets.inSentence)")
  }
}
