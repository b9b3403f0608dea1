internal import JSON

/// Reads received bytes as glyphs, one after the other: the one gate between the network and the screen.
///
/// Nothing that it yields can move a cursor, change a terminal's state, or hide. A line feed is a picture
/// like every other control character: callers split lines before.
public struct GlyphReader<Bytes: RandomAccessCollection>: Sequence, IteratorProtocol
where Bytes.Element == UInt8, Bytes.Index == Int {
  let bytes: Bytes
  let charset: Charset
  let expandsTabs: Bool
  /// Where the next byte is.
  var index: Int
  /// The column of the next glyph, counted from the start of the line.
  var column: Int

  public init(_ bytes: Bytes, tabs: Tabs = .picture, charset: Charset = .utf8) {
    self.bytes = bytes
    self.charset = charset
    self.index = bytes.startIndex
    switch tabs {
    case .picture: (expandsTabs, column) = (false, 0)
    case .stops(let start): (expandsTabs, column) = (true, start)
    }
  }

  public mutating func next() -> Glyph? {
    guard index < bytes.endIndex else { return nil }
    var glyph = read()
    index = glyph.byteRange.upperBound
    if glyph.form == .character { takeMarks(&glyph) }
    column += glyph.width
    return glyph
  }

  /// Passes over printable ASCII for as long as no mark can follow, at most `limit` characters; returns
  /// how many. Nearly all text is of this kind, and needs no glyph for each byte.
  mutating func skipPrintable(atMost limit: Int) -> Int {
    let start = index
    let end = limit < bytes.endIndex - start ? start + limit : bytes.endIndex
    while index < end, (0x20..<0x7F).contains(bytes[index]),
      index + 1 == bytes.endIndex || bytes[index + 1] < 0x80
    {
      index += 1
    }
    column += index - start
    return index - start
  }

  private func read() -> Glyph {
    let byte = bytes[index]
    let range = index..<(index + 1)
    switch byte {
    case 0x20..<0x7F: return .character(Unicode.Scalar(byte), width: 1, range)
    case 0x09 where expandsTabs: return .blanks(Tabs.distance - column % Tabs.distance, range)
    case 0..<0x80: return .caret(byte, range)
    default: return readBeyondASCII(byte)
    }
  }

  private func readBeyondASCII(_ byte: UInt8) -> Glyph {
    guard let (scalar, length) = scalar(at: index) else { return .byte(byte, index..<(index + 1)) }
    let range = index..<(index + length)
    guard charset == .utf8 else { return .escape(scalar, range) }
    switch ScalarKind(scalar) {
    case .narrow: return .character(scalar, width: 1, range)
    case .wide: return .character(scalar, width: 2, range)
    // Here only at the start of a row or after a picture: there is nothing to combine with.
    case .mark, .inert: return .escape(scalar, range)
    }
  }

  private func scalar(at start: Int) -> (scalar: Unicode.Scalar, length: Int)? {
    UTF8.scalar(at: start, before: bytes.endIndex) { bytes[$0] }
  }

  private mutating func takeMarks(_ glyph: inout Glyph) {
    guard charset == .utf8 else { return }
    var count = 0
    // U+0300, the first combining mark, starts with CC.
    while count < Cell.maximumMarks, index < bytes.endIndex, bytes[index] >= 0xCC,
      let (scalar, length) = scalar(at: index), case .mark = ScalarKind(scalar)
    {
      glyph.marks[count] = scalar.value
      count += 1
      index += length
    }
    glyph.byteRange = glyph.byteRange.lowerBound..<index
  }
}

/// A character with its marks, or the picture of something inert: what one stretch of received bytes
/// looks like on the screen.
public struct Glyph: Hashable, Sendable {
  /// How the scalar is shown.
  public enum Form: Hashable, Sendable {
    /// As itself.
    case character
    /// A TAB, as blanks.
    case blanks
    /// A control character, as `^X`.
    case caret
    /// A scalar that must not reach the terminal, as `\u{…}`.
    case escape
    /// A byte that is not UTF-8, as `\xNN`; the scalar's value is the byte.
    case byte
  }

  public let scalar: Unicode.Scalar
  /// The combining marks' scalar values, zero where there is none.
  public internal(set) var marks: SIMD4<UInt32> = .zero
  public let form: Form
  /// Columns on the screen.
  public let width: Int
  /// The bytes that the glyph stands for, as indices of the collection that was read.
  public internal(set) var byteRange: Range<Int>

  /// The glyph as text that is safe to print.
  public var text: String {
    switch form {
    case .character: Cell(scalar, marks: marks, style: .normal).text
    case .blanks: String(repeating: " ", count: width)
    case .caret: "^\(Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value ^ 0x40)))"
    case .escape: "\\u{\(Hex.text(scalar.value, width: 2, uppercase: true))}"
    case .byte: "\\x\(Hex.text(scalar.value, width: 2, uppercase: true))"
    }
  }
}

extension Glyph {
  static func character(_ scalar: Unicode.Scalar, width: Int, _ range: Range<Int>) -> Glyph {
    Glyph(scalar: scalar, form: .character, width: width, byteRange: range)
  }

  static func blanks(_ width: Int, _ range: Range<Int>) -> Glyph {
    Glyph(scalar: "\t", form: .blanks, width: width, byteRange: range)
  }

  static func caret(_ byte: UInt8, _ range: Range<Int>) -> Glyph {
    Glyph(scalar: Unicode.Scalar(byte), form: .caret, width: 2, byteRange: range)
  }

  /// The scalar is beyond ASCII, so it has at least two digits.
  static func escape(_ scalar: Unicode.Scalar, _ range: Range<Int>) -> Glyph {
    let digits = (32 - scalar.value.leadingZeroBitCount + 3) / 4
    return Glyph(scalar: scalar, form: .escape, width: digits + 4, byteRange: range)
  }

  static func byte(_ byte: UInt8, _ range: Range<Int>) -> Glyph {
    Glyph(scalar: Unicode.Scalar(byte), form: .byte, width: 4, byteRange: range)
  }
}
