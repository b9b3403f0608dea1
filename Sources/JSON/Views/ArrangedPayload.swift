/// A body written out to be read, line by line: decoded fields, indented elements, parts with their own headers.
///
/// Unlike the pretty view of JSON it has a text of its own. Each line knows the byte of the body that it begins with, so
/// that other views can be opened at the same place. It is made line by line, within a bound of memory.
public struct ArrangedPayload: Sendable {
  /// The most that the text and its lines may take, in bytes, by default.
  public static let memoryLimit = 64 << 20
  /// The deepest indentation, in columns: what is nested deeper stays readable, and a line costs no more than this.
  public static let deepestIndent = 200

  private struct Line: Sendable {
    /// Where its text begins.
    let start: UInt32
    /// The byte of the body that it begins with.
    let origin: UInt32
    /// The first of its marks.
    let mark: UInt32
    let indent: UInt16
    /// How many marks it has.
    var marks: UInt16 = 0
  }

  /// Where in the text another kind of segment begins.
  private struct Mark: Sendable {
    let start: UInt32
    let kind: PayloadSegment.Kind
  }

  /// The most segments of a line: a line that was sent to have millions is drawn in one style from there on.
  private static let mostMarks = 256
  /// How many lines are begun before it is asked again whether anybody waits for them.
  private static let linesBetweenLooks = 4096

  /// What is shown, with a line feed between lines, but for what they are indented by.
  private(set) var text: [UInt8] = []
  private var lines: [Line] = []
  private var marks: [Mark] = []
  private let limit: Int
  private let isCancelled: @Sendable () -> Bool

  public init(
    memoryLimit: Int = ArrangedPayload.memoryLimit, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    limit = memoryLimit
    self.isCancelled = isCancelled
  }

  public var lineCount: Int { lines.count }
  var indexBytes: Int {
    text.count + lines.count * MemoryLayout<Line>.stride + marks.count * MemoryLayout<Mark>.stride
  }

  /// Begins a line, indented by so many columns, that shows what stands at `origin` of the body.
  ///
  /// Lines come in the order of the body: an origin before that of the line above counts as the same.
  public mutating func begin(at origin: Int, indent: Int = 0) throws(JSONFault) {
    if lines.count.isMultiple(of: Self.linesBetweenLooks), isCancelled() { throw .cancelled }
    try makeRoom(for: 1 + MemoryLayout<Line>.stride)
    if !lines.isEmpty { text.append(UInt8(ascii: "\n")) }
    lines.append(
      Line(
        start: UInt32(truncatingIfNeeded: text.count),
        origin: max(lines.last?.origin ?? 0, UInt32(clamping: origin)),
        mark: UInt32(truncatingIfNeeded: marks.count),
        indent: UInt16(truncatingIfNeeded: max(0, min(indent, Self.deepestIndent)))))
  }

  /// Adds text to the last line; it must hold no line feed.
  public mutating func add(_ bytes: some Collection<UInt8>, _ kind: PayloadSegment.Kind) throws(JSONFault) {
    guard !bytes.isEmpty, let last = lines.indices.last else { return }
    try makeRoom(for: bytes.count + MemoryLayout<Mark>.stride)
    if lines[last].marks < Self.mostMarks, lines[last].marks == 0 || marks.last?.kind != kind {
      marks.append(Mark(start: UInt32(truncatingIfNeeded: text.count), kind: kind))
      lines[last].marks += 1
    }
    text.append(contentsOf: bytes)
  }

  public mutating func add(_ words: String, _ kind: PayloadSegment.Kind) throws(JSONFault) {
    try add(words.utf8, kind)
  }

  private func makeRoom(for bytes: Int) throws(JSONFault) {
    let size = indexBytes + bytes
    guard size <= limit else { throw .indexTooLarge(size: size, limit: limit) }
  }

