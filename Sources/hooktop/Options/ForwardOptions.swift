internal import ArgumentParser
internal import Sender
internal import Webhooks

/// The options that say which deliveries go on to which app.
struct ForwardOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Forward each delivery to the app at this URL, such as http://127.0.0.1:3000; with a provider's name in front, only \
      that provider's. A URL without a path gets each delivery's own path. Repeatable.
      """,
      valueName: "[name=]url"))
  var forward: [String] = []

  @Option(
    help: ArgumentHelp(
      "Forward only deliveries that match this filter, such as 'sig:ok -type:webhook.test'.",
      valueName: "filter"))
  var forwardIf: String?

  @Option(
    help: ArgumentHelp(
      "How long to wait for the app; by default as long as the sender waits.",
      valueName: "seconds"))
  var forwardTimeout: Double?

  func validate() throws {
    if let forwardTimeout, !(forwardTimeout > 0 && forwardTimeout <= 3600) {
      throw ValidationError("--forward-timeout is a number of seconds above 0, 3600 at most.")
    }
  }

  /// - Parameter isKnown: whether an endpoint has an app.
  /// - Throws: `ValidationError`, where an option is about an app and none is named.
  func requireApp(isKnown: Bool) throws {
    guard !isKnown, forward.isEmpty, forwardIf != nil || forwardTimeout != nil else { return }
    throw ValidationError("\(forwardIf != nil ? "--forward-if" : "--forward-timeout") needs --forward URL.")
  }

  /// What sends the deliveries on; nil if none go on.
  /// - Parameter isRecorded: whether the receiver's threads may have to wait for a disk.
  /// - Throws: `ValidationError`, where a rule or the filter can't be understood.
  func forwarder(in setup: Setup, isRecorded: Bool) throws -> Forwarder? {
    let rules = try setup.endpointRules() + rules(among: setup.providers)
    guard !rules.isEmpty else { return nil }
    return Forwarder(
      rules, filter: try Filter.option("--forward-if", forwardIf, setup.providers), timeout: forwardTimeout,
      sharesThreads: !isRecorded)
  }

  func rules(among providers: Providers) throws -> [Forwarder.Rule] {
    var rules: [Forwarder.Rule] = []
    for text in forward {
      let rule = try Self.rule(text, among: providers)
      guard !rules.contains(where: { $0.provider == rule.provider }) else {
        throw ValidationError(
          rule.provider.map { "--forward names \($0.name) twice: give one URL for each provider." }
            ?? "--forward URL is given twice: give one for all, and NAME=URL for each other app.")
      }
      rules.append(rule)
    }
    return rules
  }

  /// What one `[NAME=]URL` says.
  /// - Throws: `ValidationError`.
  static func rule(_ text: String, among providers: Providers) throws -> Forwarder.Rule {
    // A name has no colon, and every URL has one before its first equals sign.
    let name = text.prefix { $0 != "=" && $0 != ":" }
    let hasName = text.dropFirst(name.count).first == "="
    let url = hasName ? String(text.dropFirst(name.count + 1)) : text
    let app = try AppURL.option("--forward", url)
    guard hasName else { return Forwarder.Rule(provider: nil, url: app) }
    guard let provider = providers[name] else {
      throw ValidationError("--forward names \(name), which is not a provider: use \(providers.names).")
    }
    return Forwarder.Rule(provider: provider, url: app)
  }
}

extension Forwarder {
  /// - Throws: `ValidationError`, where an app is what listens there, which is hooktop.
  func refuseLoop(to host: String, port: Int) throws {
    guard !leads(to: host, port: port) else {
      throw ValidationError(
        "--forward leads to hooktop itself, which listens on port \(port): give the app's URL, or hooktop another --port."
      )
    }
  }
}

extension AppURL {
  /// The URL that an option gives.
  /// - Throws: `ValidationError`, with what was probably meant.
  static func option(_ name: String, _ text: String) throws -> AppURL {
    if let url = AppURL(text) { return url }
    let isMeant = !text.contains("://") && AppURL("http://\(text)") != nil
    throw ValidationError(
      "\(name) takes an http or https URL"
        + (isMeant ? ": did you mean http://\(text)?" : ", such as http://127.0.0.1:3000, not '\(text)'."))
  }
}

extension Filter {
  /// The filter that an option gives, which is asked before there is an answer; nil if it is not given.
  /// - Throws: `ValidationError`, with the column and what is expected there.
  static func option(_ name: String, _ text: String?, _ providers: Providers) throws -> Filter? {
    guard let text else { return nil }
    let filter = try parsed(name, text, providers)
    guard !filter.asksForOutcomes else {
      throw ValidationError("\(name) is asked before there is an answer or a cause: leave those terms out.")
    }
    return filter
  }

  /// The filter that an option gives.
  /// - Parameter causes: the ids of the causes that a term may name; any where there are none.
  /// - Throws: `ValidationError`, with the column and what is expected there.
  static func parsed(
    _ name: String, _ text: String, _ providers: Providers, causes: [String] = []
  ) throws -> Filter {
    do throws(FilterError) {
      return try Filter(text, providers: providers, causes: causes, zone: .local)
    } catch {
      throw ValidationError("\(name), column \(error.column + 1): \(error)")
    }
  }
}
