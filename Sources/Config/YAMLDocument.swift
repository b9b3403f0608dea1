internal import JSON
internal import Yams

/// The only reader of YAML: bytes that may be anything become a tree of bounded size, or one error with its place.
enum YAMLDocument {
  /// In bytes; a configuration takes a few thousand.
  static let sizeLimit = 256 << 10
  /// How deep values may be nested.
  static let depthLimit = 32
  /// How many values there may be, with what aliases stand for: a few lines of aliases of aliases stand for billions.
  static let nodeLimit = 20_000

  /// Reads one document; nil if there is none, or only comments.
  static func read(_ bytes: [UInt8]) throws(ConfigurationError) -> ConfigurationNode? {
    guard bytes.count <= sizeLimit else { throw ConfigurationError(.tooLarge, at: nil) }
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let bytes = bytes.starts(with: byteOrderMark) ? Array(bytes.dropFirst(3)) : bytes
    try checkCharacters(bytes)
    if let place = AliasedKeys.first(in: bytes) { throw ConfigurationError(.aliasInKey, at: place) }
    guard let root = try compose(bytes) else { return nil }
    var left = nodeLimit
    return try node(root, depth: 0, left: &left)
  }

  private static func checkCharacters(_ bytes: [UInt8]) throws(ConfigurationError) {
    do {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      throw ConfigurationError(.notUTF8, at: Place(of: error.byteOffsets.lowerBound, in: bytes))
    }
    let isControl: (UInt8) -> Bool = { $0 < 0x20 && ![0x09, 0x0A, 0x0D].contains($0) || $0 == 0x7F }
    guard let offset = bytes.firstIndex(where: isControl) else { return }
    throw ConfigurationError(.control(bytes[offset]), at: Place(of: offset, in: bytes))
  }

  private static func compose(_ bytes: [UInt8]) throws(ConfigurationError) -> Node? {
    do {
      // The encoding is named: by default a variable of the environment decides, and is reported on standard output.
      let parser = try Parser(yaml: String(decoding: bytes, as: UTF8.self), resolver: .basic, encoding: .utf8)
      return try parser.singleRoot()
    } catch {
      throw ConfigurationError(error, bytes)
    }
  }

  private static func node(
    _ node: Node, depth: Int, left: inout Int
  ) throws(ConfigurationError) -> ConfigurationNode {
    let place = Place(node.mark)
    left -= 1
    guard left >= 0 else { throw ConfigurationError(.tooMany, at: place) }
    guard depth < depthLimit else { throw ConfigurationError(.tooDeep, at: place) }
    switch node {
    case .scalar(let scalar): return ConfigurationNode(content: content(of: scalar), place: place)
    case .sequence(let sequence):
      var list: [ConfigurationNode] = []
      for element in sequence { list.append(try self.node(element, depth: depth + 1, left: &left)) }
      return ConfigurationNode(content: .list(list), place: place)
    case .mapping(let mapping):
      var entries: [ConfigurationNode.Entry] = []
      for (key, value) in mapping {
        guard case .scalar(let name) = key else { throw ConfigurationError(.aliasInKey, at: Place(key.mark)) }
        entries.append(
          ConfigurationNode.Entry(
            key: name.string, place: Place(name.mark),
            value: try self.node(value, depth: depth + 1, left: &left)))
      }
      return ConfigurationNode(content: .map(entries), place: place)
    case .alias: throw ConfigurationError(.syntax("found an alias of nothing"), at: place)
    }
  }

  private static func content(of scalar: Node.Scalar) -> ConfigurationNode.Content {
    let isPlain = scalar.style == .plain || scalar.style == .any
    return isPlain && ["", "~", "null"].contains(scalar.string) ? .nothing : .text(scalar.string)
  }
}

extension Place {
  fileprivate init(_ mark: Mark?) { self.init(line: mark?.line ?? 1, column: mark?.column ?? 1) }

  /// The place of a byte.
  init(of offset: Int, in bytes: [UInt8]) {
    let before = bytes[..<offset]
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    // A byte that begins a scalar is none that goes on with one.
    self.init(
      line: before.count { $0 == 0x0A } + 1, column: bytes[start..<offset].count { $0 & 0xC0 != 0x80 } + 1)
  }
}

extension ConfigurationError {
  /// What libyaml or Yams says, in one line: theirs have several, and quote the file.
  fileprivate init(_ error: any Error, _ bytes: [UInt8]) {
    switch error as? YamlError {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let place = Place(mark)
      let isDeep = problem.contains("nesting level")
      let words = context.map { "\($0.text), \(problem)" } ?? problem
      self.init(
        isDeep ? .tooDeep : Self.isTab(at: place, in: bytes) ? .tab : .syntax(words),
        at: place)
    case .duplicatedKeysInMapping(let keys, let context):
      self.init(.repeatedKey(keys.first ?? "a key"), at: Place(context.mark))
    case .reader(let problem, _, _, _): self.init(.syntax(problem), at: nil)
    default: self.init(.syntax("\(error)"), at: nil)
    }
  }

  /// Whether a tab stands at a place, or in the white space at the beginning of its line.
  private static func isTab(at place: Place, in bytes: [UInt8]) -> Bool {
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard lines.indices.contains(place.line - 1) else { return false }
    return lines[place.line - 1].prefix { $0 == 0x20 || $0 == 0x09 }.contains(0x09)
  }
}