  func line(at line: Int) -> PayloadLine {
    guard lines.indices.contains(line) else { return PayloadLine([]) }
    let shown = lines[line]
    let end = line + 1 < lines.count ? Int(lines[line + 1].start) - 1 : text.count
    var segments: [PayloadSegment] = shown.indent > 0 ? [.indent(Int(shown.indent))] : []
    for mark in Int(shown.mark)..<Int(shown.mark) + Int(shown.marks) {
      let isLast = mark + 1 == Int(shown.mark) + Int(shown.marks)
      let range = Int(marks[mark].start)..<(isLast ? end : Int(marks[mark + 1].start))
      segments.append(PayloadSegment(marks[mark].kind, bytes: range))
    }
    return PayloadLine(segments)
  }

  /// The text of the line, its line feed included.
  func byteRange(ofLine line: Int) -> Range<Int> {
    guard lines.indices.contains(line) else { return text.count..<text.count }
    let end = line + 1 < lines.count ? Int(lines[line + 1].start) : text.count
    return Int(lines[line].start)..<end
  }

  func line(containing offset: Int) -> Int {
    max(0, Bisection.count(below: lines.count) { Int(lines[$0].start) <= offset } - 1)
  }

  /// The byte of the body that the line begins with.
  func origin(ofLine line: Int) -> Int { lines.indices.contains(line) ? Int(lines[line].origin) : 0 }

  /// The first line of what stands at the byte of the body.
  func line(from origin: Int) -> Int {
    let after = Bisection.count(below: lines.count) { Int(lines[$0].origin) <= origin }
    guard after > 0 else { return 0 }
    return Bisection.count(below: lines.count) { lines[$0].origin < lines[after - 1].origin }
  }
}

extension ArrangedPayload {
  /// Adds lines of another view, indented by so many columns more.
  /// - Parameter origin: gives the byte of the body for a byte of the other view's.
  public mutating func add(
    _ document: PayloadDocument, lines wanted: Range<Int>? = nil, indent: Int, origin: (Int) -> Int
  ) throws(JSONFault) {
    for line in wanted ?? 0..<document.lineCount {
      var segments = document.line(at: line).segments[...]
      var depth = 0
      if case .literal(let blanks)? = segments.first?.text, segments.first?.kind == .indent {
        depth = blanks.utf8.count
        segments = segments.dropFirst()
      }
      try begin(at: origin(document.origin(ofLine: line)), indent: indent + depth)
      for segment in segments {
        // Here three columns of hexadecimal are text like any other.
        let kind = segment.kind == .hex ? PayloadSegment.Kind.text : segment.kind
        switch segment.text {
        case .bytes(let range): try add(document.body[range], kind)
        case .literal(let words): try add(words, kind)
        }
      }
    }
  }

  /// Adds text with its line breaks, whether LF, CRLF or CR; what stands in `range` of `bytes`.
  /// - Parameter origin: gives the byte of the body for a byte of the text.
  public mutating func add(
    text bytes: [UInt8], in range: Range<Int>, _ kind: PayloadSegment.Kind, indent: Int,
    origin: (Int) -> Int = { $0 }
  ) throws(JSONFault) {
    var start = range.lowerBound
    while true {
      let (end, next) = bytes.lineEnd(from: start, before: range.upperBound)
      try begin(at: origin(start), indent: indent)
      try add(bytes[start..<end], kind)
      guard let next else { return }
      start = next
    }
  }
}

extension [UInt8] {
  /// Returns where the line that begins at `start` ends, and where the next one begins: after an LF, a CRLF or a CR.
  public func lineEnd(from start: Int, before end: Int) -> (end: Int, next: Int?) {
    var at = start
    while at < end, self[at] != 0x0A, self[at] != 0x0D { at += 1 }
    guard at < end else { return (end, nil) }
    let isPair = self[at] == 0x0D && at + 1 < end && self[at + 1] == 0x0A
    return (at, at + (isPair ? 2 : 1))
  }
}
