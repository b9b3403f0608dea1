internal import JSON
public import Webhooks

extension Configuration {
  /// Reads a file.
  /// - Parameters:
  ///   - bytes: the file's, which may be anything.
  ///   - known: the senders that are known without it.
  /// - Throws: `ConfigurationError`, which may quote the file, but no secret of it.
  public init(reading bytes: [UInt8], known: Providers) throws(ConfigurationError) {
    self.init(providers: known)
    guard let document = try YAMLDocument.read(bytes) else { return }
    nodes = try document.keyed(by: Key.self)
    // The senders first: all else may name them.
    if let node = nodes[.providers] { try readProviders(node) }
    for key in Key.allCases {
      if let node = nodes[key] { try read(key, node) }
    }
  }

  private mutating func read(_ key: Key, _ node: ConfigurationNode) throws(ConfigurationError) {
    switch key {
    case .providers: break
    case .listen: try readListen(node)
    case .endpoints: try readEndpoints(node)
    case .secrets: secrets = try Self.secrets(node, of: providers)
    case .forward: forward = try node.texts("a URL such as http://127.0.0.1:3000, or NAME=URL")
    case .respond: respond = try node.texts("a rule such as status 500 x3")
    case .mask: mask = try node.texts("a JSON path such as $.data.email")
    case .tls: try readTLS(node)
    case .explain, .mouse: values[key] = Placed(try node.flag() ? "true" : "false", node.place)
    case .forwardIf, .forwardTimeout, .answer, .tolerance, .keep, .keepBytes, .maxBody, .record, .filter,
      .timeScale, .publicURL, .theme:
      values[key] = try node.placedText(key.expectation)
    }
  }

  private mutating func readListen(_ node: ConfigurationNode) throws(ConfigurationError) {
    guard let address = ListenAddress(try node.text(Key.listen.expectation)) else {
      throw node.unexpected(Key.listen.expectation)
    }
    listen = Placed(address, node.place)
  }

  private mutating func readTLS(_ node: ConfigurationNode) throws(ConfigurationError) {
    let nodes = try node.keyed(by: TLSKey.self)
    for key in TLSKey.allCases {
      guard let node = nodes[key] else { continue }
      if key == .selfSigned {
        if try node.flag() { tls[key] = Placed("true", node.place) }
      } else {
        tls[key] = try node.placedText("the name of a PEM file")
      }
    }
    let isPair = (tls[.cert] == nil) == (tls[.key] == nil)
    guard isPair, tls[.selfSigned] == nil || tls[.cert] == nil else {
      throw ConfigurationError(
        .other("expected cert and key together, or self-signed: true alone"), at: node.place)
    }
  }
}

extension Configuration.Key {
  /// What the key's value must be, in words that follow "expected".
  public var expectation: String {
    switch self {
    case .listen: "an address such as 127.0.0.1:4747, or a port"
    case .endpoints: "a list of endpoints, each with name and path"
    case .providers: "a sender's name, and its facts below it"
    case .secrets: "a provider's name, and its secrets below it"
    case .forward: "a URL, or a list of them"
    case .forwardIf, .filter: "a filter such as sig:failed"
    case .forwardTimeout: "a number of seconds above 0, 3600 at most"
    case .respond: "a list of rules"
    case .answer: "verified, always or forward"
    case .explain, .mouse: "true or false"
    case .tolerance: "a number of seconds from 0"
    case .keep: "a number of deliveries from 1"
    case .keepBytes: "a size such as 256MiB, at least 1 byte"
    case .maxBody: "a size such as 10MiB, from 1 byte to 256MiB"
    case .record: "the name of a file"
    case .timeScale: "a number from 0.001 to 1000000"
    case .publicURL: "a URL such as https://hooks.example.com"
    case .tls: "cert and key, or self-signed"
    case .theme: "auto, light or dark"
    case .mask: "a list of JSON paths"
    }
  }
}

extension Configuration {
  /// Secrets below their providers' names.
  private static func secrets(
    _ node: ConfigurationNode, of providers: Providers
  ) throws(ConfigurationError) -> [Secret] {
    var secrets: [Secret] = []
    for entry in try node.entries(Key.secrets.expectation) {
      // A key that is none may be a secret, given in the wrong place: it is not quoted.
      guard let provider = providers[entry.key] else {
        throw ConfigurationError(
          .other("expected the name of a provider: hooktop providers lists them"), at: entry.place)
      }
      for node in entry.value.elements { secrets.append(try secret(node, of: provider)) }
    }
    return secrets
  }

