/// Which characters a JSON writer escapes in strings, and how.
public struct JSONStringStyle: Sendable, Hashable {
  /// What becomes of characters beyond ASCII.
  public enum Beyond: Sendable, CaseIterable {
    case plain, lowercaseEscapes, uppercaseEscapes
  }

  /// Characters that are escaped so that the text is safe where it is put.
  enum Guarded: Sendable, CaseIterable {
    /// As senders of webhooks write: nothing, or what is not safe inside HTML or JavaScript.
    case none, lineSeparators, html, htmlAndLineSeparators, gson, uppercaseHTML, dotNet
    /// Controls, and what hides or reorders text: what is not safe on a terminal.
    case terminal

    static let ofSenders = allCases.filter { $0 != .terminal }

    var hasUppercaseDigits: Bool { self == .uppercaseHTML || self == .dotNet }

    func contains(_ code: UInt32) -> Bool {
      switch self {
      case .none: false
      case .lineSeparators: Self.isLineSeparator(code)
      case .html: Self.isHTML(code)
      case .htmlAndLineSeparators: Self.isHTML(code) || Self.isLineSeparator(code)
      case .gson: Self.isHTML(code) || Self.isLineSeparator(code) || code == 0x3D || code == 0x27
      case .uppercaseHTML: Self.isHTML(code) || code == 0x27
      case .dotNet: Self.isHTML(code) || [0x22, 0x27, 0x2B, 0x60].contains(code)
      case .terminal: Self.drivesTerminal(code)
      }
    }

    private static func isHTML(_ code: UInt32) -> Bool { code == 0x3C || code == 0x3E || code == 0x26 }
    private static func isLineSeparator(_ code: UInt32) -> Bool { code == 0x2028 || code == 0x2029 }

    private static func drivesTerminal(_ code: UInt32) -> Bool {
      switch code {
      case 0x7F...0x9F, 0x00AD, 0x061C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF:
        true
      case 0xFFF9...0xFFFB, 0xE0000...0xE007F: true
      default: false
      }
    }
  }

  var beyond = Beyond.plain
  var escapesSlash = false
  var guarded = Guarded.none
  /// Whether backspace and form feed are `\b` and `\f` rather than `\u0008` and `\u000c`.
  var hasShortControls = true
  /// Whether DEL is escaped, as Python does.
  var escapesDelete = false

  /// Strings that are safe to print: controls and what hides or reorders text are escaped.
  public static let terminal = JSONStringStyle(guarded: .terminal, hasShortControls: false)

  /// Plain strings, but for what becomes of characters beyond ASCII.
  public init(beyond: Beyond = .plain) {
    self.init(beyond: beyond, escapesSlash: false)
  }

  init(
    beyond: Beyond = .plain, escapesSlash: Bool = false, guarded: Guarded = .none,
    hasShortControls: Bool = true
  ) {
    self.beyond = beyond
    self.escapesSlash = escapesSlash
    self.guarded = guarded
    self.hasShortControls = hasShortControls
  }

  /// Appends the contents of a string, `text` being what stands between its quotes in another style.
  func append(_ text: Span<UInt8>, to output: inout [UInt8]) {
    var reader = JSONStringReader()
    while true {
      reader.skip(in: text, to: &output) { Self.isAlike($0) }
      switch reader.next(in: text) {
      case .code(let code): append(code, to: &output)
      case .invalidByte(let byte): output.append(byte)
      case nil: return
      }
    }
  }

