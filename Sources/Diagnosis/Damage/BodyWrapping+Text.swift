internal import JSON
internal import Webhooks

// Documents that were put into another document: as text, or as they are.
extension BodyWrapping {
  /// How many strings and objects of a document are examined.
  private static let places = 64

  /// The documents inside of a JSON document.
  static func visitJSON(
    _ body: [UInt8], _ memory: SearchMemory, _ visit: (BodyWrapping, [UInt8]?) -> Bool
  ) -> Bool {
    guard isDocument(body) || body.first(where: { $0 > 0x20 }) == 0x22 else { return false }
    guard let outline = JSONOutline(body, limit: memory.tokens), let first = outline.tokens.first else {
      return body.count <= memory.copied && visitMarked(body, memory, visit)
    }
    if first.kind == .string { return visit(.jsonString, outline.text(at: 0)) }
    return visitTexts(outline, visit) || visitMembers(outline, visit)
  }

  /// A document that was put into another one with the mark in front of it, which makes that no JSON.
  private static func visitMarked(
    _ body: [UInt8], _ memory: SearchMemory, _ visit: (BodyWrapping, [UInt8]?) -> Bool
  ) -> Bool {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    guard let place = body.indices.first(where: { body[$0] == mark[0] && body[$0...].starts(with: mark) }),
      let outline = JSONOutline(Array(body[..<place] + body[(place + 3)...]), limit: memory.tokens)
    else { return false }
    return visitMembers(outline) { wrapping, inner in
      guard let inner, outline.body[place...].starts(with: inner) else { return false }
      return visit(wrapping, mark + inner)
    }
  }

  private static func visitTexts(_ outline: JSONOutline, _ visit: (BodyWrapping, [UInt8]?) -> Bool) -> Bool {
    // A document has some bytes; shorter text is not worth a look.
    let strings = outline.tokens.indices.filter {
      outline.tokens[$0].kind == .string && outline.tokens[$0].end - outline.tokens[$0].start >= 10
    }
    return strings.prefix(places).contains { at in
      let text = outline.text(at: at)
      let name = Self.name(of: at, in: outline)
      // Inside may be a form that holds the document, or base64 of it.
      let isWorthALook =
        isDocument(EdgeChange.markAdded.undone(text) ?? text) || text.contains(0x25)
        || Base64.decodedLeniently(text[...]) != nil
      return isWorthALook && visit(.jsonField(name), text)
    }
  }

  private static func visitMembers(_ outline: JSONOutline, _ visit: (BodyWrapping, [UInt8]?) -> Bool) -> Bool
  {
    let isArray = outline.tokens[0].kind == .beginArray
    if isArray, outline.tokens.count > 2, outline.end(of: 1) == outline.end(of: 0) - 1,
      visit(.array, value(at: 1, of: outline))
    {
      return true
    }
    return inner(of: outline).contains { at in
      guard isEnvelope(at, of: outline) else { return false }
      return visit(.jsonMember(name(of: at, in: outline)), value(at: at, of: outline))
    }
  }

  /// The objects and arrays inside of the outermost one.
  static func inner(of outline: JSONOutline) -> [Int] {
    Array(outline.tokens.indices.dropFirst().lazy.filter { outline.tokens[$0].kind.isOpening }.prefix(places))
  }

  /// The value at `at`, as it is written.
  static func value(at: Int, of outline: JSONOutline) -> [UInt8] {
    Array(outline.body[outline.range(ofValueAt: at)])
  }

  /// The key of the value at `at`, printable.
  static func name(of at: Int, in outline: JSONOutline) -> String {
    let key = outline.tokens[..<at].lastIndex { $0.kind == .key }
    return key.map { Printable.short(String(decoding: outline.text(at: $0), as: UTF8.self), limit: 24) } ?? ""
  }

  private static let envelopes = [
    "payload", "body", "message", "detail", "event", "records", "record", "content", "envelope", "json",
    "request",
    "webhook",
  ]

  /// Whether what holds the value seems to be there for it only.
  static func isEnvelope(_ at: Int, of outline: JSONOutline) -> Bool {
    let isOnly = at == 2 && outline.tokens[1].kind == .key && outline.end(of: 2) == outline.end(of: 0) - 1
    return isOnly || envelopes.contains(name(of: at, in: outline).asciiLowercased)
  }
}
