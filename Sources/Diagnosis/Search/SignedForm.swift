internal import JSON
internal import Webhooks

/// One way to put together the text that is signed, and the digest it is signed with.
struct SignedForm: Sendable, Equatable {
  typealias Digest = SignatureScheme.Digest

  /// What is made of key and text.
  enum Method: Sendable, Equatable {
    /// What the scheme's kind makes of them; a private key signs the text as it is.
    case hmac
    /// HMAC with the text as the key, and the key as the text.
    case exchanged
    /// A hash without HMAC, of the text and the secret in this order.
    case hash(HashedOrder, between: String)
    /// HMAC of the hash of the text, or of the text in an encoding.
    case ofHash(SignedInstead.Spelling), ofHexadecimal, ofBase64
    /// The hash of the HMAC, as bytes or in hexadecimal; HMAC of the HMAC.
    case hashed, hashedHexadecimal, twice
  }

  enum HashedOrder: Sendable, Equatable, CaseIterable {
    case secretFirst, secretLast, secretAround, withoutSecret
  }

  let text: SignedTextTemplate
  let digest: Digest
  let method: Method

  init(text: SignedTextTemplate, digest: Digest, method: Method = .hmac) {
    self.text = text
    self.digest = digest
    self.method = method
  }

  /// The code of a text; nil if libcrypto could not make one.
  func code(of text: SignedText, with key: KeyCandidate) -> MAC? {
    let hash = PlainHash(digest)
    let code: [UInt8]?
    switch method {
    case .hmac: return hmac(of: text, key)
    case .exchanged:
      code = MACKey(Array(text.parts.joined()), digest: digest)?.digest([key.identity])
    case .hash(let order, let between):
      code = hash.digest(order.parts(text.parts, key.identity, Array(between.utf8)))
    case .ofHash(let spelling):
      code = hash.digest(text.parts).flatMap { key.key(digest: digest)?.digest([spelling.written($0)]) }
    case .ofHexadecimal:
      code = key.key(digest: digest)?.digest([Array(Hex.text(Array(text.parts.joined())).utf8)])
    case .ofBase64: code = key.key(digest: digest)?.digest([Base64.encoded(Array(text.parts.joined()))])
    case .hashed: code = hmac(of: text, key).flatMap { hash.digest([$0.array]) }
    case .hashedHexadecimal:
      code = hmac(of: text, key).flatMap { hash.digest([Array(Hex.text($0.array).utf8)]) }
    case .twice: code = hmac(of: text, key).flatMap { key.key(digest: digest)?.digest([$0.array]) }
    }
    return code.flatMap { MAC($0) }
  }

  /// What a sender of this scheme signs.
  init(of scheme: SignatureScheme) {
    self.init(text: scheme.text, digest: scheme.digest)
  }

  private func hmac(of text: SignedText, _ key: KeyCandidate) -> MAC? {
    key.key(digest: digest)?.authenticate(text)
  }

  /// The texts that senders are known to sign, the likeliest first.
  static let usualTexts = [
    "{t}.{body}", "{body}", "{t}{body}", "{t}:{body}", "{t}\n{body}", "{body}.{t}", "{body}{t}",
    "v0:{t}:{body}",
    "{id}.{t}.{body}",
  ].compactMap { SignedTextTemplate($0) }

  /// The texts that are signed by mistake, or by few.
  private static let rareTexts = [
    "{t}|{body}", "{t} {body}", "{t}-{body}", "{t},{body}", "{t}_{body}", "{t}/{body}", "t={t}.{body}",
    "t={t},{body}",
    "t={t}{body}", "t={t}&body={body}", "v1.{t}.{body}", "v1:{t}:{body}", "v1={t}.{body}", "{t}.{t}.{body}",
    "{t}\r\n{body}", "{body}:{t}", "{body}|{t}", "{body}\n{t}", "{id}{t}{body}", "{id}.{body}", "{id}{body}",
    "{t}.{id}.{body}", "{id}:{t}:{body}", "{body}.{id}", "{body}{id}", ".{body}", "undefined.{body}",
    "null.{body}",
    "None.{body}", "NaN.{body}", "0.{body}", "POST{body}", "{url}{body}", "{method}{url}{body}",
    "{method}{url}{body}{t}",
  ].compactMap { SignedTextTemplate($0) }

  private static let methods: [Method] =
    [
      .exchanged, .ofHash(.hexadecimal), .ofHash(.bytes), .ofHash(.base64),
      .hash(.withoutSecret, between: ""),
    ]
    + [HashedOrder.secretFirst, .secretLast].flatMap { order in
      ["", ".", ":", "|", "\n", "&key=", "-", "_"].map { .hash(order, between: $0) }
    } + [.hash(.secretAround, between: ""), .ofBase64, .ofHexadecimal, .hashed, .hashedHexadecimal, .twice]

