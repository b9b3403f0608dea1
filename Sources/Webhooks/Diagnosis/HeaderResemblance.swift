internal import JSON

/// What a malformed signature header looks like to someone who has seen others.
public enum HeaderResemblance: Sendable, Equatable {
  case fortyDigits, cutShort(digits: Int), base64, quoted, gitHub, uppercase, semicolons, spaces, encoded

  init?(_ header: String) {
    let v1 =
      header.split(separator: ",").last { $0.hasPrefix("v1=") }.map { Array($0.dropFirst(3).utf8) } ?? []
    let digits = v1.prefix { $0.hexDigit != nil }.count
    if header.hasPrefix("sha256=") || v1.starts(with: "sha256=".utf8) {
      self = .gitHub
    } else if Self.isQuoted(header) || Self.isQuoted(String(decoding: v1, as: UTF8.self)) {
      self = .quoted
    } else if header.contains("%2C") || header.contains("%3D") || header.contains("%3d") {
      self = .encoded
    } else if v1.count == digits, digits == 40 {
      self = .fortyDigits
    } else if v1.count == digits, 1..<64 ~= digits {
      self = .cutShort(digits: digits)
    } else if v1.count == digits, digits == 64, v1.contains(where: { $0.lowercaseHexDigit == nil }) {
      self = .uppercase
    } else if !v1.isEmpty, LenientBase64.decoded(v1[...])?.count == 32 {
      self = .base64
    } else if header.contains(";"), !header.contains(",") {
      self = .semicolons
    } else if header.contains(" ") || header.contains("\t") {
      self = .spaces
    } else {
      return nil
    }
  }

  private static func isQuoted(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    return [UInt8(ascii: "\""), UInt8(ascii: "'")].contains { $0 == first || $0 == last }
  }

  /// The resemblance in one clause.
  var words: String {
    switch self {
    case .fortyDigits: "v1 has 40 digits: it is cut short, or a SHA-1"
    case .cutShort(let digits): "v1 has \(digits) of 64 digits: it is cut short"
    case .base64: "v1 is a digest in base64, not in hexadecimal"
    case .quoted: "there are quotes in it, which something on the way has added"
    case .gitHub: "it is written as GitHub does: sha256=<hex>, without a time"
    case .uppercase: "v1 is in upper case"
    case .semicolons: "its parts are separated by semicolons, not by commas"
    case .spaces: "there are spaces between its parts"
    case .encoded: "it is percent-encoded, as if for a URL"
    }
  }
}
