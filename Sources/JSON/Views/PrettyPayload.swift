/// A JSON body with each member on a line of its own, made of the very bytes that were sent.
///
/// Only asked-for lines are laid out, from the index of line starts: duplicate keys, digits, escapes and
/// order are the sender's.
struct PrettyPayload: Sendable {
  private let body: [UInt8]
  private let index: PrettyIndex
  private var folds: PrettyFolds

  /// Indexes `body`; throws why it has no pretty view.
  init(_ body: [UInt8], isCancelled: () -> Bool = { false }) throws(JSONFault) {
    self.body = body
    index = try PrettyIndex(body, isCancelled: isCancelled)
    folds = PrettyFolds(nodeCount: index.nodes.count)
  }

  var lineCount: Int { index.lines.count - folds.hiddenCount }
  var indexBytes: Int {
    index.lines.count * MemoryLayout<PrettyIndex.Line>.stride
      + index.nodes.count * (MemoryLayout<PrettyIndex.Node>.stride + 1)
  }

  /// The bytes from the line's first token to the next line's, folded lines included.
  func byteRange(ofLine line: Int) -> Range<Int> {
    let end = line + 1 < lineCount ? start(folds.line(shownAt: line + 1)) : body.count
    return start(folds.line(shownAt: line))..<end
  }

  func line(containing offset: Int) -> Int {
    folds.place(of: wholeLine(containing: offset))
  }

  /// Folds or opens the node that begins on the line, else the one that the line stands in; gives the line
  /// where that node is now shown.
  mutating func fold(line: Int, _ isCancelled: () -> Bool) -> Int {
    let whole = folds.line(shownAt: line)
    let node = index.lines[whole].node
    guard node != PrettyIndex.outside else { return line }
    let isFolded = folds.isFolded[Int(node)]
    folds.set(Int(node), folded: !isFolded, in: index.nodes, isCancelled)
    return folds.place(of: Int(index.nodes[Int(node)].open))
  }

  mutating func setAll(folded: Bool, _ isCancelled: () -> Bool) {
    folds.setAll(folded: folded, in: index.nodes, isCancelled)
  }

  /// Opens every node that hides the byte; gives the line where it is now shown.
  mutating func reveal(_ offset: Int) -> Int {
    let whole = wholeLine(containing: offset)
    guard !folds.isShown(whole) else { return folds.place(of: whole) }
    let opened = index.node(openedBy: whole)
    // A node that begins on the line does not hide it; the one around does.
    folds.open(opened.map { index.nodes[$0].parent } ?? index.lines[whole].node, in: index.nodes)
    return folds.place(of: whole)
  }

  func line(at line: Int) -> PayloadLine {
    guard 0..<lineCount ~= line else { return PayloadLine([]) }
    let whole = folds.line(shownAt: line)
    var layout = PrettyLineLayout(body: body, depth: index.depth(ofLine: whole))
    layout.add(extent(whole))
    guard let opened = index.node(openedBy: whole) else { return PayloadLine(layout.segments) }
    guard folds.isFolded[opened] else { return PayloadLine(layout.segments, foldState: .open) }
    let node = index.nodes[opened]
    layout.addElision(count: Int(node.count))
    layout.add(extent(Int(node.close)))
    return PayloadLine(layout.segments, foldState: .folded)
  }

  private func start(_ wholeLine: Int) -> Int { Int(index.lines[wholeLine].start) }

  /// The bytes of a line of the whole view, up to the white space before the next.
  private func extent(_ wholeLine: Int) -> Range<Int> {
    let begin = start(wholeLine)
    var end = wholeLine + 1 < index.lines.count ? start(wholeLine + 1) : body.count
    while end > begin, body[end - 1] <= 0x20 { end -= 1 }
    return begin..<end
  }

  private func wholeLine(containing offset: Int) -> Int {
    let lines = index.lines
    return max(0, Bisection.count(below: lines.count) { Int(lines[$0].start) <= offset } - 1)
  }
}

/// Which nodes of a pretty view are folded, and how the lines that are left over are counted.
struct PrettyFolds: Sendable {
  /// A folded node that is not inside another: the line it shows, and the lines hidden up to its end.
  private struct Hidden: Sendable {
    let open: Int
    let close: Int
    /// Lines hidden by the folds before this one.
    let before: Int

    var through: Int { before + close - open }
    /// The line's place among those that are shown.
    var shownAt: Int { open - before }
  }

  /// How many nodes are looked at before it is asked again whether anybody waits for them.
  private static let nodesBetweenLooks = 4096

  private(set) var isFolded: [Bool]
  private var hidden: [Hidden] = []

  init(nodeCount: Int) {
    isFolded = Array(repeating: false, count: nodeCount)
  }

  /// How many lines are hidden in all.
  var hiddenCount: Int { hidden.last?.through ?? 0 }

  mutating func set(
    _ node: Int, folded: Bool, in nodes: [PrettyIndex.Node], _ isCancelled: () -> Bool
  ) {
    isFolded[node] = folded
    update(nodes, isCancelled)
  }

  /// Folds every node but the outermost, or opens them all.
  mutating func setAll(folded: Bool, in nodes: [PrettyIndex.Node], _ isCancelled: () -> Bool) {
    for node in isFolded.indices { isFolded[node] = folded && node > 0 }
    update(nodes, isCancelled)
  }

  /// Opens `node` and all that stand around it.
  mutating func open(_ node: UInt32, in nodes: [PrettyIndex.Node]) {
    var at = node
    while at != PrettyIndex.outside {
      isFolded[Int(at)] = false
      at = nodes[Int(at)].parent
    }
    update(nodes)
  }

  /// The line of the whole view that is shown at `shown`.
  func line(shownAt shown: Int) -> Int {
    let before = Bisection.count(below: hidden.count) { hidden[$0].shownAt < shown }
    return before == 0 ? shown : shown + hidden[before - 1].through
  }

  /// Where `line` of the whole view is shown: at the fold that hides it, if one does.
  func place(of line: Int) -> Int {
    let before = Bisection.count(below: hidden.count) { hidden[$0].open <= line }
    guard before > 0 else { return line }
    let fold = hidden[before - 1]
    return line <= fold.close ? fold.shownAt : line - fold.through
  }

  /// Whether `line` of the whole view is not hidden by a fold.
  func isShown(_ line: Int) -> Bool { self.line(shownAt: place(of: line)) == line }

  /// Finds the outermost folded nodes anew: one pass over the nodes, which stand in the order they open.
  private mutating func update(_ nodes: [PrettyIndex.Node], _ isCancelled: () -> Bool = { false }) {
    hidden.removeAll(keepingCapacity: true)
    var end = -1
    for (index, node) in nodes.enumerated() {
      if index.isMultiple(of: Self.nodesBetweenLooks), isCancelled() { return }
      guard isFolded[index], Int(node.open) > end else { continue }
      end = Int(node.close)
      hidden.append(Hidden(open: Int(node.open), close: end, before: hiddenCount))
    }
  }
}

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
