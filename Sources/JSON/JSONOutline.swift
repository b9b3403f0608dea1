/// The tokens of a JSON body with each bracket's partner, so that it can be written again in another style.
///
/// It neither recurses nor copies text: depth costs no stack, and numbers and strings stay ranges of the body.
public struct JSONOutline: Sendable {
  /// The bytes that were read.
  public let body: [UInt8]
  /// All tokens but commas and colons.
  public let tokens: [JSONToken]
  /// For an opening bracket the index of its closing one; for any other token its own index.
  private let ends: [Int]

  /// Reads `body`. Returns nil if it is not JSON, or has more than `limit` tokens.
  public init?(_ body: [UInt8], limit: Int = .max) {
    var lexer = JSONLexer(maximumDepth: .max)
    var tokens: [JSONToken] = []
    var ends: [Int] = []
    var open: [Int] = []
    // As many as most documents of a few hundred bytes have.
    tokens.reserveCapacity(min(body.count / 8, 64))
    ends.reserveCapacity(min(body.count / 8, 64))
    do throws(JSONFault) {
      while let token = try lexer.step(in: body.span, separators: false) {
        guard tokens.count < limit else { return nil }
        ends.append(tokens.count)
        if token.kind.isOpening { open.append(tokens.count) }
        if token.kind.isClosing, let start = open.popLast() { ends[start] = tokens.count }
        tokens.append(token)
      }
    } catch {
      return nil
    }
    self.body = body
    self.tokens = tokens
    self.ends = ends
  }

  /// Whether the body has no white space but inside of its strings.
  public var isCompact: Bool {
    var (end, isOpening) = (0, true)
    for token in tokens {
      // A comma or a colon stands in between.
      let gap = isOpening || token.kind.isClosing ? 0 : 1
      guard token.start == end + gap else { return false }
      (end, isOpening) = (token.end, token.kind.isOpening)
    }
    return end == body.count
  }

  /// Returns the index of the last token of the value that begins at `index`.
  public func end(of index: Int) -> Int { ends[index] }

  /// Returns where the value that begins at `index` is in the body.
  public func range(ofValueAt index: Int) -> Range<Int> { tokens[index].start..<tokens[ends[index]].end }

  /// Returns the indices of the keys of the object that opens at `index`, in the order they were sent.
  public func keys(ofObjectAt index: Int) -> [Int] {
    var keys: [Int] = []
    var at = index + 1
    while at < ends[index] {
      keys.append(at)
      at = ends[at + 1] + 1
    }
    return keys
  }

  /// Returns what the key or string at `index` stands for.
  public func text(at index: Int) -> [UInt8] { tokens[index].unescaped(in: body.span) }
}

extension JSONToken.Kind {
  public var isOpening: Bool { self == .beginObject || self == .beginArray }
  public var isClosing: Bool { self == .endObject || self == .endArray }
}
