internal import JSON

/// Decodes a value from the file, so that whatever can be decoded can stand in it, and each key of it is asked for.
struct NodeDecoder: Decoder {
  let node: ConfigurationNode
  let codingPath: [any CodingKey]
  private let log: KeyLog
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  init(_ node: ConfigurationNode, _ path: [any CodingKey], _ log: KeyLog) {
    (self.node, codingPath, self.log) = (node, path, log)
  }

  /// - Throws: `ConfigurationError`, also for a key that nothing has asked for.
  static func decode<Value: Decodable>(
    _ type: Value.Type, from node: ConfigurationNode
  ) throws(ConfigurationError) -> Value {
    let log = KeyLog()
    do {
      let value = try Value(from: NodeDecoder(node, [], log))
      try log.check(node)
      return value
    } catch let error as ConfigurationError {
      throw error
    } catch let error as DecodingError {
      throw node.error(error)
    } catch {
      throw ConfigurationError(.other("\(error)"), at: node.place)
    }
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .map(let entries) = node.content else { throw mismatch(Self.self, "keys and values") }
    log.open(node)
    return KeyedDecodingContainer(
      KeyedNode(entries: entries, codingPath: codingPath, place: node.place, log: log))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .list(let nodes) = node.content else { throw mismatch(Self.self, "a list") }
    return NodeList(nodes: nodes, codingPath: codingPath, log: log)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

  func mismatch<Value>(_ type: Value.Type, _ expected: String) -> DecodingError {
    .typeMismatch(
      type, DecodingError.Context(codingPath: codingPath, debugDescription: "expected \(expected)"))
  }
}

/// Which keys were asked for, by where their values begin.
final class KeyLog {
  private var asked: [Place: Set<String>] = [:]

  func open(_ node: ConfigurationNode) { asked[node.place, default: []].formUnion([]) }

  func ask(_ key: String, at place: Place) { asked[place, default: []].insert(key) }

  /// - Throws: `ConfigurationError` for the first key that was not asked for where others were.
  func check(_ node: ConfigurationNode) throws(ConfigurationError) {
    switch node.content {
    case .list(let nodes): for node in nodes { try check(node) }
    case .map(let entries):
      let known = asked[node.place]
      for entry in entries {
        if let known, !known.contains(entry.key) {
          throw .unknown(entry, among: known.subtracting(["name"]).sorted())
        }
        try check(entry.value)
      }
    case .nothing, .text: break
    }
  }
}

extension ConfigurationNode {
  /// The error with the place that its path leads to.
  fileprivate func error(_ error: DecodingError) -> ConfigurationError {
    switch error {
    case .keyNotFound(let key, let context):
      return reached(by: context.codingPath).missing(key.stringValue)
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      let node = reached(by: context.codingPath)
      let words = context.debugDescription
      // What does not fit something else says so itself.
      guard words.hasPrefix("expected ") else { return ConfigurationError(.other(words), at: node.place) }
      return node.unexpected(String(words.dropFirst(9)))
    @unknown default: return ConfigurationError(.other("\(error)"), at: place)
    }
  }

  /// That a key is missing, or the one that is written nearly so.
  private func missing(_ key: String) -> ConfigurationError {
    guard case .map(let entries) = content,
      let entry = entries.first(where: { EditDistance.nearest(to: $0.key, among: [key]) != nil })
    else { return ConfigurationError(.missing(key), at: place) }
    return .unknown(entry, among: [key])
  }

  /// The value that a path leads to, or the last one on the way there.
  private func reached(by path: [any CodingKey]) -> ConfigurationNode {
    var node = self
    for key in path {
      switch node.content {
      case .map(let entries):
        guard let next = entries.first(where: { $0.key == key.stringValue }) else { return node }
        node = next.value
      case .list(let nodes):
        guard let index = key.intValue, nodes.indices.contains(index) else { return node }
        node = nodes[index]
      case .nothing, .text: return node
      }
    }
    return node
  }
}
