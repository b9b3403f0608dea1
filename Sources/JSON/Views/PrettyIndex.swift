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

  let lines: [Line]
  /// In the order in which they open.
  let nodes: [Node]

  /// Indexes `body`; throws why it has no pretty view.
  init(
    _ body: [UInt8], sizeLimit: Int = PayloadDocument.sizeLimit,
    memoryLimit: Int = PayloadDocument.indexLimit, isCancelled: () -> Bool = { false }
  ) throws(JSONFault) {
    guard body.count <= sizeLimit else { throw .tooLarge(size: body.count, limit: sizeLimit) }
    let most = Self.mostPlaces(in: body)
    let bytes = most.lines * MemoryLayout<Line>.stride + most.nodes * MemoryLayout<Node>.stride
    guard bytes <= memoryLimit else { throw .indexTooLarge(size: bytes, limit: memoryLimit) }
    var found: [Node] = []
    lines = try [Line](capacity: most.lines) { lines throws(JSONFault) in
      found = try [Node](capacity: most.nodes) { nodes throws(JSONFault) in
        try Self.read(body.span, into: &lines, &nodes, isCancelled)
      }
    }
    nodes = found
  }

  /// More lines and nodes than a body can have, so that there is room for all from the start.
  ///
  /// Each node adds a line for its end and one for its first member, and each comma one for a member. What is
  /// not written to takes no memory; growing step by step copies everything again and again.
  private static func mostPlaces(in body: [UInt8]) -> (lines: Int, nodes: Int) {
    var commas = 0
    var opens = 0
    body.withUnsafeBufferPointer { bytes in
      for byte in bytes {
        commas &+= byte == UInt8(ascii: ",") ? 1 : 0
        // Both opening brackets are the same but for this bit.
        opens &+= byte | 0x20 == UInt8(ascii: "{") ? 1 : 0
      }
    }
    return (1 + commas + 2 * opens, opens)
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
}

extension PrettyIndex {
  /// Where the pass over a body stands: in which node, with how many members so far.
  private struct Place {
    var node = PrettyIndex.outside
    var count: UInt32 = 0
    var depth: UInt32 = 0
    var isAfterKey = false
  }

  /// How many lines are read before it is asked again whether anybody waits for them.
  private static let linesBetweenLooks = 4096

  private static func read(
    _ bytes: Span<UInt8>, into lines: inout OutputSpan<Line>, _ nodes: inout OutputSpan<Node>,
    _ isCancelled: () -> Bool
  ) throws(JSONFault) {
    var lexer = JSONLexer()
    var place = Place()
    var nextLook = 0
    while let token = try lexer.step(in: bytes, separators: false) {
      if lines.count >= nextLook {
        if isCancelled() { throw .cancelled }
        nextLook = lines.count + linesBetweenLooks
      }
      switch token.kind {
      case .key:
        addMember(from: token, &place, &lines)
        place.isAfterKey = true
      case .beginObject, .beginArray:
        addValue(token, &place, &lines)
        open(&place, &lines, &nodes)
      case .endObject, .endArray:
        close(token, &place, &lines, &nodes)
      default:
        addValue(token, &place, &lines)
      }
    }
  }

  @inline(__always)
  private static func addValue(_ token: JSONToken, _ place: inout Place, _ lines: inout OutputSpan<Line>) {
    if !place.isAfterKey { addMember(from: token, &place, &lines) }
    place.isAfterKey = false
  }

  @inline(__always)
  private static func addMember(from token: JSONToken, _ place: inout Place, _ lines: inout OutputSpan<Line>)
  {
    lines.append(Line(start: UInt32(truncatingIfNeeded: token.start), node: place.node))
    place.count &+= 1
  }

  /// The value on the last line is a node: what follows belongs to it.
  @inline(__always)
  private static func open(
    _ place: inout Place, _ lines: inout OutputSpan<Line>, _ nodes: inout OutputSpan<Node>
  ) {
    let line = lines.count - 1
    if place.node != outside { nodes[Int(place.node)].count = place.count }
    let node = UInt32(truncatingIfNeeded: nodes.count)
    nodes.append(
      Node(
        open: UInt32(truncatingIfNeeded: line), close: 0, count: 0, parent: place.node, depth: place.depth))
    lines[line].node = node
    place.node = node
    place.count = 0
    place.depth &+= 1
  }

  @inline(__always)
  private static func close(
    _ token: JSONToken, _ place: inout Place, _ lines: inout OutputSpan<Line>,
    _ nodes: inout OutputSpan<Node>
  ) {
    let parent = nodes[Int(place.node)].parent
    if place.count == 0 {
      // An empty container shares the line it began on, and was the last to open.
      lines[Int(nodes[Int(place.node)].open)].node = parent
      _ = nodes.removeLast()
    } else {
      nodes[Int(place.node)].count = place.count
      nodes[Int(place.node)].close = UInt32(truncatingIfNeeded: lines.count)
      lines.append(Line(start: UInt32(truncatingIfNeeded: token.start), node: place.node))
    }
    place.node = parent
    place.count = parent == outside ? 0 : nodes[Int(parent)].count
    place.depth &-= 1
  }
}
