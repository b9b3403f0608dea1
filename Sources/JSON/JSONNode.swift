/// The way to a value of a JSON text, to be looked for in other texts.
public struct JSONNode: Sendable {
  /// The value at the end of the way, in a form that can be compared with the values of other texts.
  public enum Value: Hashable, Sendable {
    case missing, null
    case bool(Bool)
    /// The digits as sent.
    case number(ByteString)
    /// What it stands for, escapes resolved.
    case string(ByteString)
    /// The keys in the order in which they were sent, the first few of many.
    case object([ByteString], count: Int)
    case array(count: Int)
  }

  /// As many keys of an object are read.
  private static let keyLimit = 64

  private let steps: [Step]
  /// The path as jq takes it: `.data.items[3]`.
  public let text: ByteString

  private enum Step: Sendable {
    case key([UInt8])
    case index(Int)
  }

  init(_ path: JSONPath) {
    text = path.whole
    steps = path.steps.map(Self.step)
  }

  private static func step(_ step: JSONPath.Step) -> Step {
    switch step {
    case .index(let index): return .index(index)
    case .key(let quoted):
      let name = Array(quoted.dropFirst().dropLast())
      return .key(JSONStringReader.resolved(name.span))
    }
  }

  /// Whether it is all of a text.
  public var isRoot: Bool { steps.isEmpty }

  /// Returns the value that the way leads to in `body`; nil if that is not JSON. If a key is repeated, the last one counts.
  public func value(in body: [UInt8]) -> Value? {
    var search = Search(steps)
    do throws(JSONFault) {
      var lexer = JSONLexer(maximumDepth: .max)
      while let token = try lexer.step(in: body.span, separators: false) {
        search.take(token, of: body, depth: lexer.depth)
      }
    } catch {
      return nil
    }
    return search.found
  }

  /// One pass over a text.
  private struct Search {
    let steps: [Step]
    /// For each open container on the path the place of its next element.
    var places: [Int] = []
    /// Whether the next member of the innermost of them is on the path.
    var isNextWanted = false
    var found = Value.missing
    /// How many containers are around the value that is being read; nil if none is.
    var reading: Int?

    init(_ steps: [Step]) { self.steps = steps }

    /// - Parameter depth: how many containers are open after the token.
    mutating func take(_ token: JSONToken, of body: [UInt8], depth: Int) {
      if token.kind.isClosing {
        if reading == depth { reading = nil }
        if places.count > depth { places.removeLast(places.count - depth) }
        return
      }
      let parent = token.kind.isOpening ? depth - 1 : depth
      if let reading { return note(token, of: body, isInside: parent == reading + 1) }
      guard parent == places.count else { return }
      if token.kind == .key {
        guard case .key(let wanted) = steps[parent - 1] else { return }
        isNextWanted = token.unescaped(in: body.span) == wanted
      } else if isWanted(parent) {
        begin(token, of: body, parent)
      }
    }

    /// Whether the value that comes now is on the path.
    private mutating func isWanted(_ parent: Int) -> Bool {
      guard parent > 0 else { return true }
      defer {
        places[parent - 1] += 1
        isNextWanted = false
      }
      return if case .index(let index) = steps[parent - 1] { index == places[parent - 1] } else {
        isNextWanted
      }
    }

    private mutating func begin(_ token: JSONToken, of body: [UInt8], _ parent: Int) {
      guard parent == steps.count else {
        // What stood further down under an earlier key of the name counts no more.
        found = .missing
        // The members of an object have no places.
        if token.kind.isOpening { places.append(token.kind == .beginArray ? 0 : .min) }
        return
      }
      switch token.kind {
      case .string: found = .string(token.content(of: body))
      case .number: found = .number(token.content(of: body))
      case .true: found = .bool(true)
      case .false: found = .bool(false)
      case .beginObject: (found, reading) = (.object([], count: 0), parent)
      case .beginArray: (found, reading) = (.array(count: 0), parent)
      default: found = .null
      }
    }

    private mutating func note(_ token: JSONToken, of body: [UInt8], isInside: Bool) {
      guard isInside else { return }
      switch found {
      case .object(let keys, let count) where token.kind == .key:
        let more = keys.count < JSONNode.keyLimit ? [token.content(of: body)] : []
        found = .object(keys + more, count: count + 1)
      case .array(let count): found = .array(count: count + 1)
      default: break
      }
    }
  }
}
