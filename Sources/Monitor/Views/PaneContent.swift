internal import JSON
internal import Screen
internal import Webhooks

/// The lines of a pane: made whole where there are few, laid out on demand for a body.
enum PaneContent: Sendable {
  case text([[TextRun]])
  /// The first lines of a body that is still being read, wrapped as all of it will be.
  case beginning([[TextRun]], of: PayloadMode)
  case payload(PayloadDocument)

  var lineCount: Int {
    switch self {
    case .text(let lines), .beginning(let lines, _): lines.count
    case .payload(let document): document.lineCount
    }
  }

  /// What a body's lines take beside the body, in bytes.
  var indexBytes: Int {
    if case .payload(let document) = self { document.indexBytes } else { 0 }
  }

  /// A line, with the matches of `search` set off.
  func runs(line: Int, search: PaneSearch?) -> [TextRun] {
    switch self {
    case .text(let lines), .beginning(let lines, _):
      guard line < lines.count else { return [] }
      return Self.highlighted(lines[line], search?.matches(line: line, in: 0..<Int.max) ?? [])
    case .payload(let document):
      return document.line(at: line).segments.flatMap { Self.runs($0, in: document.body, search) }
    }
  }

  /// What marks say of a line; nil if that is nothing, or the lines are not those of the JSON that was sent.
  func words(of marks: BodyMarks?, inLine line: Int) -> String? {
    guard let marks, case .payload(let document) = self, document.folds else { return nil }
    return marks.words(in: document.byteRange(ofLine: line))
  }

  /// In which column the sign of a JSON node stands that begins on the line, and whether the node is folded.
  func foldSign(line: Int) -> (column: Int, isFolded: Bool)? {
    guard case .payload(let document) = self else { return nil }
    let line = document.line(at: line)
    guard line.foldState != .none, case .literal(let indent)? = line.segments.first?.text,
      indent.utf8.count >= 2
    else { return nil }
    return (indent.utf8.count - 2, line.foldState == .folded)
  }

  /// Where a match begins in the bytes of its line as it is drawn.
  func offset(of match: PaneSearch.Match, inLine line: Int) -> Int {
    guard case .payload(let document) = self else { return match.range.lowerBound }
    var offset = 0
    for segment in document.line(at: line).segments {
      if let source = segment.source, source.contains(match.range.lowerBound) {
        let distance = match.range.lowerBound - source.lowerBound
        return offset + distance * segment.columnsPerByte
      }
      offset += segment.byteCount
    }
    return 0
  }

  /// Where in the body the byte is that is drawn at `offset` of a line.
  func origin(ofLine line: Int, offset: Int) -> Int {
    guard case .payload(let document) = self else { return 0 }
    guard document.showsSentBytes else { return document.origin(ofLine: line) }
    var rest = offset
    for segment in document.line(at: line).segments {
      if let source = segment.source, rest < segment.byteCount {
        return min(source.lowerBound + max(0, rest) / segment.columnsPerByte, source.upperBound)
      }
      rest -= segment.byteCount
    }
    return document.byteOffset(ofLine: line)
  }

  /// The line that shows a byte of the body, and at which offset of the line as it is drawn.
  func place(of origin: Int) -> (line: Int, offset: Int) {
    guard case .payload(let document) = self else { return (0, 0) }
    let line = document.line(from: origin)
    guard document.showsSentBytes else { return (line, 0) }
    return (line, offset(of: PaneSearch.Match(line: 0, range: origin..<origin), inLine: line))
  }

  /// How lines are wrapped at `columns`: at words where there are any, a body's below where its line begins.
  func wrapping(columns: Int, charset: Charset) -> Wrapping {
    switch self {
    case .text: Wrapping(columns: columns, charset: charset, proseIndent: 8)
    case .beginning(_, let mode): Self.wrapping(mode, columns, charset)
    case .payload(let document): Self.wrapping(document.mode, columns, charset)
    }
  }

