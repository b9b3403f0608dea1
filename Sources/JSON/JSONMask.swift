/// Values of JSON that are to be hidden, by the paths that lead to them: `$.data.email`, `$..phone`, `$.items[*].name`.
public struct JSONMask: Sendable {
  /// What was found and hidden.
  public struct Result: Sendable {
    /// The text with a mask for each value found; all else in it is as it was.
    public let body: [UInt8]
    /// The texts and numbers that were hidden, as they read without quotes and escapes.
    public let values: Set<ByteString>
    /// The places of the paths that lead to something hidden, or into it.
    public let met: Set<Int>

    public init(body: [UInt8], values: Set<ByteString> = [], met: Set<Int> = []) {
      (self.body, self.values, self.met) = (body, values, met)
    }
  }

  /// What stands in a value's place.
  public static let mask = Array("\"[redacted]\"".utf8)

  public let paths: [Path]

  public init(_ paths: [Path] = []) { self.paths = paths }

  public var isEmpty: Bool { paths.isEmpty }

  /// Hides what the paths lead to; nil if `body` is not JSON, or nests too deep to look at.
  public func hiding(in body: [UInt8]) -> Result? {
    var search = Search(body, paths)
    return search.run() ? Result(body: search.output, values: search.values, met: search.met) : nil
  }
}

extension JSONMask {
  /// A path to values, in the notation of JSONPath (RFC 9535), as far as it names members and elements.
  public struct Path: Sendable {
    fileprivate enum Selector: Sendable {
      case name([UInt8])
      case index(Int)
      case any
    }

    fileprivate struct Segment: Sendable {
      let selector: Selector
      /// Whether it is looked for at any depth.
      let isDeep: Bool
    }

    /// The path as it was written.
    public let text: String
    fileprivate let segments: [Segment]
    /// The most segments of a path: their states are the bits of a number.
    private static let limit = 60

    /// Reads a path that begins with `$`, or with a dot as jq writes it.
    /// - Throws: `Fault`, with the column.
    public init(_ text: String) throws(Fault) {
      self.text = text
      var reader = Reader(text)
      segments = try reader.segments()
      guard !segments.isEmpty else { throw Fault(column: 1, due: "a member's name, as in $.data.email") }
      guard segments.count <= Self.limit else { throw Fault(column: 1, due: "\(Self.limit) names at most") }
    }

    /// Reads paths with blanks or commas between them.
    /// - Throws: `Fault`, with the column in all of the text.
    public static func list(_ text: String) throws(Fault) -> [Path] {
      var (paths, word, start): ([Path], String, Int) = ([], "", 0)
      var quote: Character?
      for (index, character) in (text + " ").enumerated() {
        if quote == nil, character == " " || character == "," {
          if !word.isEmpty { paths.append(try Path(word, at: start)) }
          (word, start) = ("", index + 1)
          continue
        }
        if quote == character {
          quote = nil
        } else if quote == nil, "'\"".contains(character) {
          quote = character
        }
        word.append(character)
      }
      // A quotation mark that is not closed takes the blank at the end along.
      if !word.isEmpty { paths.append(try Path(String(word.dropLast()), at: start)) }
      return paths
    }

    /// A path that stands behind so many characters of a longer text.
    private init(_ text: String, at start: Int) throws(Fault) {
      do throws(Fault) {
        try self.init(text)
      } catch {
        throw Fault(column: error.column + start, due: error.due)
      }
    }

    /// Where a path can't be understood, counted from 1, and what was expected there.
    public struct Fault: Error, Sendable, Equatable {
      public let column: Int
      public let due: String
    }
  }
}

/// Reads the segments of a path.
private struct Reader {
  typealias Segment = JSONMask.Path.Segment

  private let bytes: [UInt8]
  private var at = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

