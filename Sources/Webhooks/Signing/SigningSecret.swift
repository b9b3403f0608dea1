internal import COpenSSL
internal import JSON

/// One signing secret of a provider, usable for signing and verifying and shown only by its label.
public struct SigningSecret: Sendable {
  /// `parlay`, or `parlay/LABEL` where a provider has several.
  public private(set) var label: String
  /// The label as verdicts hold it: one storage for all of them.
  private(set) var labelBytes: ByteString
  public let provider: Provider
  private let kind: SignatureScheme.Kind
  /// The first 8 hexadecimal digits of the secret's SHA-256: enough to tell two secrets apart.
  public let fingerprint: String
  /// The same as a number, as verdicts hold it.
  package let fingerprintNumber: UInt32
  /// What looks wrong about the secret's shape; never a reason to refuse it.
  public let warnings: [SecretWarning]
  /// When the secret was taken out of use; it verifies nothing any more and only helps to explain failures.
  public var retiredAt: Timestamp?
  /// Whether it was retired because a rotation has put another in its place: what came before that is judged by it.
  public var wasRotated = false
  /// The id of the webhook that it belongs to; nil if nothing says so.
  public var webhook: String?
  /// The endpoint whose deliveries alone it verifies; nil: those of any that has no secret of its own.
  public var endpoint: Endpoint?
  package let bytes: [UInt8]
  /// How it may be written in a text, to be hidden there.
  let spellings: [[UInt8]]
  package let key: MACKey
  /// The same as a public key, for a scheme whose sender signs with a private one.
  private let publicKey: PublicKey?

  /// A secret as its provider handed it over: the whole string, as UTF-8 bytes, nothing decoded.
  /// - Throws: `SecretError`.
  public init(
    _ secret: String, label: String, provider: Provider, retiredAt: Timestamp? = nil
  ) throws(SecretError) {
    guard !secret.isEmpty else { throw .empty(label: label) }
    self.label = label
    labelBytes = ByteString(label)
    self.provider = provider
    kind = provider.scheme.kind
    self.retiredAt = retiredAt
    bytes = Array(secret.utf8)
    spellings = Self.spellings(of: bytes)
    let scheme = provider.scheme
    let isPEM = kind.isOneWay && PublicKey.isPEM(bytes)
    guard let keyBytes = isPEM ? bytes : scheme.key(of: bytes) else { throw .otherForm(label: label, kind) }
    guard let key = MACKey(keyBytes, digest: scheme.digest) else { throw .noHMAC }
    self.key = key
    publicKey =
      isPEM ? PublicKey(pem: bytes, for: kind) : kind.isOneWay ? PublicKey(keyBytes, for: kind) : nil
    guard publicKey != nil || !kind.isOneWay else { throw .otherForm(label: label, kind) }
    let digest = Self.digest(bytes)
    fingerprint = Hex.text(digest)
    fingerprintNumber = digest.reduce(0) { $0 << 8 | UInt32($1) }
    // White space is no part of what PEM says.
    warnings = isPEM ? [] : SecretWarning.about(secret, of: provider)
  }

  /// Whether it verifies what arrives at a moment.
  package func isInForce(at moment: Timestamp) -> Bool {
    guard let retiredAt else { return true }
    return wasRotated && moment < retiredAt
  }

  /// The same secret under another label.
  public func labelled(_ label: String) -> SigningSecret {
    var secret = self
    secret.label = label
    secret.labelBytes = ByteString(label)
    return secret
  }

