internal import JSON
internal import Screen

/// A string in a body, to be read as the text that it stands for.
struct StringAtCursor: Sendable {
  private enum Place: Sendable {
    /// A part of what a view shows, with quotes where it has any.
    case shown(Range<Int>)
    /// The first string of JSON that ends behind this byte.
    case after(Int)
  }

  /// What it is the value of, as sent; empty if that is not known.
  let name: [UInt8]
  private let bytes: [UInt8]
  private let place: Place

  /// How many bytes are read to find it.
  var size: Int {
    switch place {
    case .shown(let range): range.count
    case .after: bytes.count
    }
  }

  /// The string on a line of a view, or on one of the next few; nil if there is none.
  init?(in document: PayloadDocument, from line: Int, within count: Int) {
    for line in line..<min(document.lineCount, line + max(1, count)) {
      let segments = document.line(at: line).segments
      // A line of text has nothing else.
      let index =
        segments.firstIndex { $0.kind == .string }
        ?? segments.firstIndex { $0.kind == .text && document.mode != .hex }
      guard let index, case .bytes(let range) = segments[index].text else { continue }
      var name: [UInt8] = []
      if case .bytes(let key)? = segments[..<index].last(where: { $0.kind == .key })?.text {
        name = Self.name(document.body[key])
      }
      (self.name, bytes, place) = (name, document.body, .shown(range))
      return
    }
    return nil
  }

  /// The name in what stands before a value: of an attribute it is what stands before the equals sign, without the tag.
  private static func name(_ key: ArraySlice<UInt8>) -> [UInt8] {
    let text = key.trimmed(where: \.isBlank)
    guard text.last == UInt8(ascii: "=") else { return Array(key) }
    let rest = text.dropLast().trimmed(where: \.isBlank)
    return Array(rest[(rest.lastIndex(where: \.isBlank).map { $0 + 1 } ?? rest.startIndex)...])
  }

  /// The string at a byte of JSON, or the next one.
  init(inJSON body: [UInt8], at offset: Int) { (name, bytes, place) = ([], body, .after(offset)) }

  /// The text, escapes resolved; nil if there is no string, or nobody waits for it any more.
  func text(isCancelled: () -> Bool) -> [UInt8]? {
    switch place {
    case .shown(let range): Self.unquoted(bytes[range])
    case .after(let offset): value(endingAfter: offset, isCancelled)
    }
  }

  private static func unquoted(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    guard bytes.count > 1, let first = bytes.first, first == bytes.last, first == 0x22 || first == 0x27 else {
      return Array(bytes)
    }
    let text = Array(bytes)
    var lexer = JSONLexer()
    guard let token = try? lexer.next(in: text.span), token.kind == .string, token.end == text.count else {
      return Array(text.dropFirst().dropLast())
    }
    return token.unescaped(in: text.span)
  }

  private func value(endingAfter offset: Int, _ isCancelled: () -> Bool) -> [UInt8]? {
    var lexer = JSONLexer()
    var count = 0
    while let token = try? lexer.step(in: bytes.span, separators: false) {
      count += 1
      if count.isMultiple(of: 4096), isCancelled() { return nil }
      if token.kind == .string, token.end > offset { return token.unescaped(in: bytes.span) }
    }
    return nil
  }
}

extension Model {
  var reasonForNoText: String? {
    guard let inspection else { return "No delivery is selected" }
    guard inspection.document != nil else { return inspection.reasonForNoDocument }
    return stringAtCursor == nil ? "There is no string here" : nil
  }

  /// The string at the cursor of the body pane.
  var stringAtCursor: StringAtCursor? {
    guard let inspection, let document = inspection.document, let part = inspection.parts[.body] else {
      return nil
    }
    let isJSON = inspection.reading?.kind.name == BodyKind.json.name
    if document.mode != .pretty, isJSON, let place = placeInBody(), let reading = inspection.reading {
      let offset = reading.moved(place.cursor, from: place.mode, to: .raw)
      return StringAtCursor(inJSON: reading.content.bytes, at: offset)
    }
    return StringAtCursor(
      in: document, from: part.viewport.cursor.line, within: layout.inside(.body).rows)
  }

  /// Shows the string at the cursor in a panel; a long one is read in the background.
  mutating func openText() -> [Effect] {
    guard let delivery = inspection?.delivery, let string = stringAtCursor else { return [] }
    lastText += 1
    panels.push(TextPanel(string, of: delivery, number: lastText))
    return change(TextPanel.self) { panel, model in panel.read(in: model) }
  }
}
