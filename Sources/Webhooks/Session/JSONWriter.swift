/// Builds JSON text without white space, safe to print: no character in it can drive a terminal.
public struct JSONWriter: Sendable {
  public private(set) var bytes: [UInt8] = []
  /// Whether a value stands before the place that is written next, in the same object or array.
  private var needsComma = false

  public init() {}

  /// Forgets what was written and keeps the room for it.
  public mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
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
