internal import JSON
internal import Webhooks

extension Configuration {
  /// Adds the file's own senders, each by its name; one that is known already is replaced.
  mutating func readProviders(_ node: ConfigurationNode) throws(ConfigurationError) {
    var all = providers.all
    for entry in try node.entries(Key.providers.expectation) {
      let provider = try Self.provider(entry)
      ownProviders.append(Placed(provider, entry.place))
      // What is described here is meant to be recognised, whoever else has such a header.
      all.removeAll { $0 == provider }
      all.insert(provider, at: ownProviders.count - 1)
    }
    providers = Providers(all)
  }

  private static func provider(_ entry: ConfigurationNode.Entry) throws(ConfigurationError) -> Provider {
    guard isName(entry.key) else {
      throw ConfigurationError(
        .unexpected(entry.key, expected: "a name of at most 40 of a-z, 0-9 and -"), at: entry.place)
    }
    let facts = try entry.value.entries("a sender's facts, such as signature and event")
    if let own = facts.first(where: { $0.key == "name" }) {
      throw ConfigurationError(
        .other("found name: the name is \(entry.key), before the colon"), at: own.place)
    }
    let name = ConfigurationNode.Entry(
      key: "name", place: entry.place,
      value: ConfigurationNode(content: .text(entry.key), place: entry.place))
    let node = ConfigurationNode(content: .map([name] + facts), place: entry.value.place)
    return try NodeDecoder.decode(Provider.self, from: node)
  }

  private static func isName(_ name: String) -> Bool {
    (1...40).contains(name.utf8.count)
      && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
  }
}