  private func fault(_ due: String) -> JSONMask.Path.Fault {
    JSONMask.Path.Fault(column: String(decoding: bytes[..<at], as: UTF8.self).count + 1, due: due)
  }

  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: byte) else { return false }
    at += 1
    return true
  }

  mutating func segments() throws(JSONMask.Path.Fault) -> [Segment] {
    guard take("$") || next == UInt8(ascii: ".") else { throw fault("$, as in $.data.email") }
    var segments: [Segment] = []
    while next != nil { segments.append(try segment()) }
    return segments
  }

  private mutating func segment() throws(JSONMask.Path.Fault) -> Segment {
    guard take(".") else { return Segment(selector: try bracket(), isDeep: false) }
    let isDeep = take(".")
    if next == UInt8(ascii: "[") { return Segment(selector: try bracket(), isDeep: isDeep) }
    return Segment(selector: try name(), isDeep: isDeep)
  }

  private mutating func name() throws(JSONMask.Path.Fault) -> JSONMask.Path.Selector {
    if take("*") { return .any }
    if next == UInt8(ascii: "\"") { return .name(try quoted()) }
    let name = bytes[at...].prefix { !".[]'\"*$ ".utf8.contains($0) }
    guard !name.isEmpty else { throw fault("a member's name") }
    at += name.count
    return .name(Array(name))
  }

  private mutating func bracket() throws(JSONMask.Path.Fault) -> JSONMask.Path.Selector {
    guard take("[") else { throw fault(". or [") }
    let selector: JSONMask.Path.Selector
    switch next {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): selector = .name(try quoted())
    case UInt8(ascii: "*"):
      at += 1
      selector = .any
    default:
      let digits = bytes[at...].prefix(while: \.isASCIIDigit)
      guard let index = Int(String(decoding: digits, as: UTF8.self)) else {
        throw fault("a place from 0, *, or a name in quotes")
      }
      at += digits.count
      selector = .index(index)
    }
    guard take("]") else { throw fault("]") }
    return selector
  }

  private mutating func quoted() throws(JSONMask.Path.Fault) -> [UInt8] {
    let quote = bytes[at]
    at += 1
    var name: [UInt8] = []
    while let byte = next, byte != quote {
      if byte == UInt8(ascii: "\\"), at + 1 < bytes.count { at += 1 }
      name.append(bytes[at])
      at += 1
    }
    guard next == quote else { throw fault("the end of the name, \(Character(Unicode.Scalar(quote)))") }
    at += 1
    return name
  }
}

/// One pass over a text that copies all of it but what a path leads to.
private struct Search {
  private let body: [UInt8]
  private let paths: [JSONMask.Path]
  private var lexer = JSONLexer()
  /// The containers that are open.
  private var levels: [Level] = []
  /// How much of the body has been copied or left out.
  private var copied = 0
  private(set) var output: [UInt8] = []
  private(set) var values: Set<ByteString> = []
  private(set) var met: Set<Int> = []

  private struct Level {
    /// For each path a bit for each number of segments that lead here.
    let states: [UInt64]
    /// Those of the next member.
    var child: [UInt64]
    /// The place of the next element; nil in an object.
    var index: Int?
  }

  init(_ body: [UInt8], _ paths: [JSONMask.Path]) {
    self.body = body
    self.paths = paths
  }

  /// Returns false if the body is not JSON.
  mutating func run() -> Bool {
    let body = body
    do throws(JSONFault) {
      while let token = try lexer.step(in: body.span, separators: false) {
        switch token.kind {
        case .endObject, .endArray: levels.removeLast()
        case .key: noteKey(token)
        default: try take(token)
        }
      }
    } catch {
      return false
    }
    output += body[copied...]
    return true
  }

  private mutating func noteKey(_ token: JSONToken) {
    let (name, last) = (token.unescaped(in: body.span), levels.count - 1)
    levels[last].child = advanced(levels[last].states, name: name, index: nil)
  }

  private mutating func take(_ token: JSONToken) throws(JSONFault) {
    let states = statesOfValue()
    let leadsHere = { [paths] (place: Int) in
      states[place] >> UInt64(paths[place].segments.count) & 1 == 1
    }
    if paths.indices.contains(where: leadsHere) {
      // What is inside is not looked at.
      met.formUnion(paths.indices.filter { leadsHere($0) || token.kind.isOpening && states[$0] != 0 })
      return try hide(token)
    }
    guard token.kind.isOpening else { return }
    levels.append(Level(states: states, child: [], index: token.kind == .beginArray ? 0 : nil))
  }

  private mutating func statesOfValue() -> [UInt64] {
    guard let last = levels.indices.last else { return Array(repeating: 1, count: paths.count) }
    guard let index = levels[last].index else { return levels[last].child }
    levels[last].index = index + 1
    return advanced(levels[last].states, name: nil, index: index)
  }

  private func advanced(_ states: [UInt64], name: [UInt8]?, index: Int?) -> [UInt64] {
    zip(states, paths).map { states, path in
      var next: UInt64 = 0
      guard states != 0 else { return next }
      for (place, segment) in path.segments.enumerated() where states >> UInt64(place) & 1 == 1 {
        if segment.isDeep { next |= 1 << UInt64(place) }
        let isMet =
          switch segment.selector {
          case .any: true
          case .name(let wanted): wanted == name
          case .index(let wanted): wanted == index
          }
        if isMet { next |= 1 << UInt64(place + 1) }
      }
      return next
    }
  }

  /// Leaves a value out, and notes what was in it.
  private mutating func hide(_ token: JSONToken) throws(JSONFault) {
    output += body[copied..<token.start]
    output += JSONMask.mask
    copied = token.end
    note(token)
    guard token.kind.isOpening else { return }
    let (body, outside) = (body, lexer.depth - 1)
    while let next = try lexer.step(in: body.span, separators: false) {
      copied = next.end
      if lexer.depth == outside { return }
      note(next)
    }
  }

  private mutating func note(_ token: JSONToken) {
    if token.kind == .string || token.kind == .number { values.insert(token.content(of: body)) }
  }
}
