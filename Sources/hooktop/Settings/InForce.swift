internal import Config
internal import JSON
internal import Webhooks

/// All that is in force in a run, and where each of it was given.
struct InForce {
  struct Row: Equatable {
    let key: String
    let value: String
    let origin: ValueOrigin
  }

  private let flags: ReceiverOptions
  private let options: ReceiverOptions
  private let setup: Setup
  private let loaded: LoadedSecrets

  /// - Parameter flags: the options on the command line.
  /// - Throws: what starting with it would throw before anything is received.
  init(_ flags: ReceiverOptions, _ setup: Setup) throws {
    self.flags = flags
    self.setup = setup
    options = try flags.filled(from: setup.file)
    try options.requireApp(in: setup)
    _ = try options.rules(in: setup)
    _ = try options.forwarding.rules(among: setup.providers)
    loaded = try options.secrets.named(in: setup).load()
  }

  var rows: [Row] {
    [file, listen] + endpoints + providers + secrets + apps + single + [tls] + masks
  }

  private var configuration: Configuration? { setup.file?.configuration }

  private var file: Row {
    guard let file = setup.file else {
      return Row(key: "file", value: "none", origin: flags.file.noConfig ? .flag("--no-config") : .default)
    }
    let reach = file.standing == .found ? ", trusted with loopback and its own folder" : ""
    return Row(
      key: "file", value: file.path + reach, origin: file.standing == .named ? .flag("--config") : .default)
  }

  private var listen: Row {
    let host = options.host.contains(":") ? "[\(options.host)]" : options.host
    let flag = flags.givenPort != nil ? "--port" : flags.givenHost != nil ? "--host" : nil
    return Row(
      key: "listen", value: "\(host):\(options.port)",
      origin: flag.map { .flag($0) } ?? configuration?.listen.map { .file($0.place) } ?? .default)
  }

  private var endpoints: [Row] {
    (configuration?.endpoints ?? []).map { entry in
      let words = [
        entry.endpoint.name, entry.endpoint.path, entry.endpoint.provider?.name,
        entry.forward.map { "forwards to \($0.value)" },
        entry.respond.isEmpty ? nil : "\(entry.respond.count) rules",
      ]
      return Row(
        key: "endpoints", value: words.compactMap { $0 }.joined(separator: "  "), origin: .file(entry.place))
    }
  }

  private var providers: [Row] {
    (configuration?.ownProviders ?? []).map {
      Row(key: "providers", value: $0.value.name, origin: .file($0.place))
    }
  }

  private var secrets: [Row] {
    let named = zip(loaded.keyring.secrets, loaded.origins).map { secret, origin in
      Row(key: "secrets", value: Self.words(secret), origin: origin)
    }
    let saved = SavedSecretWatch(providers: setup.providers).secrets.map {
      Row(key: "secrets", value: Self.words($0), origin: .saved)
    }
    return named + saved
  }

  private static func words(_ secret: SigningSecret) -> String {
    "\(secret.label)  \(secret.fingerprint)" + (secret.retiredAt == nil ? "" : "  retired")
  }

  private var apps: [Row] {
    func rows(_ key: Configuration.Key, _ given: [String], _ placed: [Placed<String>]?) -> [Row] {
      given.isEmpty
        ? (placed ?? []).map { Row(key: key.rawValue, value: $0.value, origin: .file($0.place)) }
        : given.map { Row(key: key.rawValue, value: $0, origin: .flag("--\(key.rawValue)")) }
    }
    return rows(.forward, flags.forwarding.forward, configuration?.forward)
      + rows(.respond, flags.respond, configuration?.respond)
  }

  private var single: [Row] {
    Self.singles.map { key, value, fallback in
      let flag = value(flags)
      return Row(
        key: key.rawValue, value: value(options) ?? fallback(options, setup),
        origin: flag != nil
          ? .flag("--\(key.rawValue)")
          : configuration?.values[key].map { .file($0.place) } ?? .default)
    }
  }

  /// The options of one value: how it is written, and what holds where nothing is given.
  private static let singles:
    [(
      Configuration.Key, @Sendable (ReceiverOptions) -> String?, @Sendable (ReceiverOptions, Setup) -> String
    )] = [
      (.answer, { $0.answer?.rawValue }, { $0.answerPolicy(in: $1).rawValue }),
      (.explain, { $0.explain ? "true" : nil }, { _, _ in "false" }),
      (.forwardIf, { $0.forwarding.forwardIf }, { _, _ in "all" }),
      (
        .forwardTimeout, { $0.forwarding.forwardTimeout.map(text) }, { _, _ in "as long as the sender waits" }
      ),
      (.tolerance, { $0.window.givenTolerance.map(text) }, { options, _ in text(options.window.tolerance) }),
      (.keep, { $0.givenKeep.map(String.init) }, { options, _ in String(options.keep) }),
      (
        .keepBytes, { $0.givenKeepBytes?.defaultValueDescription },
        { options, _ in options.keepBytes.defaultValueDescription }
      ),
      (
        .maxBody, { $0.givenMaxBody?.defaultValueDescription },
        { options, _ in options.maxBody.defaultValueDescription }
      ),
      (.record, { $0.record }, { _, _ in "nowhere" }),
      (.filter, { $0.shown.filter }, { _, _ in "all" }),
      (.timeScale, { $0.givenTimeScale.map(text) }, { options, _ in text(options.timeScale) }),
      (.publicURL, { $0.address.publicURL }, { _, _ in "as each request says" }),
      (.theme, { $0.screen.givenTheme?.rawValue }, { _, _ in "auto" }),
    ]

  private static func text(_ number: Double) -> String {
    ShortDecimal.text(number, decimals: 6) ?? "\(number)"
  }

  private var tls: Row {
    let words = options.tls.tlsSelfSigned ? "self-signed" : options.tls.tlsCert ?? "none"
    let place = configuration?.tls.values.map(\.place).min { $0.line < $1.line }
    return Row(
      key: "tls", value: words,
      origin: flags.tls.isGiven
        ? .flag(flags.tls.tlsSelfSigned ? "--tls-self-signed" : "--tls-cert")
        : place.map { .file($0) } ?? .default)
  }

  private var masks: [Row] {
    let mouse = configuration?.values[.mouse].map { [("mouse", $0)] } ?? []
    let masks = (configuration?.mask ?? []).map { ("mask", $0) }
    return (mouse + masks).map { Row(key: $0, value: $1.value, origin: .file($1.place)) }
  }
}
