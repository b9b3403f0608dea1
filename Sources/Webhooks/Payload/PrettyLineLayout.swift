/// Cuts the bytes of one line of the pretty view into coloured segments.
///
/// The lexer has accepted the body and a line's end is known from the next line's start, so that only a key
/// has to be scanned: a value of megabytes costs nothing here.
struct PrettyLineLayout {
  private static let indent = 2

  private let body: [UInt8]
  private(set) var segments: [PayloadSegment] = []

  init(body: [UInt8], depth: Int) {
    self.body = body
    if depth > 0 { segments.append(.indent(depth * Self.indent)) }
  }

  /// Adds what stands in `extent`: a key and colon if there are any, a value or bracket, a comma if any.
  ///
  /// `extent` begins with a token and ends with one.
  mutating func add(_ extent: Range<Int>) {
    guard let last = extent.last else { return }
    let hasComma = body[last] == UInt8(ascii: ",")
    let end = hasComma ? endOfToken(before: last, from: extent.lowerBound) : extent.upperBound
    addValue(addKey(extent.lowerBound..<end))
    if hasComma { add(.punctuation, last..<last + 1) }
  }

  /// Adds what stands for the contents of a folded node, after its opening bracket.
  mutating func addElision(count: Int) {
    guard case .bytes(let bracket)? = segments.last?.text else { return }
    let isObject = body[bracket.lowerBound] == UInt8(ascii: "{")
    let noun = (isObject ? "key" : "item") + (count == 1 ? "" : "s")
    segments.append(PayloadSegment(.elision, literal: " … \(count) \(noun) "))
  }

  /// Adds the key and colon that `range` begins with, if it does; gives what is left.
  private mutating func addKey(_ range: Range<Int>) -> Range<Int> {
    guard body[range.lowerBound] == UInt8(ascii: "\"") else { return range }
    guard let key = try? JSONScanner.string(in: body.span, from: range.lowerBound).end else { return range }
    let colon = JSONScanner.skipWhiteSpace(in: body.span, from: key)
    guard colon < range.upperBound else { return range }
    add(.key, range.lowerBound..<key)
    add(.punctuation, colon..<colon + 1)
    segments.append(.indent(1))
    return JSONScanner.skipWhiteSpace(in: body.span, from: colon + 1)..<range.upperBound
  }

  private mutating func addValue(_ range: Range<Int>) {
    switch body[range.lowerBound] {
    case UInt8(ascii: "\""): add(.string, range)
    case UInt8(ascii: "{"), UInt8(ascii: "["): addBrackets(range)
    case UInt8(ascii: "}"), UInt8(ascii: "]"): add(.punctuation, range)
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): add(.literal, range)
    default: add(.number, range)
    }
  }

  /// An opening bracket, with the closing one when white space at most stands between.
  private mutating func addBrackets(_ range: Range<Int>) {
    add(.punctuation, range.lowerBound..<range.lowerBound + 1)
    if range.count > 1 { add(.punctuation, range.upperBound - 1..<range.upperBound) }
  }

  private mutating func add(_ kind: PayloadSegment.Kind, _ range: Range<Int>) {
    segments.append(PayloadSegment(kind, bytes: range))
  }

  private func endOfToken(before comma: Int, from start: Int) -> Int {
    var end = comma
    while end > start, body[end - 1] <= 0x20 { end -= 1 }
    return end
  }
}