  private static func wrapping(_ mode: PayloadMode, _ columns: Int, _ charset: Charset) -> Wrapping {
    switch mode {
    case .pretty: Wrapping(columns: columns, charset: charset, proseIndent: 2, hangs: true)
    case .raw: Wrapping(columns: columns, charset: charset, proseIndent: 0)
    case .hex: Wrapping(columns: columns, charset: charset, proseIndent: nil)
    }
  }

  private static func highlighted(
    _ runs: [TextRun], _ matches: [(range: Range<Int>, isCurrent: Bool)]
  ) -> [TextRun] {
    guard !matches.isEmpty else { return runs }
    var offset = 0
    return runs.flatMap { run in
      defer { offset += run.bytes.count }
      return run.setOff(
        matches.map { (($0.range.lowerBound - offset)..<($0.range.upperBound - offset), $0.isCurrent) })
    }
  }

  private static func runs(_ segment: PayloadSegment, in body: [UInt8], _ search: PaneSearch?) -> [TextRun] {
    let run: TextRun
    switch segment.text {
    case .bytes(let range): run = TextRun(body[range], Style(segment.kind.role))
    case .literal(let text): run = TextRun(text, Style(segment.kind.role))
    }
    guard let search, let source = segment.source else { return [run] }
    let columnsPerByte = segment.columnsPerByte
    let matches = search.matches(line: 0, in: source).map { match in
      // In hex a byte takes two digits and a blank, and the last blank is not part of a match.
      let start = (match.range.lowerBound - source.lowerBound) * columnsPerByte
      let end = (match.range.upperBound - source.lowerBound) * columnsPerByte - (columnsPerByte == 3 ? 1 : 0)
      return (start..<max(start, end), match.isCurrent)
    }
    return run.setOff(matches)
  }
}

extension TextRun {
  /// The run cut where `matches`, ranges counted from its start, begin and end, with those parts set off.
  func setOff(_ matches: [(range: Range<Int>, isCurrent: Bool)]) -> [TextRun] {
    var pieces: [TextRun] = []
    var from = 0
    for match in matches {
      let range = match.range.clamped(to: from..<bytes.count)
      guard !range.isEmpty else { continue }
      pieces.append(part(from..<range.lowerBound, style))
      pieces.append(part(range, Style(match.isCurrent ? .currentMatch : .match)))
      from = range.upperBound
    }
    pieces.append(part(from..<bytes.count, style))
    return pieces.filter { !$0.bytes.isEmpty }
  }

  private func part(_ range: Range<Int>, _ style: Style) -> TextRun {
    TextRun(bytes[(bytes.startIndex + range.lowerBound)..<(bytes.startIndex + range.upperBound)], style)
  }
}

extension [TextRun] {
  /// The bytes in `range`, counted from the start of the first run.
  func slice(_ range: Range<Int>) -> [TextRun] {
    var offset = 0
    return compactMap { run in
      let part = range.clamped(to: offset..<(offset + run.bytes.count))
      let start = run.bytes.startIndex - offset
      offset += run.bytes.count
      return part.isEmpty
        ? nil : TextRun(run.bytes[(start + part.lowerBound)..<(start + part.upperBound)], run.style)
    }
  }
}

extension PayloadSegment {
  /// How many columns stand for a byte of the body: in hex two digits and a blank.
  fileprivate var columnsPerByte: Int { kind == .hex ? 3 : 1 }

  /// How many bytes are drawn.
  fileprivate var byteCount: Int {
    switch text {
    case .bytes(let range): range.count
    case .literal(let text): text.utf8.count
    }
  }
}

extension PayloadSegment.Kind {
  /// What the segment means to the theme.
  fileprivate var role: Role {
    switch self {
    case .key: .jsonKey
    case .string: .jsonString
    case .number: .jsonNumber
    case .literal: .jsonLiteral
    case .punctuation: .punctuation
    case .text, .hex, .ascii, .indent: .normal
    case .offset, .elision: .dim
    }
  }
}
