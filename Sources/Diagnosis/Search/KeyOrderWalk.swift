internal import JSON
internal import Webhooks

/// One walk through the orders of the keys of a document that is written in one style.
struct KeyOrderWalk {
  enum Outcome {
    case nothing, over
    case found([UInt8])
  }

  /// A part of the document that is written as it is, or an object whose members are put in order.
  private enum Part {
    case bytes(Range<Int>)
    case object(Int)
  }

  private struct Node {
    let shape: Int
    let open: Range<Int>
    let close: Range<Int>
    let comma: Range<Int>
    let members: [[Part]]
  }

  /// What is still to be written.
  private indirect enum Work {
    case end
    case parts(ArraySlice<Part>, then: Work)
    case choice(Int, chosen: [Int], then: Work)
    case fixed(Int, order: ArraySlice<Int>, isFirst: Bool, then: Work)
  }

  private let body: [UInt8]
  private let end: [UInt8]
  private let nodes: [Int: Node]
  private let root: [Part]
  private let shapeCount: Int

  init(_ sheet: KeyOrders.Sheet, end: [UInt8]) {
    body = sheet.outline.body
    self.end = end
    let outline = sheet.outline
    var nodes: [Int: Node] = [:]
    for (index, shape) in sheet.shapes { nodes[index] = Self.node(index, shape, sheet) }
    self.nodes = nodes
    root = Self.parts(of: 0..<outline.tokens.count, from: 0, to: outline.body.count, sheet)
    shapeCount = (sheet.shapes.values.max() ?? 0) + 1
  }

  private static func node(_ index: Int, _ shape: Int, _ sheet: KeyOrders.Sheet) -> Node {
    let outline = sheet.outline
    let keys = outline.keys(ofObjectAt: index)
    let ends = keys.map { outline.tokens[outline.end(of: $0 + 1)].end }
    let members = keys.indices.map { place in
      let last = outline.end(of: keys[place] + 1)
      return parts(
        of: keys[place]..<last + 1, from: outline.tokens[keys[place]].start, to: ends[place], sheet)
    }
    return Node(
      shape: shape, open: outline.tokens[index].start..<outline.tokens[keys[0]].start,
      close: ends[ends.count - 1]..<outline.tokens[outline.end(of: index)].end,
      comma: ends[0]..<outline.tokens[keys[1]].start, members: members)
  }

  private static func parts(
    of tokens: Range<Int>, from start: Int, to end: Int, _ sheet: KeyOrders.Sheet
  ) -> [Part] {
    var parts: [Part] = []
    var copied = start
    var at = tokens.lowerBound
    while at < tokens.upperBound {
      if sheet.shapes[at] != nil {
        parts.append(.bytes(copied..<sheet.outline.tokens[at].start))
        parts.append(.object(at))
        at = sheet.outline.end(of: at)
        copied = sheet.outline.tokens[at].end
      }
      at += 1
    }
    parts.append(.bytes(copied..<end))
    return parts
  }

  func run(_ state: MACState, admit: () -> Bool, matches: (MAC) -> Bool) -> Outcome {
    let orders = [[Int]?](repeating: nil, count: shapeCount)
    return walk(.parts(root[...], then: .end), state, orders, admit: admit, matches: matches)
  }

  private func walk(
    _ start: Work, _ state: MACState, _ known: [[Int]?], admit: () -> Bool, matches: (MAC) -> Bool
  ) -> Outcome {
    var work = start
    var orders = known
    while true {
      switch work {
      case .end:
        guard admit() else { return .over }
        state.update(end[...])
        return state.finish().map(matches) == true ? .found(written(orders)) : .nothing
      case .parts(let parts, let then):
        guard let part = parts.first else {
          work = then
          continue
        }
        let rest = Work.parts(parts.dropFirst(), then: then)
        switch part {
        case .bytes(let range):
          state.update(body[range])
          work = rest
        case .object(let index): work = begin(index, orders, then: rest)
        }
      case .fixed(let index, let order, let isFirst, let then):
        guard let node = nodes[index] else { return .nothing }
        guard let place = order.first else {
          state.update(body[node.close])
          work = then
          continue
        }
        state.update(body[isFirst ? node.open : node.comma])
        let rest = Work.fixed(index, order: order.dropFirst(), isFirst: false, then: then)
        work = .parts(node.members[place][...], then: rest)
      case .choice(let index, let chosen, let then):
        guard let node = nodes[index] else { return .nothing }
        if chosen.count == node.members.count {
          orders[node.shape] = chosen
          state.update(body[node.close])
          work = then
          continue
        }
        return choose(node, index, chosen, then, state, orders, admit: admit, matches: matches)
      }
    }
  }

  private func begin(_ index: Int, _ orders: [[Int]?], then: Work) -> Work {
    guard let node = nodes[index], let order = orders[node.shape] else {
      return .choice(index, chosen: [], then: then)
    }
    return .fixed(index, order: order[...], isFirst: true, then: then)
  }

  /// Tries each member that is left in the next place.
  private func choose(
    _ node: Node, _ index: Int, _ chosen: [Int], _ then: Work, _ state: MACState, _ orders: [[Int]?],
    admit: () -> Bool, matches: (MAC) -> Bool
  ) -> Outcome {
    state.update(body[chosen.isEmpty ? node.open : node.comma])
    let left = node.members.indices.filter { !chosen.contains($0) }
    for place in left {
      // The last one can have the state itself.
      guard let next = place == left.last ? state : state.copy() else { return .over }
      let rest = Work.choice(index, chosen: chosen + [place], then: then)
      let outcome = walk(
        .parts(node.members[place][...], then: rest), next, orders, admit: admit, matches: matches)
      if case .nothing = outcome { continue }
      return outcome
    }
    return .nothing
  }

  /// The document with its keys in these orders.
  private func written(_ orders: [[Int]?]) -> [UInt8] {
    var output: [UInt8] = []
    func write(_ parts: [Part]) {
      for part in parts {
        switch part {
        case .bytes(let range): output += body[range]
        case .object(let index):
          guard let node = nodes[index] else { continue }
          output += body[node.open]
          for (count, place) in (orders[node.shape] ?? Array(node.members.indices)).enumerated() {
            if count > 0 { output += body[node.comma] }
            write(node.members[place])
          }
          output += body[node.close]
        }
      }
    }
    write(root)
    return output
  }
}
