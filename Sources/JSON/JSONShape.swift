/// Which keys bodies of one kind have, and of which types their values are: what another body is held against.
public struct JSONShape: Sendable {
  /// A type of JSON.
  public struct Kinds: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let object = Kinds(rawValue: 1)
    public static let array = Kinds(rawValue: 2)
    public static let string = Kinds(rawValue: 4)
    public static let number = Kinds(rawValue: 8)
    public static let bool = Kinds(rawValue: 16)
    public static let null = Kinds(rawValue: 32)

    /// `string or null`.
    public var words: String {
      let names: [(Kinds, String)] = [
        (.object, "object"), (.array, "array"), (.string, "string"), (.number, "number"), (.bool, "boolean"),
        (.null, "null"),
      ]
      return names.filter { contains($0.0) }.map(\.1).joined(separator: " or ")
    }
  }

  /// What a body has otherwise.
  public enum Difference: Sendable, Equatable {
    /// The key is in none of the others.
    case new(key: ByteString)
    /// The value is of a type that none of the others has there.
    case otherKind(is: Kinds, due: Kinds)
    /// Keys of the object that all others have.
    case gone(keys: [ByteString])
  }

  /// A difference, and the byte of the body where the key, the value or the object begins.
  public struct Mark: Sendable, Equatable {
    public let offset: Int
    public let difference: Difference
  }

  /// What is known of a place.
  private struct Place: Sendable {
    var kinds: Kinds = []
    /// In how many objects the key was.
    var count = 0
    /// How many objects were there.
    var objects = 0
    /// The keys that objects had there, by the order in which they were met.
    var keys: [ByteString] = []
    /// An empty container tells nothing of what may be in it.
    var isOpen: Bool { keys.isEmpty }
  }

  /// The most places that are told apart, and the most marks of one body.
  private static let limits = (places: 10_000, marks: 1000)
  /// What is nested deeper is not looked at.
  private static let depth = 32

  /// By the keys that lead there, with a zero before each; an element of an array has no key.
  private var places: [ByteString: Place] = [:]
  /// How many bodies it was made of.
  public private(set) var count = 0

  public init() {}

  /// Takes a body as one more of the kind; one that is not JSON tells nothing.
  public mutating func add(_ body: [UInt8]) {
    guard let found = Self.nodes(of: body) else { return }
    count += 1
    for node in found {
      guard places[node.path] != nil || places.count < Self.limits.places else { continue }
      places[node.path, default: Place()].kinds.formUnion(node.kind)
      if node.kind == .object || node.kind == .array { places[node.path]?.objects += 1 }
      guard node.isFirst, let parent = node.parent else { continue }
      places[node.path]?.count += 1
      if places[node.path]?.count == 1 { places[parent]?.keys.append(node.key) }
    }
  }

  /// Returns what a body has otherwise, in the order of the body; nothing where it is not JSON.
  public func marks(in body: [UInt8]) -> [Mark] {
    guard count > 0, let found = Self.nodes(of: body) else { return [] }
    var marks: [Mark] = []
    var present: [Int: Set<ByteString>] = [:]
    for node in found { if let parent = node.parentIndex { present[parent, default: []].insert(node.key) } }
    for (index, node) in found.enumerated() where marks.count < Self.limits.marks {
      guard let place = places[node.path] else {
        if let parent = node.parent, let around = places[parent], !around.isOpen {
          marks.append(Mark(offset: node.keyOffset, difference: .new(key: node.key)))
        }
        continue
      }
      // Where there was never anything but null, nobody knows what may be there.
      if !node.isMasked, place.kinds != .null, place.kinds.isDisjoint(with: node.kind) {
        marks.append(Mark(offset: node.keyOffset, difference: .otherKind(is: node.kind, due: place.kinds)))
      }
      guard node.kind == .object else { continue }
      let gone = place.keys.filter { key in
        present[index]?.contains(key) != true
          && places[Self.path(node.path, key)].map { $0.count == place.objects } == true
      }
      if !gone.isEmpty { marks.append(Mark(offset: node.keyOffset, difference: .gone(keys: gone))) }
    }
    return marks
  }

  private static func path(_ parent: ByteString, _ key: ByteString) -> ByteString {
    ByteString(Array(parent) + [0] + Array(key))
  }
}

extension JSONShape {
  /// A value of a body.
  private struct Node {
    let path: ByteString
    let kind: Kinds
    /// The byte where its line begins: that of its key, or its own.
    let keyOffset: Int
    /// Its key; empty for an element of an array.
    var key: ByteString = ""
    /// The path of the object or array around it, and its place among the nodes.
    var parent: ByteString?
    var parentIndex: Int?
    /// Whether no value of the same key came before it in the same container.
    var isFirst = true
    /// Whether a mask is in the place of the value.
    var isMasked = false
  }

  /// A container that is open.
  private struct Level {
    let path: ByteString
    let index: Int
    var seen: Set<ByteString> = []
    var key: (name: ByteString, offset: Int)?
  }

  /// The values of a body, as far as they are not nested too deep; nil if it is not JSON.
  private static func nodes(of body: [UInt8]) -> [Node]? {
    var (nodes, levels, lexer): ([Node], [Level], JSONLexer) = ([], [], JSONLexer())
    do throws(JSONFault) {
      while let token = try lexer.step(in: body.span, separators: false) {
        if token.kind.isClosing {
          if lexer.depth < levels.count { levels.removeLast() }
          continue
        }
        let parent = token.kind.isOpening ? lexer.depth - 1 : lexer.depth
        guard parent == levels.count, parent < depth else { continue }
        if token.kind == .key {
          levels[parent - 1].key = (token.content(of: body), token.start)
          continue
        }
        let node = Self.node(token, in: body, &levels)
        nodes.append(node)
        if token.kind.isOpening { levels.append(Level(path: node.path, index: nodes.count - 1)) }
      }
    } catch {
      return nil
    }
    return nodes
  }

  private static func node(_ token: JSONToken, in body: [UInt8], _ levels: inout [Level]) -> Node {
    let kind = Self.kind(of: token)
    guard let last = levels.indices.last else { return Node(path: "", kind: kind, keyOffset: token.start) }
    let (name, offset) = levels[last].key ?? ("", token.start)
    var node = Node(path: path(levels[last].path, name), kind: kind, keyOffset: offset, key: name)
    (node.parent, node.parentIndex) = (levels[last].path, levels[last].index)
    node.isFirst = levels[last].seen.insert(name).inserted
    node.isMasked = token.kind == .string && body[token.range].elementsEqual(JSONMask.mask)
    levels[last].key = nil
    return node
  }

  private static func kind(of token: JSONToken) -> Kinds {
    switch token.kind {
    case .beginObject: .object
    case .beginArray: .array
    case .number: .number
    case .true, .false: .bool
    case .null: .null
    default: .string
    }
  }
}
