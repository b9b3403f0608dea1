internal import JSON
internal import Webhooks

/// A MAC that a header carries, in whatever spelling, for candidates to be compared with.
struct SignatureTarget: Sendable {
  enum Received: Sendable {
    /// As the strict reader took it.
    case mac(MAC)
    /// Fewer bytes than a digest has where the text was cut short.
    case bytes([UInt8])
    /// The text of a digest that is written wrong.
    case written(DigestForm, [UInt8])
    /// A digest that was read back from a wrong way to write it.
    case read(DigestForm, [UInt8])
    /// A token, which is compared as text.
    case token([UInt8])
    /// What a private key made, for a public key to check; one of ECDSA is in DER.
    case signature([UInt8])
  }

  private let received: Received
  /// The size in bytes of the digest that it is or was the beginning of.
  let digestSize: Int
  /// What a strict reader does not take about the spelling.
  let oddities: [HeaderOddity]

  /// A signature that the strict reader took.
  init(_ mac: MAC, of digest: SignatureScheme.Digest) {
    self.init(.mac(mac), digestSize: digest.size, oddities: [])
  }

  init(_ received: Received, digestSize: Int, oddities: [HeaderOddity]) {
    self.received = received
    self.digestSize = digestSize
    self.oddities = oddities
  }

  /// The MAC that the strict reader took; nil for anything else, and for one that no digest has the size of.
  var mac: MAC? {
    if case .mac(let mac) = received, mac.size == digestSize { mac } else { nil }
  }

  /// Whether `mac` is the MAC that was received, or begins with all that is left of it.
  func matches(_ mac: MAC) -> Bool {
    guard mac.size == digestSize else { return false }
    switch received {
    case .mac(let own): return own.matches(mac)
    case .bytes(let bytes):
      return bytes.count <= mac.size && ConstantTime.areEqual(bytes, Array(mac.array.prefix(bytes.count)))
    case .written(let form, let text): return ConstantTime.areEqual(text, form.written(mac.array))
    case .read(_, let digest): return ConstantTime.areEqual(digest, mac.array)
    case .token, .signature: return false
    }
  }

  /// Whether `secret` is the token that was received.
  func isToken(_ secret: [UInt8]) -> Bool {
    if case .token(let text) = received { ConstantTime.areEqual(text, secret) } else { false }
  }

  /// Whether it is a signature of `message` that `key` verifies.
  func isSignature(of message: [UInt8], by key: PublicKey) -> Bool {
    if case .signature(let bytes) = received { key.verifies(bytes, of: message) } else { false }
  }

  /// How the digest is written wrong; nil if it is not.
  var form: DigestForm? {
    switch received {
    case .written(let form, _), .read(let form, _): form
    default: nil
    }
  }

  /// Whether it is written in another way than the scheme's: in base64 for hexadecimal digits, or the reverse.
  var isOtherEncoding: Bool { oddities.contains(.base64) || oddities.contains(.hexadecimal) }

  /// Fewer hexadecimal digits than these prove nothing: 128 bits are left of the MAC then.
  private static let fewestDigits = 32

  /// The readings of a value that may be a digest, under a scheme that refuses it; none for any other text.
  static func all(
    in value: ArraySlice<UInt8>, oddities: [HeaderOddity], scheme: SignatureScheme
  ) -> [SignatureTarget] {
    let (text, found) = bare(value, scheme.format)
    let oddities = oddities + found
    guard scheme.kind == .hmac else { return signatures(in: text, oddities, scheme) }
    guard text.count >= 22, text.count <= 4096 else { return [] }
    let size = scheme.digest.size
    let forms = DigestForm.allCases.filter { $0.fits(text, size: size) }.map { form in
      let received =
        form.read(text, size: size).map { Received.read(form, $0) } ?? .written(form, Array(text))
      return SignatureTarget(received, digestSize: size, oddities: oddities)
    }
    let digits = text.prefix { $0.hexDigit != nil }
    if digits.count >= fewestDigits { return forms + hexadecimal(digits, of: text, oddities, scheme) }
    let sizes = SignatureScheme.Digest.allCases.map(\.size)
    guard let decoded = Base64.decodedLeniently(text), sizes.contains(decoded.count) else {
      return forms
    }
    let more: [HeaderOddity] = scheme.format.encoding == .base64 ? [] : [.base64]
    return forms + [SignatureTarget(.bytes(decoded), digestSize: decoded.count, oddities: oddities + more)]
  }

