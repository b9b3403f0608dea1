/// A filter as a tree: terms, and how they are joined.
///
/// Trees that mean the same by the rules of "and", "or" and "not" alone come out equal: nested lists of one
/// kind are one list, and a double negation is none.
enum FilterNode: Sendable, Equatable {
  /// Every one of the nodes matches; with none, everything does.
  case all([FilterNode])
  /// At least one of the nodes matches.
  case any([FilterNode])
  indirect case not(FilterNode)
  case term(FilterTerm)

  func matches(_ delivery: Delivery, _ outcomes: Outcomes) -> Bool {
    switch self {
    case .all(let nodes):
      for node in nodes where !node.matches(delivery, outcomes) { return false }
      return true
    case .any(let nodes):
      for node in nodes where node.matches(delivery, outcomes) { return true }
      return false
    case .not(let node): return !node.matches(delivery, outcomes)
    case .term(let term): return term.matches(delivery, outcomes)
    }
  }

  /// Whether one of the terms is such.
  func contains(where test: (FilterTerm) -> Bool) -> Bool {
    switch self {
    case .all(let nodes), .any(let nodes): nodes.contains { $0.contains(where: test) }
    case .not(let node): node.contains(where: test)
    case .term(let term): test(term)
    }
  }
}

extension FilterNode {
  /// All of `nodes`, as the simplest node that says so.
  static func joined(and nodes: [FilterNode]) -> FilterNode {
    let flat = nodes.flatMap { node in
      if case .all(let inner) = node { inner } else { [node] }
    }
    return flat.count == 1 ? flat[0] : .all(cheapestFirst(flat))
  }

  /// Any of `nodes`, as the simplest node that says so.
  static func joined(or nodes: [FilterNode]) -> FilterNode {
    let flat = nodes.flatMap { node in
      if case .any(let inner) = node { inner } else { [node] }
    }
    return flat.count == 1 ? flat[0] : .any(cheapestFirst(flat))
  }

  static func negated(_ node: FilterNode) -> FilterNode {
    if case .not(let inner) = node { inner } else { .not(node) }
  }

  /// A text costs far more than the other terms, so it is looked for only where they leave it open.
  private static func cheapestFirst(_ nodes: [FilterNode]) -> [FilterNode] {
    let isCostly = { (node: FilterNode) in node.contains(where: \.searchesText) }
    return nodes.filter { !isCostly($0) } + nodes.filter(isCostly)
  }
}

extension FilterNode: CustomStringConvertible {
  var description: String {
    switch self {
    case .all(let nodes): nodes.map { $0.isAny ? "(\($0))" : $0.description }.joined(separator: " ")
    case .any(let nodes): nodes.map(\.description).joined(separator: " | ")
    case .not(.term(let term)): "-\(term)"
    case .not(let node): "-(\(node))"
    case .term(let term): term.description
    }
  }

  private var isAny: Bool {
    if case .any = self { true } else { false }
  }
}
