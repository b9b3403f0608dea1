internal import JSON
internal import Webhooks

/// A wrapping that a body was put into, or taken out of, on the way.
enum BodyWrapping: Sendable, Equatable {
  case base64, base64Removed, base64URLRemoved, hex, hexRemoved
  case form(field: String), formRemoved, formKey, percent, percentRemoved, multipart
  case jsonString, jsonField(String), jsonMember(String), array, arrayRemoved, memberRemoved(String)
  case gzip, gzipRemoved, deflate, deflateRemoved, rawDeflate, brotli, zstd

  /// The body after it was wrapped, or unwrapped; nil if it can't be, or would not show afterwards.
  func applied(to body: [UInt8]) -> [UInt8]? {
    switch self {
    case .base64: return Base64.encoded(body)
    case .base64Removed:
      return Base64.decodedLeniently(body[...]).flatMap { Base64.encoded($0) == body ? $0 : nil }
    case .hex: return Array(Hex.text(body).utf8)
    case .form(let field): return Array("\(field)=".utf8) + PercentCoding.encodedForm(body)
    case .formKey: return PercentCoding.encodedForm(body) + [UInt8(ascii: "=")]
    case .percent: return PercentCoding.encoded(body)
    case .jsonString: return Self.jsonString(body)
    case .jsonField(let name):
      guard Self.isDocument(body), let text = Self.jsonString(body) else { return nil }
      return Array(#"{"\#(name)":"#.utf8) + text + Array("}".utf8)
    case .jsonMember(let name):
      return JSONOutline(body) == nil ? nil : Array(#"{"\#(name)":"#.utf8) + body + Array("}".utf8)
    case .array: return JSONOutline(body) == nil ? nil : [0x5B] + body + [0x5D]
    case .multipart: return Self.multipart(body)
    case .gzip: return body.count <= Inflation.limit ? Deflation.gzipped(body) : nil
    case .deflate: return body.count <= Inflation.limit ? Deflation.zlibDeflated(body) : nil
    case .rawDeflate: return body.count <= Inflation.limit ? Deflation.stored(body) : nil
    default: return nil
    }
  }

  private static func jsonString(_ body: [UInt8]) -> [UInt8]? {
    guard body.isUTF8 else { return nil }
    // Here a byte order mark is escaped; few senders do that.
    guard let rest = EdgeChange.markAdded.undone(body) else { return JSONText.string(body) }
    return [0x22, 0xEF, 0xBB, 0xBF] + JSONText.string(rest).dropFirst()
  }

  private static func multipart(_ body: [UInt8]) -> [UInt8] {
    let head = "--boundary\r\nContent-Disposition: form-data; name=\"payload\"\r\n\r\n"
    return Array(head.utf8) + body + Array("\r\n--boundary--\r\n".utf8)
  }

  /// The body before this happened to it; nil if it can't have happened.
  func undone(_ body: [UInt8], memory: SearchMemory = .byHand) -> [UInt8]? {
    var original: [UInt8]?
    _ = Self.visit(body, memory) { wrapping, bytes in
      if wrapping == self { original = bytes }
      return original != nil
    }
    return original
  }

  /// Whether the sender signed the wrapping and sent what is inside.
  var isRemoved: Bool {
    switch self {
    case .base64Removed, .base64URLRemoved, .hexRemoved, .formRemoved, .percentRemoved, .arrayRemoved,
      .memberRemoved, .gzipRemoved, .deflateRemoved:
      true
    default: false
    }
  }

  /// Hands each body that `body` may be a wrapping of, or that it may have been unwrapped from, to `visit` until
  /// that says to stop, and nil for one that would be too large; gives whether it was stopped.
  static func visit(
    _ body: [UInt8], _ memory: SearchMemory, _ visit: (BodyWrapping, [UInt8]?) -> Bool
  ) -> Bool {
    if visitWrapped(body, memory, visit) { return true }
    return visitRemoved(body, memory, visit)
  }

  /// Those of `visit` that `body` may be a wrapping of.
  static func visitWrapped(
    _ body: [UInt8], _ memory: SearchMemory, _ visit: (BodyWrapping, [UInt8]?) -> Bool
  ) -> Bool {
    let limit = min(Inflation.limit, memory.candidate)
    for (wrapping, inflate) in compressions {
      if let bytes = inflate(body, limit), visit(wrapping, bytes) { return true }
    }
    let text = body[...].trimmingSpaces.trimmingQuotes
    if let bytes = Base64.decodedLeniently(withoutScheme(text)), visit(.base64, bytes) { return true }
    if let bytes = hexadecimal(text), visit(.hex, bytes) { return true }
    for plusIsSpace in [true, false] {
      if visitForm(body, plusIsSpace: plusIsSpace, visit) { return true }
    }
    if let bytes = partOfMultipart(body), visit(.multipart, bytes) { return true }
    return visitJSON(body, memory, visit)
  }

  /// Those of `visit` that `body` may have been unwrapped from.
  static func visitRemoved(
    _ body: [UInt8], _ memory: SearchMemory, _ visit: (BodyWrapping, [UInt8]?) -> Bool
  ) -> Bool {
    guard body.count / 3 * 4 + 4 <= memory.candidate else { return visit(.base64Removed, nil) }
    let base64 = Base64.encoded(body)
    if visit(.base64Removed, base64) { return true }
    guard body.count <= memory.copied else { return visit(.hexRemoved, nil) }
    let unpadded = Array(base64.prefix { $0 != 0x3D })
    let url = base64.map { $0 == 0x2B ? 0x2D : $0 == 0x2F ? 0x5F : $0 }
    let variants = [unpadded, url, Array(url.prefix { $0 != 0x3D }), lines(base64, of: 76)]
    if variants.contains(where: { visit(.base64URLRemoved, $0) }) { return true }
    let hex = Hex.text(body)
    if visit(.hexRemoved, Array(hex.utf8)) || visit(.hexRemoved, Array(hex.uppercased().utf8)) { return true }
    for field in ["payload", "data", "body"] {
      let name = Array("\(field)=".utf8)
      for value in [PercentCoding.encodedForm(body), PercentCoding.encoded(body), body] {
        if visit(.formRemoved, name + value) { return true }
      }
    }
    let encoded = [PercentCoding.encodedForm(body), PercentCoding.encoded(body)]
    if encoded.contains(where: { visit(.percentRemoved, $0) || visit(.percentRemoved, $0 + [0x3D]) }) {
      return true
    }
    guard isDocument(body) else { return false }
    if visit(.arrayRemoved, [0x5B] + body + [0x5D]) { return true }
    return ["payload", "data", "body", "event", "message"].contains { name in
      [":", ": "].contains { colon in
        visit(.memberRemoved(name), Array("{\"\(name)\"\(colon)".utf8) + body + [0x7D])
      }
    }
  }

  private static func lines(_ text: [UInt8], of size: Int) -> [UInt8] {
    stride(from: 0, to: text.count, by: size).flatMap { text[$0..<min($0 + size, text.count)] + [0x0A] }
  }

  /// Each takes a body, and how many bytes may come out of it.
  private static let compressions: [(BodyWrapping, @Sendable ([UInt8], Int) -> [UInt8]?)] = [
    (.gzip, { Inflation.gunzipped($0, limit: $1) }),
    (.deflate, { Inflation.zlibInflated($0, limit: $1) }),
    (.zstd, { SystemDecompressor.zstd($0, limit: $1) }),
    (.rawDeflate, { isText($0) ? nil : Inflation.inflated($0, limit: $1) }),
    (.brotli, { isText($0) ? nil : SystemDecompressor.brotli($0, limit: $1) }),
  ]

  /// Whether the body begins as text does, in whichever encoding: what is compressed has a control character before long.
  private static func isText(_ body: [UInt8]) -> Bool {
    body.count < 4 || body.prefix(64).allSatisfy { $0 >= 0x20 || 0x09...0x0A ~= $0 || $0 == 0x0D }
  }

  /// Without the head of a `data:` URL.
  private static func withoutScheme(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard text.starts(with: "data:".utf8), let comma = text.prefix(128).firstIndex(of: 0x2C) else {
      return text
    }
    return text[(comma + 1)...]
  }

  /// Hexadecimal digits, with `\x` or `0x` in front or not.
  private static func hexadecimal(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    let isMarked = text.starts(with: #"\x"#.utf8) || text.starts(with: "0x".utf8)
    var digits = isMarked ? text.dropFirst(2) : text
    while let last = digits.last, last <= 0x20 { digits = digits.dropLast() }
    return digits.count >= 4 && digits.first?.hexDigit != nil ? Hex.decoded(Array(digits)) : nil
  }

  private static func visitForm(
    _ body: [UInt8], plusIsSpace: Bool, _ visit: (BodyWrapping, [UInt8]?) -> Bool
  ) -> Bool {
    guard body.first != UInt8(ascii: "{"), body.first != UInt8(ascii: "[") else { return false }
    let fields = body.split(separator: UInt8(ascii: "&"), maxSplits: 64)
    for field in fields where isNamed(field) {
      guard let mark = field.firstIndex(of: UInt8(ascii: "=")),
        let bytes = PercentCoding.decoded(field[(mark + 1)...], plusIsSpace: plusIsSpace)
      else { continue }
      let name = Printable.short(String(decoding: field[..<mark], as: UTF8.self), limit: 32)
      if visit(.form(field: name), bytes) { return true }
    }
    guard body.contains(0x25), let whole = PercentCoding.decoded(body[...], plusIsSpace: plusIsSpace) else {
      return false
    }
    let end = whole.last { $0 > 0x20 }
    if end == UInt8(ascii: "="), visit(.formKey, Array(whole[..<(whole.lastIndex(of: 0x3D) ?? 0)])) {
      return true
    }
    return visit(.percent, whole)
  }

  private static func isNamed(_ field: ArraySlice<UInt8>) -> Bool {
    let name = field.prefix(33).prefix { $0 != UInt8(ascii: "=") }
    return !name.isEmpty && name.count < min(33, field.count)
      && name.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == 0x5F || $0 == 0x5B || $0 == 0x5D }
  }

  /// The first part of a multipart form.
  private static func partOfMultipart(_ body: [UInt8]) -> [UInt8]? {
    guard body.starts(with: "--".utf8), let line = body.prefix(128).firstIndex(of: 0x0D) else { return nil }
    let boundary = Array("\r\n".utf8) + body[..<line]
    let blank = Array("\r\n\r\n".utf8)
    guard let head = body.indices.prefix(4096).first(where: { body[$0...].starts(with: blank) }) else {
      return nil
    }
    let start = head + blank.count
    let end = body[start...].indices.first { body[$0] == 0x0D && body[$0...].starts(with: boundary) }
    return end.map { Array(body[start..<$0]) }
  }

  static func isDocument(_ text: [UInt8]) -> Bool {
    let first = text.first { !$0.isSpaceOrTab && $0 != 0x0A && $0 != 0x0D }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
  }

  /// What happened, as the end of a sentence about the body.
  var words: String {
    switch self {
    case .base64: "was put into base64"
    case .base64Removed: "was decoded from base64"
    case .base64URLRemoved: "was decoded from base64 (URL-safe, unpadded or in lines)"
    case .hex: "was written in hexadecimal"
    case .hexRemoved: "was decoded from hexadecimal"
    case .form(let field): "was put into the form field \(field)"
    case .formRemoved: "was taken out of a form field"
    case .formKey: "was parsed as the name of a form field"
    case .percent: "was percent-encoded"
    case .percentRemoved: "was percent-decoded"
    case .multipart: "was put into a multipart form"
    case .jsonString: "was put into a JSON string"
    case .jsonField(let name): "was put into the JSON field \(name), as text"
    case .jsonMember(let name): "was put into the JSON field \(name)"
    case .array: "was put into an array of one element"
    case .arrayRemoved: "was taken out of an array of one element"
    case .memberRemoved(let name): "was taken out of the JSON field \(name)"
    case .gzip: "was compressed with gzip"
    case .gzipRemoved: "was decompressed from gzip"
    case .deflate: "was compressed with deflate"
    case .deflateRemoved: "was decompressed from deflate"
    case .rawDeflate: "was compressed with deflate, without zlib's frame"
    case .brotli: "was compressed with brotli"
    case .zstd: "was compressed with zstd"
    }
  }
}