  /// What is computed otherwise than as HMAC of a usual text, or of a text that is signed by few.
  static func rare(than scheme: SignatureScheme, digests: [Digest]) -> [SignedForm] {
    let form = SignedForm(of: scheme)
    guard scheme.kind == .hmac else {
      return scheme.kind.isOneWay ? rareTexts.map { SignedForm(text: $0, digest: form.digest) } : []
    }
    let main = ([form.text] + ["{body}", "{t}{body}", "{body}{t}"].compactMap { SignedTextTemplate($0) })
      .reduce(into: [SignedTextTemplate]()) { if !$0.contains($1) { $0.append($1) } }
    return digests.flatMap { digest in
      methods.flatMap { method in main.map { SignedForm(text: $0, digest: digest, method: method) } }
        + rareTexts.map { SignedForm(text: $0, digest: digest) }
        + digest.rareOnes.flatMap { rare in main.map { SignedForm(text: $0, digest: rare) } }
    }
  }

  /// Every other form than that of `scheme` with a usual text, or that of one of `schemes`, and one of `digests`.
  ///
  /// What signs the URL is a rare text for all who do not.
  static func others(
    than scheme: SignatureScheme, schemes: [SignatureScheme], digests: [Digest]
  ) -> [SignedForm] {
    guard scheme.kind != .token else { return [] }
    let form = SignedForm(of: scheme)
    let more = schemes.map(\.text).filter { scheme.text.usesURL || !$0.usesURL }
    let texts = ([form.text] + usualTexts + more).reduce(into: [SignedTextTemplate]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    return digests.flatMap { digest in texts.map { SignedForm(text: $0, digest: digest) } }
      .filter { $0 != form }
  }
}

extension SignedForm.HashedOrder {
  /// What is hashed, in its order.
  fileprivate func parts(_ text: [[UInt8]], _ secret: [UInt8], _ between: [UInt8]) -> [[UInt8]] {
    switch self {
    case .secretFirst: [secret, between] + text
    case .secretLast: text + [between, secret]
    case .secretAround: [secret] + text + [secret]
    case .withoutSecret: text
    }
  }
}

extension SignedInstead.Spelling {
  func written(_ digest: [UInt8]) -> [UInt8] {
    switch self {
    case .hexadecimal: Array(Hex.text(digest).utf8)
    case .base64: Base64.encoded(digest)
    case .bytes: digest
    }
  }
}

extension PlainHash {
  init(_ digest: SignatureScheme.Digest) {
    self =
      switch digest {
      case .sha256: .sha256
      case .sha1: .sha1
      case .sha512: .sha512
      case .sha384: .sha384
      case .md5: .md5
      case .sha3: .sha3
      case .sha3Long: .sha3Long
      }
  }
}

extension SignedForm {
  /// What was computed, as a sentence; nil for an HMAC of the text.
  var methodWords: String? {
    let hash = PlainHash(digest).title
    let layout = text.words
    switch method {
    case .hmac, .exchanged: return nil
    case .hash(.withoutSecret, _): return "a plain \(hash) of \(layout), without a secret"
    case .hash(.secretFirst, _): return "a plain \(hash) of the secret and \(layout), without HMAC"
    case .hash(.secretLast, _): return "a plain \(hash) of \(layout) and the secret, without HMAC"
    case .hash(.secretAround, _): return "a plain \(hash) of \(layout) between the secret twice, without HMAC"
    case .ofHash(let spelling): return "the \(digest.words) of the \(hash) of \(layout)\(spelling.words)"
    case .ofHexadecimal: return "the \(digest.words) of \(layout) in hexadecimal"
    case .ofBase64: return "the \(digest.words) of \(layout) in base64"
    case .hashed, .hashedHexadecimal: return "the \(hash) of the \(digest.words) of \(layout)"
    case .twice: return "the \(digest.words) of the \(digest.words) of \(layout)"
    }
  }
}

extension SignedTextTemplate {
  /// The text in words, as in `t.body`.
  var words: String {
    switch template {
    case "{body}": "the body alone"
    case "{t}{body}": "t and body without a dot"
    case "{t}\n{body}": "t, a newline and body"
    default: template.replacing("}{", with: "} + {").filter { $0 != "{" && $0 != "}" }
    }
  }
}

extension SignatureScheme.Digest {
  /// The expected digest, and the others whose MACs have one of `sizes`.
  func andOthers(ofSizes sizes: Set<Int>) -> [SignatureScheme.Digest] {
    [self] + Self.allCases.filter { $0 != self && sizes.contains($0.size) && !$0.isRare }
  }

  /// Whether nobody who documents a scheme uses it, and its MACs are as long as those of another one.
  var isRare: Bool { self == .sha3 || self == .sha3Long }

  /// Those with MACs as long as this one's that few take in its place.
  fileprivate var rareOnes: [SignatureScheme.Digest] {
    Self.allCases.filter { $0.isRare && $0.size == size && $0 != self }
  }

  var words: String {
    switch self {
    case .sha1: "HMAC-SHA1"
    case .sha256: "HMAC-SHA256"
    case .sha512: "HMAC-SHA512"
    case .sha384: "HMAC-SHA384"
    case .md5: "HMAC-MD5"
    case .sha3: "HMAC-SHA3-256"
    case .sha3Long: "HMAC-SHA3-512"
    }
  }
}
