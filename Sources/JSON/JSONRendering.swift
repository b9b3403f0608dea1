/// Writes an outline in a style, token by token, with a stack of its own instead of recursion.
public struct JSONRendering {
  private struct Frame {
    let close: Int
    let isObject: Bool
    /// The keys in their new order; nil walks the tokens as they stand.
    let order: [Int]?
    /// The next place in `order`, or the next token.
    var next: Int
    var isFirst = true
  }

  private let outline: JSONOutline
  private let spacing: JSONSpacing
  private let style: JSONStyle
  private let plan: JSONKeyPlan
  private let limit: Int
  private var output: [UInt8] = []
  private var frames: [Frame] = []

  /// Returns the bytes of `outline` in `style`, keys as `plan` has them, or nil if they would be more than `limit`.
  public static func bytes(
    of outline: JSONOutline, style: JSONStyle, plan: JSONKeyPlan, limit: Int
  ) -> [UInt8]? {
    guard let spacing = style.spacing else { return respelled(outline, style: style, limit: limit) }
    var rendering = JSONRendering(
      outline: outline, spacing: spacing, style: style, plan: plan, limit: limit)
    return rendering.render()
  }

  private init(
    outline: JSONOutline, spacing: JSONSpacing, style: JSONStyle, plan: JSONKeyPlan, limit: Int
  ) {
    self.outline = outline
    self.spacing = spacing
    self.style = style
    self.plan = plan
    self.limit = limit
    output.reserveCapacity(min(limit, outline.body.count + outline.body.count / 4))
  }

  private mutating func render() -> [UInt8]? {
    begin(0)
    while !frames.isEmpty {
      guard output.count <= limit else { return nil }
      if let item = nextItem() { write(item) } else { close() }
    }
    if style.endsWithNewline { output.append(0x0A) }
    return output.count <= limit ? output : nil
  }

  // A frame is read in its place: a copy would count references for each item.
  private var top: Int { frames.count - 1 }

  /// The index of the next key or element of the innermost frame, and moves past it.
  private mutating func nextItem() -> Int? {
    let next = frames[top].next
    if let order = frames[top].order {
      guard next < order.count else { return nil }
      frames[top].next += 1
      return order[next]
    }
    guard next < frames[top].close else { return nil }
    frames[top].next = outline.end(of: frames[top].isObject ? next + 1 : next) + 1
    return next
  }

  private mutating func write(_ item: Int) {
    let isFirst = frames[top].isFirst
    frames[top].isFirst = false
    if !isFirst { output.append(UInt8(ascii: ",")) }
    if spacing.indent != nil {
      breakLine(depth: frames.count)
    } else if !isFirst, !spacing.afterComma.isEmpty {
      output += spacing.afterComma
    }
    guard frames[top].isObject else { return begin(item) }
    append(outline.tokens[item])
    if !spacing.beforeColon.isEmpty { output += spacing.beforeColon }
    output.append(UInt8(ascii: ":"))
    if !spacing.afterColon.isEmpty { output += spacing.afterColon }
    begin(item + 1)
  }

  /// Writes the value at `index`, or its opening bracket.
  private mutating func begin(_ index: Int) {
    let token = outline.tokens[index]
    append(token)
    guard token.kind.isOpening else { return }
    let order = plan.isAsSent ? nil : plan.orders[index]
    frames.append(
      Frame(
        close: outline.end(of: index), isObject: token.kind == .beginObject, order: order,
        next: order == nil ? index + 1 : 0))
  }

  private mutating func close() {
    let frame = frames.removeLast()
    if spacing.indent != nil, !frame.isFirst { breakLine(depth: frames.count) }
    append(outline.tokens[frame.close])
  }

  private mutating func breakLine(depth: Int) {
    output += spacing.lineEnd
    guard let indent = spacing.indent else { return }
    for _ in 0..<depth { output += indent }
  }

  private mutating func append(_ token: JSONToken) {
    Self.append(token, of: outline, style: style, to: &output)
  }

  /// The body with its strings and numbers written anew, and all between them as it is.
  private static func respelled(_ outline: JSONOutline, style: JSONStyle, limit: Int) -> [UInt8]? {
    var output: [UInt8] = []
    var copied = 0
    for token in outline.tokens {
      output += outline.body[copied..<token.start]
      append(token, of: outline, style: style, to: &output)
      copied = token.end
      guard output.count <= limit else { return nil }
    }
    output += outline.body[copied...]
    if style.endsWithNewline { output.append(0x0A) }
    return output.count <= limit ? output : nil
  }

  private static func append(
    _ token: JSONToken, of outline: JSONOutline, style: JSONStyle, to output: inout [UInt8]
  ) {
    switch (token.kind, style.strings) {
    case (.key, let strings?), (.string, let strings?):
      output.append(UInt8(ascii: "\""))
      strings.append(outline.body.span.extracting(token.start + 1..<token.end - 1), to: &output)
      output.append(UInt8(ascii: "\""))
    case (.number, _) where style.hasScriptNumbers:
      output += ScriptNumber.printed(Double(token.text(in: outline.body.span)) ?? .nan).utf8
    default:
      output += outline.body[token.range]
    }
  }
}
