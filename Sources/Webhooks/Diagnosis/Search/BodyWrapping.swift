internal import JSON

/// A wrapping that a body was put into, or taken out of, on the way.
enum BodyWrapping: Sendable, Equatable {
  case base64, base64Removed, form(field: String), jsonString, jsonField(String), gzip, deflate

  /// The bodies that `body` may be a wrapping of, or that it may have been unwrapped from.
  static func all(of body: [UInt8]) -> [(BodyWrapping, [UInt8])] {
    var found: [(BodyWrapping, [UInt8])] = []
    if let bytes = Inflation.gunzipped(body, limit: Inflation.limit) { found.append((.gzip, bytes)) }
    if let bytes = Inflation.zlibInflated(body, limit: Inflation.limit) { found.append((.deflate, bytes)) }
    let bare = Array(body[...].trimmingSpaces.trimmingQuotes)
    if let bytes = LenientBase64.decoded(bare[...]) { found.append((.base64, bytes)) }
    found += fromForm(body) + fromJSON(body)
    var text: [UInt8] = []
    Base64.append(body, to: &text)
    found.append((.base64Removed, text))
    return found
  }

  private static func fromForm(_ body: [UInt8]) -> [(BodyWrapping, [UInt8])] {
    guard let mark = body.firstIndex(of: UInt8(ascii: "=")), (1...32).contains(mark) else { return [] }
    let name = body[..<mark]
    guard name.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit || $0 == 0x5F }) else {
      return []
    }
    let value = body[(mark + 1)...].prefix { $0 != UInt8(ascii: "&") }
    let field = String(decoding: name, as: UTF8.self)
    return [true, false].compactMap { plusIsSpace in
      PercentCoding.decoded(value, plusIsSpace: plusIsSpace).map { (.form(field: field), $0) }
    }
  }

  /// The document inside of a JSON string, or inside of a member of the outermost object.
  private static func fromJSON(_ body: [UInt8]) -> [(BodyWrapping, [UInt8])] {
    guard let outline = JSONOutline(body), let first = outline.tokens.first else { return [] }
    if first.kind == .string { return [(.jsonString, outline.text(at: 0))] }
    guard first.kind == .beginObject else { return [] }
    return outline.keys(ofObjectAt: 0).prefix(32).flatMap { key -> [(BodyWrapping, [UInt8])] in
      guard outline.tokens[key + 1].kind == .string else { return [] }
      let text = outline.text(at: key + 1)
      let name = Printable.short(String(decoding: outline.text(at: key), as: UTF8.self), limit: 24)
      return [text, LenientBase64.decoded(text[...])].compactMap { $0 }.filter(isDocument).map {
        (.jsonField(name), $0)
      }
    }
  }

  private static func isDocument(_ text: [UInt8]) -> Bool {
    let first = text.first { !$0.isSpaceOrTab && $0 != 0x0A && $0 != 0x0D }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
  }

  /// What happened, as the end of a sentence about the body.
  var words: String {
    switch self {
    case .base64: "was put into base64"
    case .base64Removed: "was decoded from base64"
    case .form(let field): "was put into the form field \(field)"
    case .jsonString: "was put into a JSON string"
    case .jsonField(let name): "was put into the JSON field \(name)"
    case .gzip: "was compressed with gzip"
    case .deflate: "was compressed with deflate"
    }
  }
}
