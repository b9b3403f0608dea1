/// Builds JSON text without white space, safe to print: no character in it can drive a terminal.
public struct JSONWriter: Sendable {
  public private(set) var bytes: [UInt8] = []
  /// Whether a value stands before the place that is written next, in the same object or array.
  private var needsComma = false

  public init() {}

  /// The most room that is kept from one text to the next, in bytes.
  private static let keptRoom = 1 << 20

  /// Forgets what was written, and keeps the room for it unless that is unusually much.
  public mutating func clear() {
    bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptRoom)
    needsComma = false
  }

  /// Ends the line; the next value stands on its own.
  public mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    needsComma = false
  }

  /// Writes an object whose fields `content` writes; without a key as an element, or on its own.
  public mutating func object(_ key: StaticString? = nil, _ content: (inout JSONWriter) -> Void) {
    begin(key)
    enclose(UInt8(ascii: "{"), UInt8(ascii: "}"), content)
  }

  /// Writes an array whose elements `content` writes; without a key as an element, or on its own.
  public mutating func array(_ key: StaticString? = nil, _ content: (inout JSONWriter) -> Void) {
    begin(key)
    enclose(UInt8(ascii: "["), UInt8(ascii: "]"), content)
  }

  /// Writes a string as an array's element.
  public mutating func element(_ value: String) {
    begin(nil)
    JSONText.append(value, to: &bytes)
  }

  /// Writes received text as an array's element, what is not UTF-8 repaired with U+FFFD.
  public mutating func element(_ value: ByteString) {
    begin(nil)
    JSONText.append(value, to: &bytes)
  }

  /// Writes received text, what is not UTF-8 repaired with U+FFFD.
  public mutating func field(_ key: StaticString, _ value: ByteString?) {
    begin(key)
    if let value { JSONText.append(value, to: &bytes) } else { appendNull() }
  }

  public mutating func field(_ key: StaticString, _ value: String?) {
    begin(key)
    if let value { JSONText.append(value, to: &bytes) } else { appendNull() }
  }

  public mutating func field(_ key: StaticString, _ value: (some BinaryInteger)?) {
    begin(key)
    if let value { bytes.append(contentsOf: String(value).utf8) } else { appendNull() }
  }

  public mutating func field(_ key: StaticString, _ value: Bool?) {
    begin(key)
    if let value { bytes.append(contentsOf: (value ? "true" : "false").utf8) } else { appendNull() }
  }

  /// Writes a number as the shortest decimal with at most so many digits after the point; null if not finite.
  public mutating func field(_ key: StaticString, _ value: Double?, decimals: Int) {
    begin(key)
    if let text = value.flatMap({ ShortDecimal.text($0, decimals: decimals) }) {
      bytes.append(contentsOf: text.utf8)
    } else {
      appendNull()
    }
  }

  public mutating func field(_ key: StaticString, base64 value: [UInt8]) {
    begin(key)
    bytes.append(UInt8(ascii: "\""))
    Base64.append(value, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes a value that is JSON already; it must be one whole value.
  public mutating func field(_ key: StaticString, raw value: some Sequence<UInt8>) {
    begin(key)
    bytes.append(contentsOf: value)
  }

  public mutating func null(_ key: StaticString) {
    begin(key)
    appendNull()
  }

  private mutating func begin(_ key: StaticString?) {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
    guard let key else { return }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
  }

  private mutating func enclose(_ open: UInt8, _ close: UInt8, _ content: (inout JSONWriter) -> Void) {
    bytes.append(open)
    needsComma = false
    content(&self)
    bytes.append(close)
    needsComma = true
  }

  private mutating func appendNull() { bytes.append(contentsOf: "null".utf8) }
}

/// Writes text as a JSON string.
public enum JSONText {
  private static let plain = JSONStringStyle(hasShortControls: false)

  /// Appends `text` in quotes, escaped only where JSON asks for it: what a program writes that nobody prints.
  public static func appendPlain(_ text: String, to bytes: inout [UInt8]) {
    append(text, in: plain, to: &bytes)
  }

  /// Text in quotes, escaped as a `JSONWriter` does it.
  public static func string(_ text: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    append(ByteString(text), to: &bytes)
    return bytes
  }

  /// Appends `text` in quotes. Controls and what hides or reorders text are escaped, so that a line of a
  /// session can neither drive the terminal that it is printed in nor look like another one.
  static func append(_ text: String, to bytes: inout [UInt8]) {
    append(text, in: .terminal, to: &bytes)
  }

  private static func append(_ text: String, in style: JSONStringStyle, to bytes: inout [UInt8]) {
    let source = text.utf8Span.span
    bytes.append(UInt8(ascii: "\""))
    var at = 0
    while at < source.count {
      let start = at
      while at < source.count, isPlain(source[at]) { at += 1 }
      source.extracting(start..<at).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
      guard at < source.count else { break }
      let (scalar, length) = UTF8.scalar(at: at, before: source.count) { source[$0] } ?? ("\u{FFFD}", 1)
      style.append(scalar.value, to: &bytes)
      at += length
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends received text in the same way, what is not UTF-8 repaired with U+FFFD.
  static func append(_ text: ByteString, to bytes: inout [UInt8]) {
    guard text.withBytes({ $0.allSatisfy(isPlain) }) else { return append(text.text, to: &bytes) }
    bytes.append(UInt8(ascii: "\""))
    text.withBytes { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Whether the byte is an ASCII character that needs no escape, as nearly all of them are.
  @inline(__always)
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte &- 0x20 < 0x5F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }
}

/// Numbers as short decimals: no exponent, no zeros at the end, at most so many digits after the point.
public enum ShortDecimal {
  /// `value` rounded to so many decimals, at most 9, or nil if it is not finite or has more than 18 digits before the
  /// point.
  public static func text(_ value: Double, decimals: Int) -> String? {
    guard value.isFinite, abs(value) < 1e18 else { return nil }
    // Apart, since together both would not fit in 64 bits.
    let unit = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
    var whole = abs(value).rounded(.towardZero)
    var fraction = ((abs(value) - whole) * unit).rounded()
    if fraction >= unit {
      whole += 1
      fraction = 0
    }
    return text(isNegative: value < 0, whole: UInt64(whole), fraction: UInt64(fraction), decimals: decimals)
  }

  /// `value`, a number of millionths, as a decimal: 3_200_000 is `3.2`.
  public static func text(millionths value: Int64) -> String {
    let (whole, fraction) = value.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    return text(isNegative: value < 0, whole: whole, fraction: fraction, decimals: 6)
  }

  private static func text(isNegative: Bool, whole: UInt64, fraction: UInt64, decimals: Int) -> String {
    guard fraction > 0 else { return isNegative && whole > 0 ? "-\(whole)" : "\(whole)" }
    var (digits, count) = (fraction, decimals)
    while digits.isMultiple(of: 10) { (digits, count) = (digits / 10, count - 1) }
    return "\(isNegative ? "-" : "")\(whole).\(digits.padded(count))"
  }
}

extension FixedWidthInteger {
  /// Returns the number in decimal, or in digits of another radix, with zeros in front up to `width` digits.
  public func padded(_ width: Int, radix: Int = 10, uppercase isUppercase: Bool = false) -> String {
    let digits = String(self, radix: radix, uppercase: isUppercase)
    return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
  }
}
