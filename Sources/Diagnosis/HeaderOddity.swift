internal import JSON

/// Something about a signature header that a strict reader does not take and a lenient one may.
public enum HeaderOddity: Sendable, Equatable {
  case uppercase
  case space
  case quotes
  case base64
  case cutShort(digits: Int)
  case trailingText
  /// The name of an algorithm, or a stray sign, in front of the digest.
  case prefix(String)
  /// The digest stands under another key than `v1`; the key is shortened and printable.
  case otherKey(String)
  case severalV1(Int)
  case v0
  case partWithoutEquals
  case separator
  /// `t` is not plain unix seconds.
  case oddTime
  case severalTimes

  /// The oddity in a few words.
  var words: String {
    switch self {
    case .uppercase: "the digits are in upper case"
    case .space: "there is white space around a part"
    case .quotes: "there are quotes around it"
    case .base64: "v1 is in base64 instead of hexadecimal"
    case .cutShort(let digits): "v1 is cut off after \(digits) of 64 digits"
    case .trailingText: "text follows the 64 digits of v1"
    case .prefix(let prefix): "\(prefix) stands in front of the digest"
    case .otherKey(let key):
      key.isEmpty ? "the digest has no v1= in front" : "the digest is called \(key), not v1"
    case .severalV1(let count): "it holds \(count) v1"
    case .v0: "it holds a v0 beside v1"
    case .partWithoutEquals: "one of its parts has no equals sign"
    case .separator: "its parts are not separated by commas"
    case .oddTime: "t is not plain unix seconds"
    case .severalTimes: "it holds more than one t"
    }
  }
}

/// What a malformed signature header looks like to someone who has seen others.
public enum HeaderResemblance: Sendable, Equatable {
  case fortyDigits, cutShort(digits: Int), base64, quoted, gitHub, uppercase, semicolons, spaces, encoded

  /// What the bytes of `header` look like; nil where that is nothing in particular.
  init?(_ header: ArraySlice<UInt8>) {
    let part = header.split(separator: UInt8(ascii: ",")).last { $0.starts(with: "v1=".utf8) }
    let v1 = part?.dropFirst(3) ?? []
    let digits = v1.prefix { $0.hexDigit != nil }.count
    if header.starts(with: "sha256=".utf8) || v1.starts(with: "sha256=".utf8) {
      self = .gitHub
    } else if Self.isQuoted(header) || Self.isQuoted(v1) {
      self = .quoted
    } else if header.speaksOf("%2c") || header.speaksOf("%3d") {
      self = .encoded
    } else if v1.count == digits, let number = Self.inDigits(v1) {
      self = number
    } else if !v1.isEmpty, LenientBase64.decoded(v1)?.count == 32 {
      self = .base64
    } else if header.contains(UInt8(ascii: ";")), !header.contains(UInt8(ascii: ",")) {
      self = .semicolons
    } else if header.contains(where: \.isSpaceOrTab) {
      self = .spaces
    } else {
      return nil
    }
  }

  /// What a v1 of hexadecimal digits alone looks like; nil for the 64 lower-case ones that are due.
  private static func inDigits(_ v1: ArraySlice<UInt8>) -> HeaderResemblance? {
    switch v1.count {
    case 40: .fortyDigits
    case 1..<64: .cutShort(digits: v1.count)
    case 64: v1.contains { $0.lowercaseHexDigit == nil } ? .uppercase : nil
    default: nil
    }
  }

  private static func isQuoted(_ text: ArraySlice<UInt8>) -> Bool {
    let quotes = [UInt8(ascii: "\""), UInt8(ascii: "'")]
    return text.first.map(quotes.contains) ?? false || text.last.map(quotes.contains) ?? false
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

/// Names and prefixes by which signatures are met.
enum SignatureNames {
  /// What a signature is called in the header of Parlay and Parable.
  static let signature = Array("v1".utf8)
  /// What a Standard Webhooks secret may have in front when it is taken from a signature header's example.
  static let version = Array("v1,".utf8)
  /// What stands before a digest: the names of algorithms, and what is left of other parts.
  static let prefixes = ["sha256=", "sha1=", "sha512=", "v1=", "=", "0x", "sha256:"]
  /// How the header is to be written.
  static let documented = "t=<seconds>,v1=<64 lower-case hex digits>"
}
