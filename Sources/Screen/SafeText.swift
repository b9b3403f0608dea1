internal import JSON

/// Received text, made safe to show: its glyphs, its width, its rows and its plain form.
///
/// Bytes from the network are hostile: an escape sequence could rewrite the verdict that stands next to
/// it. Everything that is drawn or printed passes here or through `Canvas.draw`, which does the same.
public enum SafeText {
  /// Columns that the text takes on the screen.
  public static func width(
    of bytes: some Collection<UInt8>, tabs: Tabs = .picture, charset: Charset = .utf8
  ) -> Int {
    withBuffer(bytes) { buffer in
      var reader = GlyphReader(buffer, tabs: tabs, charset: charset)
      let start = reader.column
      repeat { _ = reader.skipPrintable(atMost: .max) } while reader.next() != nil
      return reader.column - start
    }
  }

  /// Columns that the text takes on the screen.
  public static func width(of text: String, charset: Charset = .utf8) -> Int {
    width(of: text.utf8, charset: charset)
  }

  /// Returns the text with blanks behind it up to a width in columns.
  public static func padded(_ text: String, to columns: Int) -> String {
    text + String(repeating: " ", count: max(0, columns - width(of: text)))
  }

  /// Measures the text of a line from `column` on, and returns the column after it.
  ///
  /// Every `distance` bytes or so it hands a place to `visit`: the index of a byte that a glyph begins with, and the column
  /// of that glyph. It stops once `visit` returns false.
  public static func measure(
    _ bytes: ArraySlice<UInt8>, from column: Int, every distance: Int, charset: Charset,
    _ visit: (Int, Int) -> Bool
  ) -> Int {
    let start = bytes.startIndex
    return withBuffer(bytes) { buffer in
      var reader = GlyphReader(buffer, tabs: .stops(from: column), charset: charset)
      var next = distance
      while reader.index < buffer.count {
        if reader.skipPrintable(atMost: distance) == 0 { _ = reader.next() }
        guard reader.index >= next, reader.index < buffer.count else { continue }
        guard visit(start + reader.index, reader.column) else { break }
        next = reader.index + distance
      }
      return reader.column
    }
  }

  /// Returns the most bytes that stand in so many columns: in each a character of four bytes and the marks on it.
  public static func mostBytes(inColumns columns: Int) -> Int { columns * 4 * (1 + Cell.maximumMarks) }

  /// Returns the text with a picture for everything unsafe, to print on a terminal or in a log line.
  public static func plain(_ bytes: some Collection<UInt8>, charset: Charset = .utf8) -> String {
    withBuffer(bytes) { buffer in
      guard !buffer.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
        return String(decoding: buffer, as: UTF8.self)
      }
      var reader = GlyphReader(buffer, charset: charset)
      var text = ""
      while true {
        let start = reader.index
        let count = reader.skipPrintable(atMost: .max)
        text += String(decoding: UnsafeBufferPointer(rebasing: buffer[start..<start + count]), as: UTF8.self)
        guard let glyph = reader.next() else { return text }
        text += glyph.text
      }
    }
  }

  /// Returns the text with a picture for everything unsafe, to print on a terminal or in a log line.
  public static func plain(_ text: String, charset: Charset = .utf8) -> String {
    plain(text.utf8, charset: charset)
  }

  /// Lets the body see any collection as one stretch of memory, copying only where it is not one.
  static func withBuffer<Result>(
    _ bytes: some Collection<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    if let result = bytes.withContiguousStorageIfAvailable(body) { return result }
    return Array(bytes).withUnsafeBufferPointer(body)
  }
}

extension SafeText {
  /// Returns the rows that the text takes when it is wrapped: ranges of the slice's indices, in order; one empty row
  /// for empty text.
  ///
  /// A glyph is never cut in two. One that is wider than a row has a row to itself, and is clipped there. Every byte is
  /// in one row, but for the blank where a row ends between words.
  /// - Parameters:
  ///   - later: the columns of every row but the first; nil if those are as wide.
  ///   - atWords: whether a row ends between words where it has more than one.
  public static func wrap(
    _ bytes: ArraySlice<UInt8>, columns: Int, later: Int? = nil, atWords: Bool = false, tabs: Tabs = .picture,
    charset: Charset = .utf8
  ) -> [Range<Int>] {
    let base = bytes.startIndex
    return withBuffer(bytes) { buffer in
      var wrapper = Wrapper(buffer, atWords: atWords, tabs: tabs, charset: charset)
      wrapper.wrap(max(1, columns), max(1, later ?? columns))
      return wrapper.rows.map { ($0.lowerBound + base)..<($0.upperBound + base) }
    }
  }
}

/// Cuts text into rows, in one pass: only a word that goes on in the next row is read twice.
private struct Wrapper {
  private let buffer: UnsafeBufferPointer<UInt8>
  private let atWords: Bool
  private var reader: GlyphReader<UnsafeBufferPointer<UInt8>>
  private(set) var rows: [Range<Int>] = []
  private var start = 0

  init(_ buffer: UnsafeBufferPointer<UInt8>, atWords: Bool, tabs: Tabs, charset: Charset) {
    self.buffer = buffer
    self.atWords = atWords
    reader = GlyphReader(buffer, tabs: tabs, charset: charset)
  }

  mutating func wrap(_ first: Int, _ later: Int) {
    var (room, used) = (first, 0)
    while true {
      used += reader.skipPrintable(atMost: room - used)
      guard let glyph = reader.next() else { break }
      guard used + glyph.width > room, glyph.byteRange.lowerBound > start else {
        used += glyph.width
        continue
      }
      room = later
      if atWords, let blank = lastBlank(upTo: glyph.byteRange.lowerBound) {
        end(at: blank, next: blank + 1)
        (reader.index, reader.column, used) = (start, 0, 0)
        continue
      }
      end(at: glyph.byteRange.lowerBound, next: glyph.byteRange.lowerBound)
      // The row is a line of its own to whoever draws it: tab stops count from its start.
      used = glyph.form == .blanks ? Tabs.distance : glyph.width
      reader.column = used
    }
    if start < buffer.count || rows.isEmpty { rows.append(start..<buffer.count) }
  }

  private mutating func end(at end: Int, next: Int) {
    rows.append(start..<end)
    start = next
  }

  /// The last blank of the row up to a place, which may be one itself, where something else stands before it: a row of
  /// blanks alone would be the margin of the line.
  private func lastBlank(upTo end: Int) -> Int? {
    var at = end
    while at > start, !isBreak(at) { at -= 1 }
    guard at > start else { return nil }
    return buffer[start..<at].contains { $0 != 0x20 } ? at : nil
  }

  /// Whether a blank stands here that no mark is put on.
  private func isBreak(_ place: Int) -> Bool {
    guard buffer[place] == 0x20 else { return false }
    guard place + 1 < buffer.count, buffer[place + 1] >= 0xCC else { return true }
    guard let (scalar, _) = UTF8.scalar(at: place + 1, before: buffer.count, { buffer[$0] }) else {
      return true
    }
    if case .mark = ScalarKind(scalar) { return false }
    return true
  }
}
