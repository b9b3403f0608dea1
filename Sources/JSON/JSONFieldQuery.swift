/// A prepared list of paths into JSON objects, looked up together in one pass over a body.
///
/// Made once and run for every delivery: the pass validates the whole body and allocates nothing but its
/// results, whatever the size, up to a depth of 64. Where a key stands twice the last one wins, as in
/// JavaScript's `JSON.parse`, and it replaces all that was found below the first.
public struct JSONFieldQuery: Sendable {
  private let tree: JSONFieldTree
  private let pathCount: Int

  /// Creates a query for `paths`, each a list of keys from the outermost object inwards.
  public init(_ paths: [[String]]) {
    tree = JSONFieldTree(paths)
    pathCount = paths.count
  }

  /// Reads `body` once and gives the values at the paths; never throws and never traps.
  public func fields(in body: [UInt8]) -> JSONFields {
    do throws(JSONFault) {
      let tokens = try collect(from: body.span)
      return JSONFields(values: tokens.map { $0.map { JSONFieldValue($0, in: body) } }, fault: nil)
    } catch {
      return JSONFields(values: Array(repeating: nil, count: pathCount), fault: error)
    }
  }

  /// Reads `body` once and gives the tokens of the values at the paths, which cost less than the values; nil everywhere
  /// where the body is not JSON.
  public func tokens(in body: [UInt8]) -> [JSONToken?] {
    (try? collect(from: body.span)) ?? Array(repeating: nil, count: pathCount)
  }

  private func collect(from bytes: Span<UInt8>) throws(JSONFault) -> [JSONToken?] {
    var tokens = [JSONToken?](repeating: nil, count: pathCount)
    var lexer = JSONLexer(maximumDepth: .max)
    // Keys count only where the object they stand in is on a path: at `depth`, the place's own.
    var place = JSONFieldTree.nowhere
    var depth = JSONFieldTree.nowhere
    // The node that the next value belongs to; the first value is the body itself.
    var field = JSONFieldTree.root
    while let token = try lexer.step(in: bytes, separators: false) {
      if token.kind == .key {
        guard lexer.depth == depth else { continue }
        field = tree.child(of: place, matching: token, in: bytes)
      } else if field != JSONFieldTree.nowhere {
        store(token, at: field, into: &tokens)
        if token.kind == .beginObject {
          place = field
          depth = tree.nodes[field].depth
        }
        field = JSONFieldTree.nowhere
      } else if token.kind == .endObject, lexer.depth == depth - 1 {
        place = tree.nodes[place].parent
        depth -= 1
      }
    }
    return tokens
  }

  /// Stores the value at `field`, and drops what an earlier one with the same keys held.
  private func store(_ token: JSONToken, at field: Int, into tokens: inout [JSONToken?]) {
    let node = tree.nodes[field]
    for place in node.own { tokens[tree.order[place]] = token }
    for place in node.below { tokens[tree.order[place]] = nil }
  }
}

/// What one pass over a body found: a value for each path asked for, and whether the body is JSON at all.
public struct JSONFields: Sendable, Equatable {
  /// One element for each path, in the order of the query; `nil` if the body has no such field, and everywhere when
  /// the body is not JSON.
  public let values: [JSONFieldValue?]
  /// Why the body is not JSON, or `nil` if it is.
  public let fault: JSONFault?

  /// Whether the whole body is well-formed JSON.
  public var isJSON: Bool { fault == nil }

  public subscript(index: Int) -> JSONFieldValue? { values[index] }
}

/// What stands in a body at a path that was asked for.
public enum JSONFieldValue: Sendable, Equatable {
  /// A string, escapes resolved and lone surrogates as U+FFFD; what is not UTF-8 is as it was sent.
  case string(ByteString)
  case bool(Bool)
  /// A number's text as it was sent.
  case number(ByteString)
  /// `null`, an object or an array.
  case other

  /// What a token of `body` stands for.
  public init(_ token: JSONToken, in body: [UInt8]) {
    self =
      switch token.kind {
      case .string: .string(token.content(of: body))
      case .number: .number(token.content(of: body))
      case .true: .bool(true)
      case .false: .bool(false)
      default: .other
      }
  }

  /// The string, or `nil` for any other kind.
  public var string: ByteString? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The truth value, or `nil` for any other kind.
  public var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }
}

/// The paths of a query as one tree of keys, laid out flat so that walking it touches no reference counts.
struct JSONFieldTree: Sendable {
  /// A key on the way to the end of a path; the first node stands for the body itself.
  struct Node: Sendable {
    let parent: Int
    /// How many objects are open where the node's children are keys.
    let depth: Int
    /// Where `keyBytes` holds the key.
    let key: Range<Int>
    var firstChild = JSONFieldTree.nowhere
    var nextSibling = JSONFieldTree.nowhere
    /// Where `order` holds the paths that end here.
    var own = 0..<0
    /// Where `order` holds the paths that end further below.
    var below = 0..<0
  }

  static let nowhere = -1
  static let root = 0

  private(set) var nodes = [Node(parent: nowhere, depth: 1, key: 0..<0)]
  private(set) var keyBytes: [UInt8] = []
  /// The paths' indices, sorted so that those at and below any node stand side by side.
  private(set) var order: [Int] = []

  init(_ paths: [[String]]) {
    let ends = paths.map { path in path.reduce(Self.root) { child(of: $0, key: Array($1.utf8)) } }
    arrange(ends, from: Self.root)
  }

  private mutating func arrange(_ ends: [Int], from node: Int) {
    let start = order.count
    // A path without keys asks for nothing.
    if node != Self.root { order += ends.indices.filter { ends[$0] == node } }
    nodes[node].own = start..<order.count
    var child = nodes[node].firstChild
    while child != Self.nowhere {
      arrange(ends, from: child)
      child = nodes[child].nextSibling
    }
    nodes[node].below = nodes[node].own.upperBound..<order.count
  }

  private mutating func child(of parent: Int, key: [UInt8]) -> Int {
    let known = find(below: parent) { keyBytes[$0.key].elementsEqual(key) }
    if known != Self.nowhere { return known }
    let start = keyBytes.count
    keyBytes += key
    var node = Node(parent: parent, depth: nodes[parent].depth + 1, key: start..<keyBytes.count)
    node.nextSibling = nodes[parent].firstChild
    nodes[parent].firstChild = nodes.count
    nodes.append(node)
    return nodes.count - 1
  }

  /// The child of `parent` whose key is the token's, or `nowhere`.
  @inline(__always)
  func child(of parent: Int, matching token: JSONToken, in bytes: Span<UInt8>) -> Int {
    if token.isEscaped {
      let key = token.unescaped(in: bytes)
      return find(below: parent) { keyBytes[$0.key].elementsEqual(key) }
    }
    let first = token.start + 1
    let count = token.end - 1 - first
    return find(below: parent) { node in
      guard node.key.count == count else { return false }
      for index in 0..<count where keyBytes[node.key.lowerBound + index] != bytes[first + index] {
        return false
      }
      return true
    }
  }

  @inline(__always)
  private func find(below parent: Int, where isMatch: (Node) -> Bool) -> Int {
    var child = nodes[parent].firstChild
    while child != Self.nowhere, !isMatch(nodes[child]) {
      child = nodes[child].nextSibling
    }
    return child
  }
}
