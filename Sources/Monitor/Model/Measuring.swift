internal import JSON
internal import Screen
internal import Webhooks

// Lines that are too long to be measured while the keys wait.
extension Inspection.Part {
  /// Where a line is cut into rows by `wrapping`; nil if it is not. Of a long line that is still being measured, the last
  /// row holds all that is not near its beginning.
  func ranges(line: Int, _ wrapping: Wrapping?) -> [Range<Int>]? {
    guard let wrapping else { return nil }
    if let known = memo.ranges(line: line, columns: wrapping.columns) { return known }
    let runs = content.runs(line: line, search: nil)
    guard isMeasuredApart, Self.isLong(runs) else {
      let made = wrapping.ranges(of: runs)
      memo.keep(made, line: line, columns: wrapping.columns)
      return made
    }
    if let known = memo.firstRanges(line: line, columns: wrapping.columns) { return known }
    var first = wrapping.ranges(of: runs.slice(0..<Job.inlineLimit))
    // The last one may be cut in the middle of a word.
    if let last = first.popLast() { first.append(last.lowerBound..<runs.byteCount) }
    memo.keepFirst(first, line: line, columns: wrapping.columns)
    return first
  }

  /// The columns of a line; nil for a long one that is still being measured.
  func columns(ofLine line: Int, charset: Charset) -> LineColumns? {
    if let known = memo.columns(line: line) { return known }
    let runs = content.runs(line: line, search: nil)
    if isMeasuredApart, Self.isLong(runs) { return nil }
    let made = LineColumns(runs, charset: charset)
    memo.keep(made, line: line)
    return made
  }

  /// The column where a byte of a line is drawn.
  func column(ofByte offset: Int, inLine line: Int, charset: Charset) -> Int {
    let mark = columns(ofLine: line, charset: charset)?.mark(atByte: offset) ?? LineColumns.Mark()
    guard offset > mark.offset else { return mark.column }
    let bytes = content.runs(line: line, search: nil).slice(mark.offset..<offset).flatMap(\.bytes)
    return mark.column + SafeText.width(of: bytes, tabs: .stops(from: mark.column), charset: charset)
  }

  /// The byte of a line that is drawn in a column.
  func byte(atColumn column: Int, inLine line: Int, charset: Charset) -> Int {
    let mark = columns(ofLine: line, charset: charset)?.mark(atColumn: column) ?? LineColumns.Mark()
    let rest = column - mark.column
    guard rest > 0 else { return mark.offset }
    let end = mark.offset + SafeText.mostBytes(inColumns: rest + 1)
    let bytes = content.runs(line: line, search: nil).slice(mark.offset..<end).flatMap(\.bytes)
    let rows = SafeText.wrap(bytes[...], columns: rest, tabs: .stops(from: mark.column), charset: charset)
    return mark.offset + (rows.first?.upperBound ?? 0)
  }

  private static func isLong(_ runs: [TextRun]) -> Bool { runs.byteCount > Job.inlineLimit }

  /// How many of the first lines of a text are measured when it is read.
  private static let linesMeasuredFirst = 1000

  /// Measures the long ones among the first lines, on any thread.
  func measureFirst(_ wrapping: Wrapping?, charset: Charset, isCancelled: () -> Bool) {
    let lines = (0..<min(content.lineCount, Self.linesMeasuredFirst)).filter {
      Self.isLong(content.runs(line: $0, search: nil))
    }
    measure(lines, wrapping, charset: charset, isCancelled: isCancelled)
  }

  /// The long lines among these that have not been measured.
  func unmeasured(_ lines: some Sequence<Int>, _ wrapping: Wrapping?) -> [Int] {
    guard isMeasuredApart else { return [] }
    return lines.filter { line in
      let isKnown =
        wrapping.map { memo.ranges(line: line, columns: $0.columns) != nil }
        ?? (memo.columns(line: line) != nil)
      return !isKnown && Self.isLong(content.runs(line: line, search: nil))
    }
  }

  /// Measures lines, on any thread.
  fileprivate func measure(_ lines: [Int], _ wrapping: Wrapping?, charset: Charset, isCancelled: () -> Bool) {
    for line in lines where !isCancelled() {
      let runs = content.runs(line: line, search: nil)
      if let wrapping {
        memo.keep(wrapping.ranges(of: runs), line: line, columns: wrapping.columns)
      } else {
        let columns = LineColumns(runs, charset: charset, isCancelled: isCancelled)
        if !isCancelled() { memo.keep(columns, line: line) }
      }
    }
  }
}

extension [TextRun] {
  fileprivate var byteCount: Int { reduce(0) { $0 + $1.bytes.count } }
}

extension Inspection {
  /// The job that measures the long lines near what is seen of a large body; nil if that is known or being done.
  mutating func unmeasured(_ wrapping: Wrapping?, height: Int, charset: Charset) -> Job? {
    guard !isMeasuring, !isUnmeasurable, let part = parts[.body], let document, document.mode != .hex,
      document.body.count > Job.inlineLimit
    else { return nil }
    let (top, last) = (part.viewport.top.line, document.lineCount - 1)
    let near = max(0, top - height)..<max(0, min(last, top + height))
    let lines = part.unmeasured(Set(near).union([part.viewport.cursor.line, max(0, last)]), wrapping)
    guard !lines.isEmpty else { return nil }
    isMeasuring = true
    let delivery = delivery
    return Job(.measure, priority: .selected, bytes: delivery.cost + part.content.indexBytes) { clock in
      part.measure(lines, wrapping, charset: charset) { clock() == .max }
      return .measured(sequence: delivery.sequence)
    }
  }
}

extension Model {
  /// Has the long lines near what is seen measured in the background.
  mutating func measureBody() -> [Effect] {
    guard let content = inspection?.parts[.body]?.content else { return [] }
    let (wrapping, height) = (wrapping(of: .body, content), layout.inside(.body).rows)
    let charset = setting.charset
    let job = inspection?.unmeasured(wrapping, height: height, charset: charset)
    return job.map { [.run($0)] } ?? []
  }

  /// Shows what has been measured.
  mutating func takeMeasures(of sequence: UInt64) {
    guard inspection?.delivery.sequence == sequence else { return }
    inspection?.isMeasuring = false
    clampViewports()
  }
}
