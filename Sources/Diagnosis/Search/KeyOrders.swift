internal import JSON
internal import Webhooks

/// The orders that the keys of a document's objects may have been in, in the usual ways to write it.
///
/// Objects with the same keys, as the elements of an array, have them in the same order.
struct KeyOrders {
  /// A document as it is written in one style, and the objects of it whose keys are put in every order.
  struct Sheet {
    let style: JSONStyle
    let outline: JSONOutline
    /// The opening braces of those objects, each with the number of its shape.
    let shapes: [Int: Int]
  }

  /// More objects than these in one search have too many orders anyway.
  private static let objects = 64
  /// So many orders are tried in each style where the keys came sorted, as by a program; else fewer.
  private static let limits = (sorted: 400_000, other: 20_000)

  let sheets: [Sheet]

  /// nil if there is nothing to put in order.
  init?(_ bodies: BodyCandidates) {
    let body = bodies.unmarked.bytes
    guard let outline = JSONOutline(body, limit: min(bodies.memory.tokens, 1 << 14)) else { return nil }
    let shapes = Self.shapes(of: outline)
    guard !shapes.isEmpty else { return nil }
    let limit = JSONHabits(body)?.order == nil ? Self.limits.other : Self.limits.sorted
    let plan = bodies.templates.first.map { JSONKeyPlan.like($0.1, outline) } ?? .asSent
    let written = Self.styles(outline).reduce(into: [(style: JSONStyle, outline: JSONOutline)]()) {
      written, style in
      let bytes = JSONRendering.bytes(
        of: outline, style: style, plan: plan, limit: min(body.count * 8 + 4096, bodies.memory.candidate))
      guard let bytes, !written.contains(where: { $0.outline.body == bytes }),
        let outline = JSONOutline(bytes)
      else { return }
      written.append((style, outline))
    }
    // In every style what has few orders, before what has many in any style.
    let choices = written.map { Self.choices(Self.shapes(of: $0.outline), in: $0.outline, limit: limit) }
    let most = choices.map(\.count).max() ?? 0
    sheets = (0..<most).flatMap { number in
      zip(written, choices).compactMap { written, choices in
        number < choices.count
          ? Sheet(style: written.style, outline: written.outline, shapes: choices[number]) : nil
      }
    }
  }

  /// The styles in which the document may have been written, the likeliest first.
  private static func styles(_ outline: JSONOutline) -> [JSONStyle] {
    let strings: [JSONStringStyle?] =
      [JSONStringStyle(), nil] + JSONTraits(outline).stringStyles.prefix(9).map { $0 }
    let spacings = JSONSpacing.all.prefix(4)
    let plain: [JSONStyle] = spacings.flatMap { spacing in
      strings.map { JSONStyle(spacing: spacing, order: .found, strings: $0) }
    }
    return plain
      + plain.prefix(2).map { style -> JSONStyle in
        var style = style
        style.endsWithNewline = true
        return style
      }
  }

  /// The objects with several keys, each with the number of its list of keys.
  private static func shapes(of outline: JSONOutline) -> [Int: Int] {
    var numbers: [[[UInt8]]: Int] = [:]
    var shapes: [Int: Int] = [:]
    for index in outline.tokens.indices where outline.tokens[index].kind == .beginObject {
      let keys = outline.keys(ofObjectAt: index)
      guard keys.count > 1 else { continue }
      let texts = keys.map(outline.text)
      let number = numbers[texts] ?? numbers.count
      numbers[texts] = number
      shapes[index] = number
      if shapes.count > objects { return [:] }
    }
    return shapes
  }

  /// Which objects are put in order together: all but the outermost one, whose order may be known; all, where their
  /// orders are few enough; else each alone.
  private static func choices(_ shapes: [Int: Int], in outline: JSONOutline, limit: Int) -> [[Int: Int]] {
    func orders(_ shapes: [Int: Int]) -> Int {
      var counted: Set<Int> = []
      return shapes.reduce(1) { product, entry in
        guard counted.insert(entry.value).inserted else { return product }
        return outline.keys(ofObjectAt: entry.key).indices.reduce(product) { min($0 * ($1 + 1), 1 << 40) }
      }
    }
    let inner = shapes.filter { $0.key != 0 }
    if orders(shapes) <= limit {
      return orders(inner) * 2 < orders(shapes) && !inner.isEmpty ? [inner, shapes] : [shapes]
    }
    let alone = Set(shapes.values).sorted().map { number in shapes.filter { $0.value == number } }
    return ([inner] + alone).filter { !$0.isEmpty && orders($0) <= limit }
  }
}

/// Tries the orders of keys one after the other; what two of them begin with alike is hashed once.
struct KeyOrderSearch {
  private let orders: KeyOrders
  private let key: MACKey
  private let frame: SignedText

  /// - Parameter frame: what is signed around the body.
  init(_ orders: KeyOrders, key: MACKey, frame: SignedText) {
    self.orders = orders
    self.key = key
    self.frame = frame
  }

  /// Tries every order until `matches` takes a code, or `admit` allows no more; gives the body that was found.
  func run(
    admit: () -> Bool, matches: (MAC) -> Bool
  ) -> (body: [UInt8], style: JSONStyle)? {
    for sheet in orders.sheets {
      let walk = KeyOrderWalk(sheet, end: frame.after)
      guard let state = key.state() else { return nil }
      state.update(frame.before[...])
      switch walk.run(state, admit: admit, matches: matches) {
      case .found(let body): return (body, sheet.style)
      case .over: return nil
      case .nothing: continue
      }
    }
    return nil
  }
}

/// The order of keys in which a provider's documentation shows its bodies.
enum DocumentedOrder {
  /// The documented orders for an event of `provider`, the likeliest first.
  static func templates(provider: Provider?, event: ByteString?) -> [JSONKeyTemplate] {
    let bodies = provider?.documentedBodies ?? []
    let own = bodies.filter { body in event.flatMap { body.event?.utf8.elementsEqual($0) } ?? false }
    return (own.isEmpty ? bodies.filter { $0.event == nil } : own)
      .compactMap { JSONKeyTemplate(Array($0.body.utf8)) }
  }
}
