internal import JSON

/// Every way in which a sender may have written the document of a body, made one at a time.
struct Reserialisations {
  private let outline: JSONOutline
  private let plans: [(order: JSONStyle.Order, plan: JSONKeyPlan)]
  private let strings: [JSONStringStyle?]
  private let numbers: [Bool]
  /// A candidate above this size in bytes is left out: deep nesting indented grows with its square.
  private let limit: Int
  /// Whether the limit is that of the memory.
  private let isShort: Bool

  /// The ways for `body`; nil if it is not JSON.
  /// - Parameter templates: bodies of the same kind to learn the order of keys from.
  /// - Throws: where the body has more tokens than the memory allows.
  init?(
    _ body: [UInt8], templates: [(JSONStyle.Order, JSONKeyTemplate)], memory: SearchMemory
  ) throws(BodyTooLarge) {
    guard let outline = JSONOutline(body, limit: memory.tokens) else {
      // A token has one byte at least, so that a smaller body can't have too many.
      if body.count > memory.tokens, JSONFieldQuery([]).fields(in: body).isJSON { throw BodyTooLarge() }
      return nil
    }
    self.outline = outline
    plans = Self.plans(outline, templates)
    let traits = JSONTraits(outline)
    strings = [nil] + traits.stringStyles
    numbers = traits.hasScriptNumbersOnly ? [false] : [false, true]
    limit = min(body.count * 8 + 4096, memory.candidate)
    isShort = limit == memory.candidate
  }

  /// The document of `body` written in `style`, whose keys stay as sent or are sorted; nil if it is not JSON.
  ///
  /// What a proxy does to a body and what undoes it are this one function, with the style of the one and the other.
  static func written(
    _ body: [UInt8], in style: JSONStyle, memory: SearchMemory = .byHand
  ) -> [UInt8]? {
    JSONOutline(body, limit: memory.tokens).flatMap { outline in
      JSONRendering.bytes(
        of: outline, style: style, plan: style.order == .sorted ? .sorted(outline) : .asSent,
        limit: min(body.count * 8 + 4096, memory.candidate))
    }
  }

  private static func plans(
    _ outline: JSONOutline, _ templates: [(JSONStyle.Order, JSONKeyTemplate)]
  ) -> [(order: JSONStyle.Order, plan: JSONKeyPlan)] {
    var tried: [(order: JSONStyle.Order, plan: JSONKeyPlan)] = [(.asSent, .asSent)]
    tried += templates.map { ($0.0, JSONKeyPlan.like($0.1, outline)) }
    tried += [(.sorted, .sorted(outline)), (.integersFirst, .integersFirst(outline))]
    tried.append((.byLength, .byLength(outline)))
    tried += templates.flatMap { order, template in
      (0..<min(template.size, 16)).map { (order, .like(template, outline, unknownBefore: $0)) }
    }
    tried += [(.sortedOutside, .sortedOutside(outline)), (.caseless, .caseless(outline))]
    tried += [(.descending, .descending(outline)), (.reversed, .reversed(outline))]
    let byRule = tried.filter { [.sorted, .byLength, .caseless, .descending, .reversed].contains($0.order) }
    tried += byRule.map { (.inside($0.order), $0.plan.inside) }
    tried += [
      (.shortestFirst, .byLengthOnly(outline, longestFirst: false)),
      (.longestFirst, .byLengthOnly(outline, longestFirst: true)),
    ]
    return tried.reduce(into: []) { kept, next in
      if !kept.contains(where: { $0.plan == next.plan }) { kept.append(next) }
    }
  }

  /// Hands each candidate to `visit` until that says to stop, and nil for one that would be too large; gives whether
  /// it was stopped.
  func visit(_ visit: ([UInt8]?, JSONStyle) -> Bool) -> Bool {
    for (order, plan) in plans {
      for spacing in spacings(for: plan) {
        for strings in strings {
          for hasScriptNumbers in numbers {
            let style = JSONStyle(
              spacing: spacing, order: order, strings: strings, hasScriptNumbers: hasScriptNumbers)
            if hand(style, plan, to: visit) { return true }
          }
        }
      }
    }
    return false
  }

  private func hand(
    _ style: JSONStyle, _ plan: JSONKeyPlan, to visit: ([UInt8]?, JSONStyle) -> Bool
  ) -> Bool {
    guard !style.isAsReceived else { return false }
    guard let bytes = JSONRendering.bytes(of: outline, style: style, plan: plan, limit: limit) else {
      return isShort && visit(nil, style)
    }
    return visit(bytes, style)
  }

  /// White space as received goes with keys as sent only; an order that is rare goes with the usual spacings.
  private func spacings(for plan: JSONKeyPlan) -> [JSONSpacing?] {
    plan.isAsSent ? JSONSpacing.all + [nil] : Array(JSONSpacing.all.prefix(4))
  }
}

extension JSONStyle {
  /// As Python's `json.dumps` writes unless told otherwise: spaced, and ASCII only.
  static let python = JSONStyle(
    spacing: .python, order: .asSent, strings: JSONStringStyle(beyond: .lowercaseEscapes))

  fileprivate var isAsReceived: Bool {
    spacing == nil && order == .asSent && strings == nil && !hasScriptNumbers
  }
}

/// Some styles that a document may have been written in, the likeliest first.
struct WaysToWrite {
  let all: [JSONStyle]
  /// Those that differ in more than the escapes of strings.
  private let apart: [JSONStyle]

  /// - Parameter styles: all with keys as sent, whose strings escape no more than what JSON or ASCII asks for.
  private init(_ styles: [JSONStyle]) {
    all = styles
    apart = styles.reduce(into: []) { apart, style in
      if !apart.contains(where: { $0.spacing == style.spacing }) { apart.append(style) }
    }
  }

  /// Those that write a document each in its own way, and otherwise than it is written.
  func styles(for outline: JSONOutline) -> ArraySlice<JSONStyle> {
    let hasEscapes = outline.body.contains { $0 >= 0x80 || $0 == UInt8(ascii: "\\") }
    let styles = hasEscapes ? all : apart
    let isAsItIs = styles.first.map { $0.spacing == .compact && ($0.strings == nil || !hasEscapes) } == true
    return isAsItIs && outline.isCompact ? styles.dropFirst() : styles[...]
  }

  /// The ways in which most senders write a document, keys as they are.
  static let usual = WaysToWrite([
    JSONStyle(spacing: .compact, order: .asSent),
    JSONStyle(spacing: .compact, order: .asSent, strings: JSONStringStyle()),
    JSONStyle(spacing: .python, order: .asSent, strings: JSONStringStyle()), .python,
    JSONStyle(spacing: .compact, order: .asSent, strings: JSONStringStyle(beyond: .lowercaseEscapes)),
    JSONStyle(spacing: .python, order: .asSent),
  ])

  /// The ways that are tried together with what has many candidates.
  static let most = WaysToWrite([
    JSONStyle(spacing: .compact, order: .asSent, strings: JSONStringStyle()),
    JSONStyle(spacing: .compact, order: .asSent, strings: JSONStringStyle(beyond: .lowercaseEscapes)),
    .python, JSONStyle(spacing: .python, order: .asSent, strings: JSONStringStyle()),
  ])
}
