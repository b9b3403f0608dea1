internal import ArgumentParser
internal import Config
internal import Webhooks

extension ConfigurationFile {
  /// What the file says, as the options that say the same on a command line.
  /// - Throws: `ConfigurationFileError`.
  func options() throws -> ReceiverOptions {
    var arguments: [String] = []
    for key in Configuration.Key.allCases {
      // A flag that is off is one that is not given.
      guard let value = configuration.values[key], Self.isOption(key), value.value != "false" else {
        continue
      }
      let given = try argument(key, value)
      // Alone, so that what is wrong is known to be wrong here.
      guard (try? ReceiverOptions.parse([given])) != nil else {
        throw ConfigurationFileError.wrong(
          path: path,
          ConfigurationError(.unexpected(value.value, expected: key.expectation), at: value.place))
      }
      arguments.append(given)
    }
    if let listen = configuration.listen?.value {
      arguments += listen.host.map { ["--host=\($0)"] } ?? []
      arguments += listen.port.map { ["--port=\($0)"] } ?? []
    }
    for key in Configuration.TLSKey.allCases {
      guard let value = configuration.tls[key] else { continue }
      arguments.append(key == .selfSigned ? "--tls-self-signed" : "--tls-\(key.rawValue)=\(try path(value))")
    }
    arguments += (configuration.forward.map { "--forward=\($0.value)" })
    _ = try redaction
    arguments += (configuration.mask.map { "--redact=\($0.value)" })
    arguments += (configuration.respond.map { "--respond=\($0.value)" })
    let options = try ReceiverOptions.parse(arguments)
    try checkExpressions(of: options)
    return options
  }

  /// What `mask` hides.
  var redaction: Redaction {
    get throws {
      Redaction(
        try configuration.mask.map { path in try located(path.place) { try RedactOption.path(path.value) } })
    }
  }

  private func argument(_ key: Configuration.Key, _ value: Placed<String>) throws -> String {
    if key == .explain { return "--explain" }
    return "--\(key.rawValue)=\(key == .record ? try path(value) : value.value)"
  }

  /// Whether there is an option of that name that takes the key's text.
  private static func isOption(_ key: Configuration.Key) -> Bool { key != .mouse }

  /// Reads the filters and rules, each with the place where it stands.
  private func checkExpressions(of options: ReceiverOptions) throws {
    let providers = configuration.providers
    if let filter = configuration.values[.filter] {
      try located(filter.place) { _ = try options.shown.filter(among: providers) }
    }
    if let filter = configuration.values[.forwardIf] {
      try located(filter.place) { _ = try Filter.option("forward-if", filter.value, providers) }
    }
    for rule in configuration.respond + configuration.endpoints.flatMap(\.respond) {
      try located(rule.place) { _ = try ReceiverOptions.rule(rule.value, among: providers) }
    }
    if let first = configuration.forward.first {
      try located(first.place) { _ = try options.forwarding.rules(among: providers) }
    }
  }
}

extension ReceiverOptions {
  /// The same options, with what the file says where these say nothing.
  func filled(from file: ConfigurationFile?) throws -> ReceiverOptions {
    guard let file else { return self }
    let other = try file.options()
    var options = self
    options.givenHost = givenHost ?? other.givenHost
    options.givenPort = givenPort ?? other.givenPort
    options.window.givenTolerance = window.givenTolerance ?? other.window.givenTolerance
    options.screen.givenTheme = screen.givenTheme ?? other.screen.givenTheme
    options.shown.filter = shown.filter ?? other.shown.filter
    options.givenKeep = givenKeep ?? other.givenKeep
    options.givenKeepBytes = givenKeepBytes ?? other.givenKeepBytes
    options.givenMaxBody = givenMaxBody ?? other.givenMaxBody
    options.answer = answer ?? other.answer
    options.record = record ?? other.record
    options.givenTimeScale = givenTimeScale ?? other.givenTimeScale
    options.explain = explain || other.explain
    if !tls.isGiven { options.tls = other.tls }
    if address.publicURL == nil { options.address = other.address }
    if hidden.redact.isEmpty { options.hidden = other.hidden }
    // A list replaces a list: what is given on the command line is all that is meant.
    if respond.isEmpty { options.respond = other.respond }
    if forwarding.forward.isEmpty { options.forwarding.forward = other.forwarding.forward }
    options.forwarding.forwardIf = forwarding.forwardIf ?? other.forwarding.forwardIf
    options.forwarding.forwardTimeout = forwarding.forwardTimeout ?? other.forwarding.forwardTimeout
    return options
  }

  /// The same for a demo, which takes from the file what is shown and kept: its deliveries are for no app and no record
  /// of the user's, and have secrets of their own.
  func filledForDemo(from file: ConfigurationFile?) throws -> ReceiverOptions {
    let full = try filled(from: file)
    var options = self
    (options.givenHost, options.givenPort) = (full.givenHost, full.givenPort)
    (options.givenKeep, options.givenKeepBytes) = (full.givenKeep, full.givenKeepBytes)
    options.givenMaxBody = full.givenMaxBody
    options.screen = full.screen
    return options
  }
}