  /// Whether every style writes the byte as it is.
  private static func isAlike(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x3A, 0x41...0x5A, 0x61...0x7A, 0x20, 0x2C...0x2E, 0x5F: true
    default: false
    }
  }

  /// Appends one character, or a surrogate without its partner.
  func append(_ code: UInt32, to output: inout [UInt8]) {
    if guarded.contains(code) {
      return Self.appendEscape(code, uppercase: guarded.hasUppercaseDigits, to: &output)
    }
    switch code {
    case 0x22: output += [0x5C, 0x22]
    case 0x5C: output += [0x5C, 0x5C]
    case 0x2F where escapesSlash: output += [0x5C, 0x2F]
    case 0..<0x20: appendControl(code, to: &output)
    case 0x7F where escapesDelete: Self.appendEscape(code, uppercase: false, to: &output)
    case 0..<0x80: output.append(UInt8(truncatingIfNeeded: code))
    default: appendBeyond(code, to: &output)
    }
  }

  private func appendBeyond(_ code: UInt32, to output: inout [UInt8]) {
    // A surrogate without its partner has no UTF-8, so that every writer escapes it.
    guard beyond == .plain, let encoded = Unicode.Scalar(code).flatMap(UTF8.encode) else {
      return Self.appendEscape(code, uppercase: beyond == .uppercaseEscapes, to: &output)
    }
    output += encoded
  }

  private func appendControl(_ code: UInt32, to output: inout [UInt8]) {
    let letter: Unicode.Scalar? =
      switch code {
      case 0x09: "t"
      case 0x0A: "n"
      case 0x0D: "r"
      case 0x08 where hasShortControls: "b"
      case 0x0C where hasShortControls: "f"
      default: nil
      }
    if let letter {
      output += [0x5C, UInt8(ascii: letter)]
    } else {
      Self.appendEscape(code, uppercase: beyond == .uppercaseEscapes, to: &output)
    }
  }

  private static func appendEscape(_ code: UInt32, uppercase: Bool, to output: inout [UInt8]) {
    guard code < 0x10000 else {
      appendEscape(0xD800 + (code - 0x10000) >> 10, uppercase: uppercase, to: &output)
      appendEscape(0xDC00 + (code - 0x10000) & 0x3FF, uppercase: uppercase, to: &output)
      return
    }
    output += [0x5C, UInt8(ascii: "u")]
    Hex.append(UInt8(code >> 8), uppercase: uppercase, to: &output)
    Hex.append(UInt8(code & 0xFF), uppercase: uppercase, to: &output)
  }
}

/// Reads the characters that the inside of a JSON string stands for, one after the other.
///
/// It loses nothing: surrogates without a partner and bytes that are not UTF-8 come as such.
///
/// Like the lexer it does not hold the text: every call is handed the same bytes.
struct JSONStringReader {
  enum Unit {
    /// A Unicode scalar, or a surrogate without its partner.
    case code(UInt32)
    case invalidByte(UInt8)
  }

  private var at = 0

  /// The next character of `text`, which is what stands between a string's quotes.
  mutating func next(in text: Span<UInt8>) -> Unit? {
    guard at < text.count else { return nil }
    let byte = text[at]
    if byte == UInt8(ascii: "\\") { return .code(escape(in: text)) }
    guard let (scalar, length) = UTF8.scalar(at: at, before: text.count, { text[$0] }) else {
      at += 1
      return .invalidByte(byte)
    }
    at += length
    return .code(scalar.value)
  }

  /// Passes over the bytes that are alike in `output`, none of which begins an escape, and appends them.
  @inline(__always)
  mutating func skip(in text: Span<UInt8>, to output: inout [UInt8], where isAlike: (UInt8) -> Bool) {
    let start = at
    while at < text.count, isAlike(text[at]) { at += 1 }
    text.extracting(start..<at).withUnsafeBufferPointer { output.append(contentsOf: $0) }
  }

  private mutating func escape(in text: Span<UInt8>) -> UInt32 {
    guard at + 1 < text.count else {
      at += 1
      return 0x5C
    }
    guard let unit = unit(at: at, in: text) else {
      defer { at += 2 }
      return UInt32(Self.plain(text[at + 1]))
    }
    at += 6
    guard 0xD800..<0xDC00 ~= unit, let low = self.unit(at: at, in: text), 0xDC00..<0xE000 ~= low else {
      return unit
    }
    at += 6
    return 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
  }

  /// The byte that a backslash and `letter` stand for, where `letter` is not `u`.
  private static func plain(_ letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: letter
    }
  }

  /// The value of the `\uXXXX` at `start`; nil if there is none.
  private func unit(at start: Int, in text: Span<UInt8>) -> UInt32? {
    guard start + 6 <= text.count, text[start] == 0x5C, text[start + 1] == UInt8(ascii: "u") else {
      return nil
    }
    var value: UInt32 = 0
    for at in start + 2..<start + 6 {
      guard let digit = text[at].hexDigit else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}

extension JSONStringReader {
  /// What `text` stands for, as UTF-8: a surrogate without its partner becomes U+FFFD, what is not UTF-8 stays.
  static func resolved(_ text: Span<UInt8>) -> [UInt8] {
    var reader = JSONStringReader()
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    while true {
      reader.skip(in: text, to: &result) { $0 != UInt8(ascii: "\\") }
      guard case .code(let code)? = reader.next(in: text) else { return result }
      if let encoded = UTF8.encode(Unicode.Scalar(code) ?? "\u{FFFD}") { result += encoded }
    }
  }
}
