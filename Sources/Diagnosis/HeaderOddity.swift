internal import JSON
public import Webhooks

/// Something about a signature header that a strict reader does not take and a lenient one may.
public enum HeaderOddity: Sendable, Equatable {
  case uppercase
  case space
  case quotes
  case base64
  case hexadecimal
  case cutShort(digits: Int)
  case trailingText
  /// The name of an algorithm, or a stray sign, in front of the digest.
  case prefix(String)
  /// The digest stands under another key than the scheme's; the key is shortened and printable.
  case otherKey(String)
  case severalSignatures(Int)
  /// A signature of an earlier version, called so, stands beside that of the scheme.
  case olderVersion(String)
  case partWithoutEquals
  case separator
  /// `t` is not written as the scheme has it.
  case oddTime
  case severalTimes
  /// Time and digest are there, but not as the parts of the scheme's header.
  case layout
  /// It is percent-encoded.
  case encoded
  /// An ECDSA signature as its two numbers alone.
  case withoutDER

  /// The oddity in a few words.
  func words(under scheme: SignatureScheme) -> String {
    let name = scheme.signatureWords
    switch self {
    case .uppercase: return "the digits are in upper case"
    case .space: return "there is white space around a part"
    case .quotes: return "there are quotes around it"
    case .base64: return "\(name) is in base64 instead of hexadecimal"
    case .hexadecimal: return "\(name) is in hexadecimal instead of base64"
    case .cutShort(let digits): return "\(name) is cut off after \(digits) of \(scheme.digits) digits"
    case .trailingText: return "text follows the \(scheme.digits) digits of \(name)"
    case .prefix(let prefix):
      return "\(prefix) is in front of \(scheme.kind == .hmac ? "the digest" : name)"
    case .otherKey(let key):
      let prefix = String(decoding: scheme.format.signaturePrefix, as: UTF8.self)
      let due = scheme.format.holdsTime ? name : prefix
      return key.isEmpty ? "the digest has no \(prefix) in front" : "the digest is called \(key), not \(due)"
    case .severalSignatures(let count):
      return "it holds \(count) \(scheme.format.holdsTime ? name : "signatures")"
    case .olderVersion(let version): return "it holds a \(version) beside \(name)"
    case .partWithoutEquals: return "one of its parts has no equals sign"
    case .separator: return "its parts are not separated by \(scheme.separatorWords)"
    case .oddTime: return "\(scheme.timeWords) is not plain \(scheme.timeUnit.words)"
    case .severalTimes: return "it holds more than one \(scheme.timeWords)"
    case .encoded: return "it is percent-encoded, as if for a URL"
    case .layout: return "it is not written \(scheme.headerWords)"
    case .withoutDER: return "\(name) is its two numbers one after the other, not in DER"
    }
  }
}

/// What a malformed signature header looks like to someone who has seen others.
public enum HeaderResemblance: Sendable, Equatable {
  case otherDigest(SignatureScheme.Digest)
  case cutShort(digits: Int), base64, hexadecimal, quoted, gitHub, uppercase, separator, spaces, encoded

  /// What the bytes of `header` look like under a scheme that refuses them; nil for nothing in particular.
  init?(_ header: ArraySlice<UInt8>, under scheme: SignatureScheme) {
    let format = scheme.format
    let (prefix, gitHub) = (format.signaturePrefix, Array("sha256=".utf8))
    let parts = format.separator.map { header.split(separator: $0) } ?? [header]
    let signature = parts.last { $0.starts(with: prefix) }?.dropFirst(prefix.count) ?? []
    if prefix != gitHub, header.starts(with: gitHub) || signature.starts(with: gitHub) {
      self = .gitHub
    } else if Self.isQuoted(header) || Self.isQuoted(signature) {
      self = .quoted
    } else if header.speaksOf("%2c") || header.speaksOf("%3d") {
      self = .encoded
    } else if let spelling = Self.spelling(of: signature, scheme) {
      self = spelling
    } else if format.holdsTime, let separator = format.separator, !header.contains(separator),
      header.contains(where: [UInt8(ascii: ";"), UInt8(ascii: ",")].contains)
    {
      self = .separator
    } else if format.separator != UInt8(ascii: " "), header.contains(where: \.isSpaceOrTab) {
      self = .spaces
    } else {
      return nil
    }
  }

