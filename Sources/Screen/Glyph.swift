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

  /// True for a picture, which is drawn in reverse so that nobody takes it for received text.
  public var isInert: Bool { form == .caret || form == .escape || form == .byte }

  /// The glyph as text that is safe to print.
  public var text: String {
    switch form {
    case .character: Cell(scalar, marks: marks, style: .normal).text
    case .blanks: String(repeating: " ", count: width)
    case .caret: "^\(Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value ^ 0x40)))"
    case .escape: "\\u{\(Glyph.hexadecimal(scalar.value))}"
    case .byte: "\\x\(Glyph.hexadecimal(scalar.value))"
    }
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return digits.utf8.count < 2 ? "0" + digits : digits
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