  private static func hexadecimal(
    _ digits: ArraySlice<UInt8>, of text: ArraySlice<UInt8>, _ oddities: [HeaderOddity],
    _ scheme: SignatureScheme
  ) -> [SignatureTarget] {
    let oddities = oddities + spelling(of: digits, scheme.format.encoding)
    func target(_ count: Int, size: Int, _ more: HeaderOddity?) -> SignatureTarget {
      SignatureTarget(
        .bytes(NodeHex.decoded(String(decoding: digits.prefix(count), as: UTF8.self))), digestSize: size,
        oddities: oddities + (more.map { [$0] } ?? []))
    }
    let due = scheme.digest.size
    var targets: [SignatureTarget] = []
    if text.count == digits.count {
      let others = Set(SignatureScheme.Digest.allCases.map(\.size)).filter {
        $0 != due && 2 * $0 == digits.count
      }
      targets = others.map { target(digits.count, size: $0, nil) }
    }
    if digits.count < 2 * due {
      targets.append(target(digits.count & ~1, size: due, .cutShort(digits: digits.count)))
    } else {
      targets.append(target(2 * due, size: due, text.count > 2 * due ? .trailingText : nil))
    }
    return targets
  }

  private static func spelling(
    of digits: ArraySlice<UInt8>, _ encoding: SignatureFormat.Encoding
  ) -> [HeaderOddity] {
    switch encoding {
    case .base64: [.hexadecimal]
    case .uppercaseHex: []
    case .hex: digits.contains { $0.lowercaseHexDigit == nil } ? [.uppercase] : []
    case .token: []
    }
  }

  /// The value without quotes, white space and the name of an algorithm.
  private static func bare(
    _ value: ArraySlice<UInt8>, _ format: SignatureFormat
  ) -> (ArraySlice<UInt8>, [HeaderOddity]) {
    var oddities: [HeaderOddity] = []
    var text = value.trimmingSpaces
    if text.count < value.count { oddities.append(.space) }
    if text.contains(0x25), text.count <= 4096, let plain = PercentCoding.decoded(text, plusIsSpace: false) {
      text = plain[...]
      oddities.append(.encoded)
    }
    if text.starts(with: "b'".utf8) || text.starts(with: "b\"".utf8) { text = text.dropFirst() }
    let unquoted = text.trimmingQuotes
    if unquoted.count < text.count { oddities.append(.quotes) }
    text = unquoted
    if let prefix = prefixes(format).first(where: { !$0.isEmpty && text.starts(with: $0) }) {
      text = text.dropFirst(prefix.count)
      oddities.append(.prefix(String(decoding: prefix, as: UTF8.self)))
    }
    return (text, oddities)
  }

  /// What is met in front of a digest: what the scheme has there, the names of algorithms, and stray signs.
  private static func prefixes(_ format: SignatureFormat) -> [[UInt8]] {
    let names = SignatureScheme.Digest.allCases.flatMap { ["\($0.rawValue)=", "\($0.rawValue):"] }
    return [format.signaturePrefix] + (names + ["=", "0x", "{"]).map { Array($0.utf8) }
  }
}

extension ArraySlice<UInt8> {
  /// The slice without quotation marks at its ends.
  var trimmingQuotes: ArraySlice<UInt8> {
    let isQuote = { (byte: UInt8) in byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }
    var slice = self
    while let byte = slice.first, isQuote(byte) { slice = slice.dropFirst() }
    while let byte = slice.last, isQuote(byte) { slice = slice.dropLast() }
    return slice
  }
}
