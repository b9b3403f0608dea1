/// Which nodes of a pretty view are folded, and how the lines that are left over are counted.
struct PrettyFolds: Sendable {
  /// A folded node that is not inside another: the line it shows, and the lines hidden up to its end.
  private struct Hidden: Sendable {
    let open: Int
    let close: Int
    /// Lines hidden by the folds before this one.
    let before: Int

    var through: Int { before + close - open }
    /// The line's place among those that are shown.
    var shownAt: Int { open - before }
  }

  private(set) var isFolded: [Bool]
  private var hidden: [Hidden] = []

  init(nodeCount: Int) {
    isFolded = Array(repeating: false, count: nodeCount)
  }

  /// How many lines are hidden in all.
  var hiddenCount: Int { hidden.last?.through ?? 0 }

  mutating func set(_ node: Int, folded: Bool, in nodes: [PrettyIndex.Node]) {
    isFolded[node] = folded
    update(nodes)
  }

  /// Folds every node but the outermost, or opens them all.
  mutating func setAll(folded: Bool, in nodes: [PrettyIndex.Node]) {
    for node in isFolded.indices { isFolded[node] = folded && node > 0 }
    update(nodes)
  }

  /// Opens `node` and all that stand around it.
  mutating func open(_ node: UInt32, in nodes: [PrettyIndex.Node]) {
    var at = node
    while at != PrettyIndex.outside {
      isFolded[Int(at)] = false
      at = nodes[Int(at)].parent
    }
    update(nodes)
  }

  /// The line of the whole view that is shown at `shown`.
  func line(shownAt shown: Int) -> Int {
    let before = PayloadBisection.count(below: hidden.count) { hidden[$0].shownAt < shown }
    return before == 0 ? shown : shown + hidden[before - 1].through
  }

  /// Where `line` of the whole view is shown: at the fold that hides it, if one does.
  func place(of line: Int) -> Int {
    let before = PayloadBisection.count(below: hidden.count) { hidden[$0].open <= line }
    guard before > 0 else { return line }
    let fold = hidden[before - 1]
    return line <= fold.close ? fold.shownAt : line - fold.through
  }

  /// Whether `line` of the whole view is not hidden by a fold.
  func isShown(_ line: Int) -> Bool { self.line(shownAt: place(of: line)) == line }

  /// Finds the outermost folded nodes anew: one pass over the nodes, which stand in the order they open.
  private mutating func update(_ nodes: [PrettyIndex.Node]) {
    hidden.removeAll(keepingCapacity: true)
    var end = -1
    for (index, node) in nodes.enumerated() where isFolded[index] && Int(node.open) > end {
      end = Int(node.close)
      hidden.append(Hidden(open: Int(node.open), close: end, before: hiddenCount))
    }
  }
}