  /// Whether `text` may stand behind the provider's name in a label: short, visible, and no secret itself, since
  /// labels are shown.
  public static func isLabel(_ text: some StringProtocol) -> Bool {
    (1...40).contains(text.unicodeScalars.count) && !text.contains("whsec_")
      && text.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || ("0"..."9").contains($0) || ["-", "_", "."].contains($0)
      }
  }

  /// The header fields that sign `body` at `moment`, as the secret's provider does, or another one.
  /// - Parameters:
  ///   - id: the delivery's id, for schemes that sign it.
  ///   - url: what it is posted to, for schemes that sign it.
  public func fields(
    signing body: [UInt8], at moment: Timestamp, id: [UInt8] = [], url: [UInt8] = [],
    as other: Provider? = nil
  ) -> [Headers.Field] {
    let scheme = (other ?? provider).scheme
    return fields(signing: body, time: scheme.timeText(at: moment), id: id, url: url, under: scheme)
  }

  /// The header fields that sign `body` under a scheme; none if the secret is not in the form that it asks for, if only
  /// a private key signs, or libcrypto could not make the signature.
  /// - Parameter time: the text of the time, whatever it is.
  package func fields(
    signing body: [UInt8], time: [UInt8], id: [UInt8], url: [UInt8] = [], under scheme: SignatureScheme
  ) -> [Headers.Field] {
    switch scheme.kind {
    case .hmac: break
    case .token: return scheme.fields(with: bytes, time: time, id: id)
    case .ed25519, .ecdsaP256: return []
    }
    let isOwn = scheme.digest == provider.scheme.digest && scheme.keyForm == provider.scheme.keyForm
    let other = isOwn ? key : scheme.key(of: bytes).flatMap { MACKey($0, digest: scheme.digest) }
    return other.flatMap { scheme.sign(body, with: $0, time: time, id: id, url: url) } ?? []
  }

  /// Whether one of the signatures that were read is this secret's, of `text`.
  func signs(_ text: SignedText, as reading: SignatureReading) -> Bool {
    switch kind {
    case .hmac:
      guard let expected = key.authenticate(text) else { return false }
      return reading.candidates.contains { $0.matches(expected) }
    case .token: return reading.values.contains { ConstantTime.areEqual($0, bytes) }
    case .ed25519, .ecdsaP256:
      guard let publicKey, !reading.values.isEmpty else { return false }
      let message = Array(text.parts.joined())
      return reading.values.contains { publicKey.verifies($0, of: message) }
    }
  }

  /// The first bytes of its SHA-256.
  private static func digest(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    SHA256(bytes, bytes.count, &digest)
    return Array(digest.prefix(4))
  }
}

extension SigningSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  // Printing, interpolating and dumping a value all end here, so none of them can show the bytes.
  public var description: String { "\(label) (\(fingerprint))" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["label": label, "fingerprint": fingerprint]) }
}

/// Why a signing secret can't be used.
public enum SecretError: Error, Equatable, CustomStringConvertible {
  case empty(label: String)
  /// The provider's scheme asks for another form, as base64 behind a prefix, or a public key.
  case otherForm(label: String, SignatureScheme.Kind)
  /// The system's libcrypto makes no HMAC.
  case noHMAC

  public var description: String {
    switch self {
    case .empty(let label):
      "the signing secret for \(label) is empty: give the whole value that the provider showed once"
    case .otherForm(let label, .ed25519):
      "what verifies \(label) is the sender's public key, 64 hexadecimal digits or PEM: copy it again"
    case .otherForm(let label, .ecdsaP256):
      "what verifies \(label) is the sender's public key of P-256, DER in base64 or PEM: copy all of it again"
    case .otherForm(let label, .hmac), .otherForm(let label, .token):
      "the signing secret for \(label) is not in the form that this sender's scheme uses: copy the whole value again"
    case .noHMAC:
      "libcrypto refuses HMAC-SHA256, so nothing can be verified or signed: check OPENSSL_CONF and OpenSSL's providers"
    }
  }
}

/// A sign that a secret was damaged when it was copied, or is not a signing secret at all.
public enum SecretWarning: Sendable, Equatable {
  case whitespaceAtEnds
  /// It begins as other values of the provider do; `due` is what its signing secrets begin with.
  case otherKind(prefix: String, due: String?)
  case masked
  case placeholder
  case unexpandedVariable

  static func about(_ secret: String, of provider: Provider) -> [SecretWarning] {
    var warnings: [SecretWarning] = []
    if let first = secret.first, let last = secret.last, first.isWhitespace || last.isWhitespace {
      warnings.append(.whitespaceAtEnds)
    }
    if let prefix = provider.otherPrefixes.first(where: secret.hasPrefix) {
      warnings.append(.otherKind(prefix: prefix, due: provider.secretPrefix))
    }
    if secret.contains("****") || secret.contains("••••") { warnings.append(.masked) }
    if secret.contains("…") || secret.contains("...") { warnings.append(.placeholder) }
    if secret.contains("${") || secret.hasPrefix("$") { warnings.append(.unexpandedVariable) }
    return warnings
  }

  /// One line for the user: what looks wrong with the secret called `label`, and what to do.
  public func sentence(label: String) -> String {
    switch self {
    case .whitespaceAtEnds:
      "the secret for \(label) begins or ends with white space, which counts as part of it: copy it again"
    case .otherKind(let prefix, let due):
      "the secret for \(label) begins with \(prefix), which is an API key or an id: use the \(due.map { $0 + "… " } ?? "")signing secret"
    case .masked:
      "the secret for \(label) is masked: copy the whole value, not the one with stars"
    case .placeholder:
      "the secret for \(label) has dots where the rest of it is left out: copy the whole value"
    case .unexpandedVariable:
      "the secret for \(label) holds a variable that was not filled in: use env:NAME to read one"
    }
  }
}
