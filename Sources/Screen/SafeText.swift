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

  /// The most bytes that stand in so many columns: in each a character of four bytes and the marks on it.
  public static func mostBytes(inColumns columns: Int) -> Int { columns * 4 * (1 + Cell.maximumMarks) }

  /// The text in glyphs; their ranges are indices of the slice.
  public static func glyphs(
    in bytes: ArraySlice<UInt8>, tabs: Tabs = .picture, charset: Charset = .utf8
  ) -> GlyphReader<ArraySlice<UInt8>> {
    GlyphReader(bytes, tabs: tabs, charset: charset)
  }

  /// The text with a picture for everything unsafe, to print on a terminal or in a log line.
  public static func plain(_ bytes: some Collection<UInt8>, charset: Charset = .utf8) -> String {
    withBuffer(bytes) { buffer in
      guard !buffer.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
        return String(decoding: buffer, as: UTF8.self)
      }
      return GlyphReader(buffer, charset: charset).reduce(into: "") { $0 += $1.text }
    }
  }

  /// The text with a picture for everything unsafe, to print on a terminal or in a log line.
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
  /// The rows that the text takes when it is wrapped: ranges of the slice's indices that cover every byte
  /// once, in order; one empty row for empty text.
  ///
  /// A glyph is never cut in two. One that is wider than a row has a row to itself, and is clipped there.
  public static func wrap(
    _ bytes: ArraySlice<UInt8>, columns: Int, tabs: Tabs = .picture, charset: Charset = .utf8
  ) -> [Range<Int>] {
    let base = bytes.startIndex
    return withBuffer(bytes) { buffer in
      wrapped(buffer, columns: max(1, columns), tabs: tabs, charset: charset)
        .map { ($0.lowerBound + base)..<($0.upperBound + base) }
    }
  }

  private static func wrapped(
    _ buffer: UnsafeBufferPointer<UInt8>, columns: Int, tabs: Tabs, charset: Charset
  ) -> [Range<Int>] {
    var rows: [Range<Int>] = []
    var rowStart = 0
    var used = 0
    var reader = GlyphReader(buffer, tabs: tabs, charset: charset)
    while true {
      used += reader.skipPrintable(atMost: columns - used)
      guard let glyph = reader.next() else { break }
      var width = glyph.width
      if used + width > columns, glyph.byteRange.lowerBound > rowStart {
        rows.append(rowStart..<glyph.byteRange.lowerBound)
        rowStart = glyph.byteRange.lowerBound
        used = 0
        // The row is a line of its own to whoever draws it: tab stops count from its start.
        if glyph.form == .blanks { width = Tabs.distance }
        reader.column = width
      }
      used += width
    }
    rows.append(rowStart..<buffer.count)
    return rows
  }
}
