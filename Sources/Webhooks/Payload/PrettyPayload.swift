/// A JSON body with each member on a line of its own, made of the very bytes that were sent.
///
/// Only asked-for lines are laid out, from the index of line starts: duplicate keys, digits, escapes and
/// order are the sender's.
struct PrettyPayload: Sendable {
  private let body: [UInt8]
  private let index: PrettyIndex
  private var folds: PrettyFolds

  /// Indexes `body`; throws why it has no pretty view.
  init(_ body: [UInt8]) throws(JSONFault) {
    self.body = body
    index = try PrettyIndex(body)
    folds = PrettyFolds(nodeCount: index.nodes.count)
  }

  var lineCount: Int { index.lines.count - folds.hiddenCount }

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
  mutating func fold(line: Int) -> Int {
    let whole = folds.line(shownAt: line)
    let node = index.lines[whole].node
    guard node != PrettyIndex.outside else { return line }
    let isFolded = folds.isFolded[Int(node)]
    folds.set(Int(node), folded: !isFolded, in: index.nodes)
    return folds.place(of: Int(index.nodes[Int(node)].open))
  }

  mutating func setAll(folded: Bool) {
    folds.setAll(folded: folded, in: index.nodes)
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
    return max(0, PayloadBisection.count(below: lines.count) { Int(lines[$0].start) <= offset } - 1)
  }
}