  /// How a digest that stands alone differs from the expected format.
  private static func spelling(
    of text: ArraySlice<UInt8>, _ scheme: SignatureScheme
  ) -> HeaderResemblance? {
    guard !text.isEmpty else { return nil }
    guard text.allSatisfy({ $0.hexDigit != nil }) else {
      let isDigest =
        scheme.format.encoding != .base64 && Base64.decodedLeniently(text)?.count == scheme.digest.size
      return isDigest ? .base64 : nil
    }
    if scheme.format.encoding == .base64 { return text.count == scheme.digits ? .hexadecimal : nil }
    if text.count == scheme.digits {
      return text.contains { $0.lowercaseHexDigit == nil } ? .uppercase : nil
    }
    let other = SignatureScheme.Digest.allCases.first {
      2 * $0.size == text.count && text.count < scheme.digits
    }
    return other.map { .otherDigest($0) }
      ?? (text.count < scheme.digits ? .cutShort(digits: text.count) : nil)
  }

  private static func isQuoted(_ text: ArraySlice<UInt8>) -> Bool {
    let quotes = [UInt8(ascii: "\""), UInt8(ascii: "'")]
    return text.first.map(quotes.contains) ?? false || text.last.map(quotes.contains) ?? false
  }

  /// The resemblance in one clause.
  func words(under scheme: SignatureScheme) -> String {
    let name = scheme.signatureWords
    switch self {
    case .otherDigest(let digest):
      return "\(name) has \(2 * digest.size) digits: it is cut short, or \(digest.name)"
    case .cutShort(let digits): return "\(name) has \(digits) of \(scheme.digits) digits: it is cut short"
    case .base64: return "\(name) is a digest in base64, not in hexadecimal"
    case .hexadecimal: return "\(name) is a digest in hexadecimal, not in base64"
    case .quoted: return "there are quotes in it, which something on the way has added"
    case .gitHub: return "it is written as GitHub does: sha256=<hex>, without a time"
    case .uppercase: return "\(name) is in upper case"
    case .separator:
      let isComma = scheme.format.separator == UInt8(ascii: ",")
      return
        "its parts are separated by \(isComma ? "semicolons" : "commas"), not by \(scheme.separatorWords)"
    case .spaces: return "there are spaces between its parts"
    case .encoded: return "it is percent-encoded, as if for a URL"
    }
  }
}

// How a scheme is spoken of.
extension SignatureScheme {
  /// How many hexadecimal digits a signature has.
  var digits: Int { 2 * digest.size }

  fileprivate var separatorWords: String {
    switch format.separator {
    case UInt8(ascii: ";"): "semicolons"
    case UInt8(ascii: " "): "blanks"
    default: "commas"
    }
  }

  /// How the header is to be written, as in `sha256=<64 lower-case hex digits>`.
  var headerWords: String {
    format.template.replacing("{t}", with: "<\(timeUnit.shortWords)>")
      .replacing("{token}", with: "<the secret>")
      .replacing("{hex}", with: "<\(kind.isOneWay ? 128 : digits) lower-case hex digits>")
      .replacing("{HEX}", with: "<\(digits) upper-case hex digits>")
      .replacing("{base64}", with: "<\(kind.isOneWay ? "signature" : "\(digest.size) bytes") in base64>")
  }

  /// What is to be signed, how and in which spelling: `HMAC-SHA256 of t.body in hexadecimal`.
  var signatureDue: String { "\(codeWords(digest)) of \(text.words) in \(format.encoding.words)" }

  /// What is made of the signed text: an HMAC with a hash function, or what a private key makes.
  func codeWords(_ digest: Digest) -> String {
    switch kind {
    case .hmac, .token: digest.words
    case .ed25519: "Ed25519 signature"
    case .ecdsaP256: "ECDSA P-256 signature"
    }
  }
}

extension SignatureScheme.TimeUnit {
  fileprivate var shortWords: String {
    switch self {
    case .seconds: "seconds"
    case .milliseconds: "milliseconds"
    case .date: "date"
    }
  }

  /// The expected format of a time.
  var words: String {
    switch self {
    case .seconds: "unix seconds"
    case .milliseconds: "unix milliseconds"
    case .date: "a date of ISO 8601"
    }
  }
}

extension SignatureFormat.Encoding {
  var words: String {
    switch self {
    case .hex: "hexadecimal"
    case .uppercaseHex: "upper-case hexadecimal"
    case .base64: "base64"
    case .token: "plain text"
    }
  }
}

extension SignatureScheme.Digest {
  fileprivate var name: String {
    switch self {
    case .sha1: "a SHA-1"
    case .sha256: "a SHA-256"
    case .sha512: "a SHA-512"
    case .sha384: "a SHA-384"
    case .md5: "an MD5"
    case .sha3, .sha3Long: "a SHA-3"
    }
  }
}
