internal import JSON
internal import Webhooks

/// A wrapping that a body was put into, or taken out of, on the way.
enum BodyWrapping: Sendable, Equatable {
  case base64, base64Removed, form(field: String), jsonString, jsonField(String), gzip, deflate

  /// The body after it was wrapped, or unwrapped; nil where it can't be, or would not show afterwards.
  func applied(to body: [UInt8]) -> [UInt8]? {
    switch self {
    case .base64: return Base64.encoded(body)
    case .base64Removed:
      return Base64.decodedLeniently(body[...]).flatMap { Base64.encoded($0) == body ? $0 : nil }
    case .form(let field): return Array("\(field)=".utf8) + PercentCoding.encodedForm(body)
    case .jsonString: return Self.jsonString(body)
    case .jsonField(let name):
      guard Self.isDocument(body), let text = Self.jsonString(body) else { return nil }
      return Array(#"{"\#(name)":"#.utf8) + text + Array("}".utf8)
    case .gzip: return body.count <= Inflation.limit ? Deflation.gzipped(body) : nil
    case .deflate: return body.count <= Inflation.limit ? Deflation.zlibDeflated(body) : nil
    }
  }

  private static func jsonString(_ body: [UInt8]) -> [UInt8]? {
    guard body.isUTF8 else { return nil }
    var writer = JSONWriter()
    writer.array { $0.element(ByteString(body)) }
    return Array(writer.bytes.dropFirst().dropLast())
  }

  /// The body before this happened to it; nil where it can't have happened.
  func undone(_ body: [UInt8], memory: SearchMemory = .byHand) -> [UInt8]? {
    var original: [UInt8]?
    _ = Self.visit(body, memory) { wrapping, bytes in
      if wrapping == self { original = bytes }
      return original != nil
    }
    return original
  }

  /// Hands each body that `body` may be a wrapping of, or that it may have been unwrapped from, to `visit` until
  /// that says to stop, and nil for one that would be too large; gives whether it was stopped.
  static func visit(
    _ body: [UInt8], _ memory: SearchMemory, _ visit: (BodyWrapping, [UInt8]?) -> Bool
  ) -> Bool {
    if let bytes = Inflation.gunzipped(body, limit: Inflation.limit), visit(.gzip, bytes) { return true }
    if let bytes = Inflation.zlibInflated(body, limit: Inflation.limit), visit(.deflate, bytes) {
      return true
    }
    if let bytes = Base64.decodedLeniently(body[...].trimmingSpaces.trimmingQuotes), visit(.base64, bytes) {
      return true
    }
    for plusIsSpace in [true, false] {
      if let (field, bytes) = fromForm(body, plusIsSpace: plusIsSpace), visit(.form(field: field), bytes) {
        return true
      }
    }
    if visitJSON(body, memory, visit) { return true }
    guard body.count / 3 * 4 + 4 <= memory.candidate else { return visit(.base64Removed, nil) }
    return visit(.base64Removed, Base64.encoded(body))
  }

  private static func fromForm(_ body: [UInt8], plusIsSpace: Bool) -> (field: String, value: [UInt8])? {
    guard let mark = body.prefix(33).firstIndex(of: UInt8(ascii: "=")), mark > 0 else { return nil }
    let name = body[..<mark]
    guard name.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit || $0 == 0x5F }) else {
      return nil
    }
    let value = body[(mark + 1)...].prefix { $0 != UInt8(ascii: "&") }
    return PercentCoding.decoded(value, plusIsSpace: plusIsSpace).map {
      (String(decoding: name, as: UTF8.self), $0)
    }
  }

  /// The document inside of a JSON string, or inside of a member of the outermost object.
  private static func visitJSON(
    _ body: [UInt8], _ memory: SearchMemory, _ visit: (BodyWrapping, [UInt8]?) -> Bool
  ) -> Bool {
    guard let outline = JSONOutline(body, limit: memory.tokens), let first = outline.tokens.first else {
      return false
    }
    if first.kind == .string { return visit(.jsonString, outline.text(at: 0)) }
    guard first.kind == .beginObject else { return false }
    for key in outline.keys(ofObjectAt: 0).prefix(32) where outline.tokens[key + 1].kind == .string {
      let text = outline.text(at: key + 1)
      let name = Printable.short(String(decoding: outline.text(at: key), as: UTF8.self), limit: 24)
      if isDocument(text), visit(.jsonField(name), text) { return true }
      guard let decoded = Base64.decodedLeniently(text[...]), isDocument(decoded) else { continue }
      if visit(.jsonField(name), decoded) { return true }
    }
    return false
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
