/// The value at a place of a JSON text: the path that leads to it, and where it stands.
public struct JSONLocation: Sendable {
  /// The path as jq takes it, with nothing left out: `.data.items[3]["a b"]`.
  public let path: ByteString
  /// The same, to be looked for in other texts.
  public let node: JSONNode
  /// Where the value is in the text, quotes and brackets included.
  public let range: Range<Int>
  private let token: JSONToken

  /// A container that is open: where it begins, and which of its values is being read.
  private struct Level {
    let opening: JSONToken
    var step: JSONPath.Step
  }

  /// Finds the value that is at a byte of `body`: the one whose key or first bytes are there, or that a bracket there
  /// ends. Between two values it is the next one, behind the last one all of it.
  ///
  /// Returns nil if `body` is not JSON up to the end of that value, or `isCancelled` says so.
  public init?(in body: [UInt8], at offset: Int, isCancelled: () -> Bool = { false }) {
    var search = Search(body)
    guard let found = search.find(offset, isCancelled) else { return nil }
    token = found.token
    range = found.token.start..<found.end
    let way = JSONPath(steps: search.levels.map(\.step))
    (path, node) = (way.whole, JSONNode(way))
  }

  /// What a string stands for; the bytes as sent of any other value.
  public func content(of body: [UInt8]) -> [UInt8] {
    token.kind == .string ? token.unescaped(in: body.span) : Array(body[range])
  }

  /// One pass over a text, which remembers the way to where it is.
  private struct Search {
    private let body: [UInt8]
    private var lexer = JSONLexer(maximumDepth: .max)
    private var count = 0
    /// The containers around what was read last.
    private(set) var levels: [Level] = []

    init(_ body: [UInt8]) { self.body = body }

    private mutating func next(_ isCancelled: () -> Bool) -> JSONToken? {
      count += 1
      if count.isMultiple(of: 4096), isCancelled() { return nil }
      // A span of the property would hold all of `self` while the lexer changes.
      let body = body
      return try? lexer.step(in: body.span, separators: false)
    }

    /// The first token of the value at `offset`, and where that value ends.
    mutating func find(_ offset: Int, _ isCancelled: () -> Bool) -> (token: JSONToken, end: Int)? {
      var isKeyFound = false
      while let token = next(isCancelled) {
        if token.kind.isClosing {
          guard let closed = levels.popLast() else { return nil }
          if token.end > offset || levels.isEmpty { return (closed.opening, token.end) }
        } else if token.kind == .key {
          levels[levels.count - 1].step = .key(ByteString(body, in: token.range))
          isKeyFound = token.end > offset
        } else {
          countInArray()
          let isFound = isKeyFound || token.end > offset
          if isFound || (levels.isEmpty && !token.kind.isOpening) {
            return end(of: token, isCancelled).map { (token, $0) }
          }
          if token.kind.isOpening { levels.append(Level(opening: token, step: .index(-1))) }
        }
      }
      return nil
    }

    private mutating func countInArray() {
      guard let last = levels.indices.last, case .index(let index) = levels[last].step else { return }
      levels[last].step = .index(index + 1)
    }

    /// Where the value ends that begins with the token that was read last.
    private mutating func end(of token: JSONToken, _ isCancelled: () -> Bool) -> Int? {
      guard token.kind.isOpening else { return token.end }
      let outside = lexer.depth - 1
      while let next = next(isCancelled) {
        if lexer.depth == outside { return next.end }
      }
      return nil
    }
  }
}