  private static let sources = "env:VAR or file:PATH"

  private static func secret(
    _ node: ConfigurationNode, of provider: Provider
  ) throws(ConfigurationError) -> Secret {
    if case .text = node.content {
      return Secret(
        provider: provider, source: Placed(try node.text(sources), node.place), label: nil, isRetired: false)
    }
    guard case .map = node.content else {
      throw ConfigurationError(
        .other("expected a secret: \(sources), or from, label and retired"), at: node.place)
    }
    let nodes = try node.keyed(by: SecretKey.self)
    guard let source = nodes[.from] else { throw ConfigurationError(.missing("from"), at: node.place) }
    let label = try nodes[.label].map { node throws(ConfigurationError) in try Self.label(node) }
    return Secret(
      provider: provider, source: Placed(try source.text(sources), source.place), label: label,
      isRetired: try nodes[.retired]?.flag() ?? false)
  }

  private static func label(_ node: ConfigurationNode) throws(ConfigurationError) -> String {
    guard case .text(let text) = node.content, SigningSecret.isLabel(text) else {
      throw ConfigurationError(
        .other("expected a label of at most 40 letters, digits, -, _ and ., and no secret"), at: node.place)
    }
    return text
  }
}

extension Configuration {
  private mutating func readEndpoints(_ node: ConfigurationNode) throws(ConfigurationError) {
    guard case .list(let nodes) = node.content else { throw node.unexpected(Key.endpoints.expectation) }
    var names: Set<String> = []
    endpoints = try nodes.map { node throws(ConfigurationError) in
      let entry = try endpoint(node)
      guard names.insert(entry.endpoint.name).inserted else {
        throw ConfigurationError(
          .other("found a second endpoint named \(entry.endpoint.name): name it otherwise"), at: node.place)
      }
      return entry
    }
  }

  private func endpoint(_ node: ConfigurationNode) throws(ConfigurationError) -> EndpointEntry {
    let nodes = try node.keyed(by: EndpointKey.self)
    func due(_ key: EndpointKey, _ expected: String) throws(ConfigurationError) -> ConfigurationNode {
      guard let value = nodes[key] else { throw ConfigurationError(.missing(key.rawValue), at: node.place) }
      _ = try value.text(expected)
      return value
    }
    let named = "a name of at most 40 letters, digits, -, _ and ."
    let (name, path) = (try due(.name, named), try due(.path, "a path such as /staging/*"))
    guard SigningSecret.isLabel(try name.text()) else { throw name.unexpected(named) }
    guard let first = try path.text().first, "/*".contains(first) else {
      throw path.unexpected("a path that begins with /, such as /staging/*")
    }
    let provider = try nodes[.provider].map { node throws(ConfigurationError) in try self.provider(node) }
    return EndpointEntry(
      endpoint: Endpoint(try name.text(), path: try path.text(), provider: provider), place: node.place,
      secrets: try nodes[.secrets].map { node throws(ConfigurationError) in
        try endpointSecrets(node, provider)
      } ?? [],
      forward: try nodes[.forward]?.placedText("a URL such as http://127.0.0.1:3000"),
      respond: try nodes[.respond]?.texts("a rule such as status 500 x3") ?? [])
  }

  private func provider(_ node: ConfigurationNode) throws(ConfigurationError) -> Provider {
    let name = try node.text("the name of a provider")
    if let provider = providers[name] { return provider }
    throw ConfigurationError(
      .unknownKey(
        name, nearest: EditDistance.nearest(to: name, among: providers.all.map(\.name)),
        known: ["the name of a provider, which hooktop providers lists"]),
      at: node.place)
  }

  /// An endpoint's secrets are its provider's, or stand below the names of several.
  private func endpointSecrets(
    _ node: ConfigurationNode, _ provider: Provider?
  ) throws(ConfigurationError) -> [Secret] {
    if let provider, !node.isByProvider {
      return try node.elements.map { node throws(ConfigurationError) in try Self.secret(node, of: provider) }
    }
    guard node.isByProvider else {
      throw ConfigurationError(
        .other("expected the endpoint's provider, or the secrets below providers' names"), at: node.place)
    }
    return try Self.secrets(node, of: providers)
  }
}

extension ConfigurationNode {
  /// Whether it lists secrets by the names of their providers, and is not a single secret.
  fileprivate var isByProvider: Bool {
    guard case .map(let entries) = content else { return false }
    return !entries.contains { Configuration.SecretKey(rawValue: $0.key) != nil }
  }
}
