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
