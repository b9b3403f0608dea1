/// Where each line of the pretty view begins and which node it belongs to, found in one pass over a body.
///
/// Eight bytes a line and twenty a node that holds something; nothing is laid out here.
struct PrettyIndex: Sendable {
  /// Where a line's first token begins, and the node that the line opens, closes or stands in.
  struct Line: Sendable {
    let start: UInt32
    var node: UInt32
  }

  /// An object or array that is not empty: its first and last lines and how many members it has.
  struct Node: Sendable {
    let open: UInt32
    var close: UInt32
    var count: UInt32
    let parent: UInt32
    let depth: UInt32
  }

  /// Stands for the node around the outermost value.
  static let outside = UInt32.max

  private(set) var lines: [Line] = []
  /// In the order in which they open.
  private(set) var nodes: [Node] = []
  /// The node that the pass is in.
  private var inside = PrettyIndex.outside
  private var isAfterKey = false

  /// Indexes `body`; throws why it has no pretty view.
  init(_ body: [UInt8], sizeLimit: Int = PayloadDocument.sizeLimit) throws(JSONFault) {
    guard body.count <= sizeLimit else { throw .tooLarge(size: body.count, limit: sizeLimit) }
    // A guess that is right for wide members and costs little where it is not.
    lines.reserveCapacity(body.count / 32)
    let bytes = body.span
    var lexer = JSONLexer()
    while let token = try lexer.step(in: bytes, separators: false) {
      switch token.kind {
      case .key:
        addMember(from: token)
        isAfterKey = true
      case .beginObject, .beginArray:
        addValue(token)
        open()
      case .endObject, .endArray:
        close(token)
      default:
        addValue(token)
      }
    }
  }

  /// How far the line is indented, in levels.
  func depth(ofLine line: Int) -> Int {
    let index = lines[line].node
    guard index != Self.outside else { return 0 }
    let node = nodes[Int(index)]
    return Int(node.depth) + (node.open == line || node.close == line ? 0 : 1)
  }

  /// The node that begins on the line, if any.
  func node(openedBy line: Int) -> Int? {
    let index = lines[line].node
    return index != Self.outside && nodes[Int(index)].open == line ? Int(index) : nil
  }

  @inline(__always)
  private mutating func addValue(_ token: JSONToken) {
    if !isAfterKey { addMember(from: token) }
    isAfterKey = false
  }

  @inline(__always)
  private mutating func addMember(from token: JSONToken) {
    lines.append(Line(start: UInt32(truncatingIfNeeded: token.start), node: inside))
    if inside != Self.outside { nodes[Int(inside)].count &+= 1 }
  }

  @inline(__always)
  private mutating func open() {
    let line = lines.count - 1
    let depth = inside == Self.outside ? 0 : nodes[Int(inside)].depth + 1
    let node = UInt32(truncatingIfNeeded: nodes.count)
    nodes.append(
      Node(open: UInt32(truncatingIfNeeded: line), close: 0, count: 0, parent: inside, depth: depth))
    lines[line].node = node
    inside = node
  }

  @inline(__always)
  private mutating func close(_ token: JSONToken) {
    let node = nodes[Int(inside)]
    if node.count == 0 {
      // An empty container shares the line it began on, and was the last to open.
      nodes.removeLast()
      lines[Int(node.open)].node = node.parent
    } else {
      nodes[Int(inside)].close = UInt32(truncatingIfNeeded: lines.count)
      lines.append(Line(start: UInt32(truncatingIfNeeded: token.start), node: inside))
    }
    inside = node.parent
  }
}
