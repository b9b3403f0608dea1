internal import JSON

/// A value of the file with its place, all aliases written out.
struct ConfigurationNode: Sendable, Equatable {
  struct Entry: Sendable, Equatable {
    let key: String
    let place: Place
    let value: ConfigurationNode
  }

  enum Content: Sendable, Equatable {
    /// A key without a value, or `null`.
    case nothing
    /// A text, a number, or a truth value: what is asked for decides.
    case text(String)
    case list([ConfigurationNode])
    case map([Entry])
  }

  let content: Content
  let place: Place

  /// What was found, in words for an error.
  var found: String {
    switch content {
    case .nothing: "nothing"
    case .text(let text): text.isEmpty ? "an empty text" : text
    case .list: "a list"
    case .map: "keys and values"
    }
  }

  func unexpected(_ expected: String) -> ConfigurationError {
    ConfigurationError(.unexpected(found, expected: expected), at: place)
  }
}

extension ConfigurationNode {
  /// Whether both hold the same, wherever it stands.
  func says(theSameAs other: ConfigurationNode) -> Bool {
    switch (content, other.content) {
    case (.list(let own), .list(let others)): own.elementsEqual(others) { $0.says(theSameAs: $1) }
    case (.map(let own), .map(let others)):
      own.elementsEqual(others) { $0.key == $1.key && $0.value.says(theSameAs: $1.value) }
    default: content == other.content
    }
  }

  /// The text of a single value.
  func text(_ expected: String = "a text") throws(ConfigurationError) -> String {
    guard case .text(let text) = content, !text.isEmpty else { throw unexpected(expected) }
    return text
  }

  func placedText(_ expected: String = "a text") throws(ConfigurationError) -> Placed<String> {
    Placed(try text(expected), place)
  }

  /// A truth value, as YAML 1.2 writes it.
  func flag() throws(ConfigurationError) -> Bool {
    guard case .text(let text) = content, let flag = Self.flags[text] else {
      throw unexpected("true or false")
    }
    return flag
  }

  static let flags = ["true": true, "false": false, "True": true, "False": false]

  /// The values of a list, or the single value that stands for a list of one.
  var elements: [ConfigurationNode] {
    switch content {
    case .list(let nodes): nodes
    case .nothing: []
    case .text, .map: [self]
    }
  }

  /// The texts of a list, or the one that stands for it.
  func texts(_ expected: String) throws(ConfigurationError) -> [Placed<String>] {
    try elements.map { node throws(ConfigurationError) in try node.placedText(expected) }
  }

  func entries(_ expected: String) throws(ConfigurationError) -> [Entry] {
    switch content {
    case .map(let entries): entries
    case .nothing: []
    case .text, .list: throw unexpected(expected)
    }
  }

  /// The values by their keys, each of which must be one of `Key`.
  func keyed<Key: RawRepresentable & CaseIterable & Hashable>(
    by key: Key.Type
  ) throws(ConfigurationError) -> [Key: ConfigurationNode] where Key.RawValue == String {
    var values: [Key: ConfigurationNode] = [:]
    let known = Key.allCases.map(\.rawValue)
    for entry in try entries("keys and values") {
      guard let key = Key(rawValue: entry.key) else { throw .unknown(entry, among: known) }
      values[key] = entry.value
    }
    return values
  }
}

extension ConfigurationError {
  static func unknown(_ entry: ConfigurationNode.Entry, among known: [String]) -> ConfigurationError {
    ConfigurationError(
      .unknownKey(entry.key, nearest: EditDistance.nearest(to: entry.key, among: known), known: known),
      at: entry.place)
  }
}
