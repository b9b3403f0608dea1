/// Values that nobody must see, to be found in texts however they are written: with escapes, percent-encoded, with HTML
/// entities, in base64 or in hexadecimal, whatever the case of ASCII letters.
public struct HiddenValues: Sendable {
  /// A shorter value stands in other texts of its own accord, in bytes; it is only hidden where it is all of a text.
  public static let leastLength = 4
  /// The most values that are looked for, and the most bytes of them: a sender makes as many as it likes.
  private static let limits = (count: 4096, bytes: 1 << 20)

  /// One spelling of a value, ASCII letters in lower case.
  private struct Spelling: Sendable {
    let bytes: [UInt8]
    /// Digits alone, which are not a part of a longer number.
    let isNumber: Bool
  }

  private var spellings: [Spelling] = []
  /// The spellings by their first four bytes.
  private var places: [UInt32: [Int]] = [:]
  /// A bit for each hash of the first two bytes: most texts are passed over without a look into `places`.
  private var starts = [UInt64](repeating: 0, count: 64)
  private var short: Set<[UInt8]> = []

  /// Returns nil if the values are too many, or too long, to be looked for.
  public init?(_ values: Set<ByteString>) {
    let size = values.reduce(0) { $0 + $1.count }
    guard values.count <= Self.limits.count, size <= Self.limits.bytes else { return nil }
    for value in values { add(value.map(\.asciiLowercased), as: Array(value)) }
  }

  /// Whether there is nothing to look for.
  public var isEmpty: Bool { spellings.isEmpty && short.isEmpty }

  private mutating func add(_ folded: [UInt8], as value: [UInt8]) {
    guard folded.count >= Self.leastLength else {
      if !folded.isEmpty { short.insert(folded) }
      return
    }
    add(folded, isNumber: folded.allSatisfy(\.isASCIIDigit))
    add(Array(Hex.text(value).utf8))
    for skipped in 0..<3 { addBase64(of: value, behind: skipped) }
  }

  /// Adds the digits of base64 that the value decides wherever it stands in what is encoded, in both alphabets.
  private mutating func addBase64(of value: [UInt8], behind skipped: Int) {
    let own = Base64.digits(ownedBy: value, behind: skipped).map(\.asciiLowercased)
    guard own.count > Self.leastLength else { return }
    add(own)
    let other = own.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? 0x5F : $0 }
    if other != own { add(other) }
  }

  private mutating func add(_ bytes: [UInt8], isNumber: Bool = false) {
    let hash = Self.hash(bytes[0], bytes[1])
    starts[hash >> 6] |= 1 << UInt64(hash & 63)
    places[Self.key(bytes, at: 0), default: []].append(spellings.count)
    spellings.append(Spelling(bytes: bytes, isNumber: isNumber))
  }

  private static func hash(_ first: UInt8, _ second: UInt8) -> Int {
    (Int(first) << 5 ^ Int(second) << 1 ^ Int(second) >> 6) & 0xFFF
  }

  private static func key(_ bytes: [UInt8], at index: Int) -> UInt32 {
    bytes[index..<index + leastLength].reduce(0) { $0 << 8 | UInt32($1) }
  }
}

extension HiddenValues {
  /// How often a text may be encoded in another encoding.
  private static let depth = 3

  /// Returns whether a value stands in the text, or in what the text stands for.
  public func occur(in text: some Sequence<UInt8>) -> Bool {
    !isEmpty && occur(in: text.map(\.asciiLowercased), decoding: Self.depth)
  }

  // One form after the other, not all of them side by side: a text may be as large as a body.
  private func occur(in text: [UInt8], decoding depth: Int) -> Bool {
    if stand(in: text) { return true }
    guard depth > 0 else { return false }
    return Self.decoders.contains { decode in
      guard let form = decode(text), form != text else { return false }
      return occur(in: form, decoding: depth - 1)
    }
  }

  /// Whether a value stands in a text as it is. A text that can't be looked through in a time that grows with its length
  /// counts as one that holds a value.
  private func stand(in text: [UInt8]) -> Bool {
    if short.contains(text) { return true }
    guard !spellings.isEmpty, text.count >= Self.leastLength else { return false }
    var effort = 64 * text.count + 1 << 16
    for start in 0...text.count - Self.leastLength {
      let hash = Self.hash(text[start], text[start + 1])
      guard starts[hash >> 6] >> UInt64(hash & 63) & 1 == 1,
        let candidates = places[Self.key(text, at: start)]
      else { continue }
      for candidate in candidates where stands(spellings[candidate], at: start, in: text, &effort) {
        return true
      }
      if effort < 0 { return true }
    }
    return false
  }

