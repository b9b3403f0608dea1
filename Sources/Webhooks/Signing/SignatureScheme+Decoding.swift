extension SignatureScheme: Decodable {
  private enum Key: String, CodingKey {
    case kind, header, format, separator, several, text, digest, key, prefix, time, unit, window, future, id
  }

  /// Reads a scheme; its time stands where the format says `{t}` unless `time` names a header or `body.` and a path.
  ///
  /// A scheme that could not read what it writes itself is refused: every request would fail it.
  public init(from decoder: any Decoder) throws {
    let facts = try decoder.container(keyedBy: Key.self)
    let kind = try facts.decodeIfPresent(Kind.self, forKey: .kind) ?? .hmac
    let (format, separator) = try Self.format(facts)
    self.init(
      kind, headers: try Self.names(facts, .header), format: format, text: try Self.text(facts, kind),
      digest: try facts.decodeIfPresent(Digest.self, forKey: .digest) ?? .sha256,
      keyForm: try Self.keyForm(facts), time: try Self.time(facts),
      timeUnit: try facts.decodeIfPresent(TimeUnit.self, forKey: .unit) ?? .seconds,
      window: try facts.decodeIfPresent(Double.self, forKey: .window),
      refusesFuture: try Self.refusesFuture(facts),
      idHeaders: facts.contains(.id) ? try Self.names(facts, .id) : [],
      takesSeveral: try facts.decodeIfPresent(Bool.self, forKey: .several)
        ?? (format.holdsTime || separator != nil))
    if let (key, words) = contradiction {
      throw DecodingError.dataCorruptedError(forKey: key, in: facts, debugDescription: words)
    }
  }

  private static func format(
    _ facts: KeyedDecodingContainer<Key>
  ) throws -> (SignatureFormat, separator: Character?) {
    let separator = try facts.decodeIfPresent(String.self, forKey: .separator)
    guard separator.map({ $0.utf8.count == 1 }) ?? true else {
      throw DecodingError.dataCorruptedError(
        forKey: .separator, in: facts, debugDescription: "expected one character, such as a comma or a blank")
    }
    let text = try facts.decode(String.self, forKey: .format)
    guard let format = SignatureFormat(text, separator: separator?.first) else {
      throw DecodingError.dataCorruptedError(
        forKey: .format, in: facts,
        debugDescription:
          "expected a text with {hex} or {base64} at its end, such as \(SignatureFormat.timeAndHex.template)")
    }
    return (format, separator?.first)
  }

  private static func text(
    _ facts: KeyedDecodingContainer<Key>, _ kind: Kind
  ) throws -> SignedTextTemplate {
    if kind == .token, !facts.contains(.text) { return .body }
    guard let text = SignedTextTemplate(try facts.decode(String.self, forKey: .text)) else {
      throw DecodingError.dataCorruptedError(
        forKey: .text, in: facts,
        debugDescription:
          "expected {body}, and at most {t}, {id}, {url}, {method} and text around it, such as {t}.{body}")
    }
    return text
  }

  private static func time(_ facts: KeyedDecodingContainer<Key>) throws -> TimeSource? {
    guard facts.contains(.time) else { return nil }
    let names = try names(facts, .time)
    if names.count == 1, let path = BodyPath(names[0]) { return .body(path.keys) }
    return .headers(names)
  }

  private static func refusesFuture(_ facts: KeyedDecodingContainer<Key>) throws -> Bool {
    switch try facts.decodeIfPresent(String.self, forKey: .future) ?? "refused" {
    case "refused": return true
    case "allowed": return false
    default:
      throw DecodingError.dataCorruptedError(
        forKey: .future, in: facts, debugDescription: "expected refused or allowed")
    }
  }

  /// One name, or a list of them.
  private static func names(_ facts: KeyedDecodingContainer<Key>, _ key: Key) throws -> [String] {
    let names =
      try (try? facts.decode(String.self, forKey: key)).map { [$0] }
      ?? facts.decode([String].self, forKey: key)
    guard !names.isEmpty, names.allSatisfy(isHeaderName) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: facts, debugDescription: "expected a header's name, or a list of them")
    }
    return names
  }

  /// Whether a header can be called so.
  private static func isHeaderName(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && !#"(),/:;<=>?@[\]{}"#.utf8.contains($0) }
  }

  private static func keyForm(_ facts: KeyedDecodingContainer<Key>) throws -> KeyForm? {
    let prefix = try facts.decodeIfPresent(String.self, forKey: .prefix) ?? ""
    switch try facts.decodeIfPresent(String.self, forKey: .key) {
    case nil: return nil
    case "utf8": return .utf8
    case "base64": return .base64(after: prefix)
    case "hex": return .hex(after: prefix)
    default:
      throw DecodingError.dataCorruptedError(
        forKey: .key, in: facts, debugDescription: "expected utf8, base64 or hex")
    }
  }
}

extension SignatureScheme {
  /// What in the scheme does not fit the rest of it, and what to write instead; nil if a request can be signed by it
  /// and read back.
  private var contradiction: (key: Key, words: String)? {
    if (format.encoding == .token) != (kind == .token) {
      return (.format, "{token} is for the kind token, which needs it")
    }
    if text.usesTime, time == .nowhere {
      return (.time, "the text holds {t}: name the header that holds the time, or write {t} in the format")
    }
    if text.usesID, idHeaders.isEmpty { return (.id, "the text holds {id}: name the header that holds it") }
    if let window, !(window >= 0 && window.isFinite) { return (.window, "expected a number of seconds") }
    if !readsBack {
      return (
        .format, "this format can't be read back: its separators must not occur in a signature"
      )
    }
    return nil
  }

  /// Whether the scheme finds in its header what it writes there: the signatures, each as a whole, and the time.
  ///
  /// Tried with bytes that need every digit of hexadecimal and base64.
  private var readsBack: Bool {
    let size = kind == .hmac ? digest.size : 64
    let signatures = [UInt8(0x1B), 0xFB].map { first in
      kind == .token ? Array("token".utf8) : (0..<size).map { first &+ UInt8($0) &* 37 }
    }
    let time = timeText(at: Timestamp(microseconds: 1_745_518_397_000_000))
    let values = signatures.map { format.written($0, time: time) }
    return values.allSatisfy { reads($0, as: 1, time) } && (separatorReads(values, time))
  }

  /// Whether two signatures are found where two may stand.
  private func separatorReads(_ values: [[UInt8]], _ time: [UInt8]) -> Bool {
    guard !format.holdsTime, let separator = format.separator else { return true }
    return SignatureReading(Array(values.joined(separator: [separator])), under: self).usableCount == 2
  }

  private func reads(_ value: [UInt8], as count: Int, _ time: [UInt8]) -> Bool {
    let reading = SignatureReading(value, under: self)
    return reading.fault == nil && reading.unusable == nil && reading.usableCount == count
      && reading.signatureCount == count && (self.time != .signature || reading.timeText == time)
  }
}