  private func stands(
    _ spelling: Spelling, at start: Int, in text: [UInt8], _ effort: inout Int
  ) -> Bool {
    effort -= 1
    let end = start + spelling.bytes.count
    guard end <= text.count else { return false }
    for index in spelling.bytes.indices where spelling.bytes[index] != text[start + index] {
      effort -= index
      return false
    }
    guard spelling.isNumber else { return true }
    return !(start > 0 && text[start - 1].isASCIIDigit) && !(end < text.count && text[end].isASCIIDigit)
  }

  private static let decoders: [@Sendable ([UInt8]) -> [UInt8]?] = [
    unescaped, percentDecoded, entitiesDecoded,
  ]

  /// The text without the escapes of JSON; nil if it has none.
  private static func unescaped(_ text: [UInt8]) -> [UInt8]? {
    guard text.contains(UInt8(ascii: "\\")) else { return nil }
    return JSONStringReader.resolved(text.span).map(\.asciiLowercased)
  }

  /// The text with what `%41` and, in forms, `+` stand for; nil if it has neither.
  private static func percentDecoded(_ text: [UInt8]) -> [UInt8]? {
    guard text.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else { return nil }
    var (output, at): ([UInt8], Int) = ([], 0)
    output.reserveCapacity(text.count)
    while at < text.count {
      let (byte, length) = PercentCoding.byte(at: at, of: text)
      output.append(length == 1 && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte.asciiLowercased)
      at += length
    }
    return output
  }
}

// MARK: HTML entities

extension HiddenValues {
  /// The longest between `&` and `;`: `#x10ffff`, and zeros in front of it.
  private static let longestEntity = 10
  private static let entities: [(name: String, character: Unicode.Scalar)] = [
    ("amp", "&"), ("lt", "<"), ("gt", ">"), ("quot", "\""), ("apos", "'"), ("nbsp", "\u{A0}"),
  ]

  /// The text with what `&amp;`, `&#39;` and `&#x27;` stand for; nil if it has no such.
  private static func entitiesDecoded(_ text: [UInt8]) -> [UInt8]? {
    guard var next = text.firstIndex(of: UInt8(ascii: "&")) else { return nil }
    var (output, copied): ([UInt8], Int) = ([], 0)
    while true {
      let name = text[(next + 1)...].prefix(longestEntity + 1).prefix { $0 != UInt8(ascii: ";") }
      if name.count <= longestEntity, name.endIndex < text.count, let character = character(of: name) {
        output += text[copied..<next] + Array(String(character).utf8).map(\.asciiLowercased)
        copied = name.endIndex + 1
      }
      guard let place = text[max(next + 1, copied)...].firstIndex(of: UInt8(ascii: "&")) else { break }
      next = place
    }
    return copied == 0 ? nil : output + text[copied...]
  }

  /// The character that an entity stands for; nil for one that is not known.
  private static func character(of name: ArraySlice<UInt8>) -> Unicode.Scalar? {
    guard name.first == UInt8(ascii: "#") else {
      return entities.first { name.elementsEqual($0.name.utf8) }?.character
    }
    let isHex = name.dropFirst().first == UInt8(ascii: "x")
    let digits = String(decoding: name.dropFirst(isHex ? 2 : 1), as: UTF8.self)
    return UInt32(digits, radix: isHex ? 16 : 10).flatMap(Unicode.Scalar.init)
  }
}

extension HiddenValues {
  /// Returns a JSON text with a mask in place of every string, number and key that holds a value; nil if it is not JSON.
  public func hiding(in body: [UInt8]) -> [UInt8]? {
    guard !isEmpty else { return body }
    var (output, copied, lexer): ([UInt8], Int, JSONLexer) = ([], 0, JSONLexer())
    do throws(JSONFault) {
      while let token = try lexer.step(in: body.span, separators: false) {
        guard token.kind == .key || token.kind == .string || token.kind == .number,
          holds(token.content(of: body), isNumber: token.kind == .number)
        else { continue }
        output += body[copied..<token.start]
        output += JSONMask.mask
        copied = token.end
      }
    } catch {
      return nil
    }
    return output + body[copied...]
  }

  /// A short number, such as 1, says nothing of another one.
  private func holds(_ content: ByteString, isNumber: Bool) -> Bool {
    isNumber && content.count < Self.leastLength ? false : occur(in: content)
  }
}
