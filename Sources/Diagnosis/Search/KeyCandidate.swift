internal import Webhooks

/// A key that may have signed: a secret of the keyring, or what is left of one after some damage is undone.
///
/// Its bytes never leave the search, which reports only the label and the name of the change. Shared, since it is
/// handed on thousands of times.
final class KeyCandidate: Sendable {
  /// Where the key comes from.
  enum Origin: Sendable {
    /// A secret that the verifier tries for this provider.
    case own
    /// One that is used no more, since another has taken its place where that was a rotation.
    case retired(Timestamp, byRotation: Bool)
    /// A secret of another provider.
    case other(Provider)
    /// One that is not tried where the delivery was sent to; the endpoint that it is for, or nil if for none.
    case elsewhere(Endpoint?)
  }

  let label: String
  let origin: Origin
  let changes: [SecretChange]
  /// One for each digest that a received MAC may be of, keyed once.
  private let keys: [(digest: SignedForm.Digest, key: MACKey)]
  /// The same for senders who sign with a private key; nil for a secret of another kind.
  let publicKey: PublicKey?
  /// The secret's text, which a token is.
  let text: [UInt8]
  /// What the text stands for under the scheme: what a set of tried keys remembers.
  let identity: [UInt8]
  private let scheme: SignatureScheme
  /// What secrets of its provider begin with; empty if nothing marks them.
  let prefix: String

  /// - Parameter digests: those that MACs are made with.
  init(_ secret: SigningSecret, origin: Origin, digests: [SignedForm.Digest]) {
    label = secret.label
    self.origin = origin
    changes = []
    text = secret.bytes
    scheme = secret.provider.scheme
    prefix = secret.provider.secretPrefix ?? scheme.keyForm.prefix
    identity = scheme.key(of: text) ?? text
    keys = Self.keys(identity, digests)
    publicKey = Self.publicKey(identity, scheme)
  }

  private init(_ candidate: KeyCandidate, _ change: SecretChange, _ text: [UInt8], _ identity: [UInt8]) {
    label = candidate.label
    origin = candidate.origin
    changes = candidate.changes + [change]
    keys = Self.keys(identity, candidate.keys.map(\.digest))
    self.text = text
    self.identity = identity
    scheme = candidate.scheme
    prefix = candidate.prefix
    publicKey = Self.publicKey(identity, scheme)
  }

  private static func publicKey(_ key: [UInt8], _ scheme: SignatureScheme) -> PublicKey? {
    scheme.kind.isOneWay ? PublicKey(key, for: scheme.kind) : nil
  }

  /// Whether it is worth a try where signatures are of this kind.
  func fits(_ kind: SignatureScheme.Kind) -> Bool { publicKey != nil || !kind.isOneWay }

  private static func keys(
    _ key: [UInt8], _ digests: [SignedForm.Digest]
  ) -> [(digest: SignedForm.Digest, key: MACKey)] {
    digests.compactMap { digest in MACKey(key, digest: digest).map { (digest, $0) } }
  }

  /// What its own sender makes of it.
  var keyForm: SignatureScheme.KeyForm { scheme.keyForm }

  var isDamaged: Bool { !changes.isEmpty }

  /// For how many digests it was made.
  var digestCount: Int { keys.count }

  /// The key for one of the digests that the candidate was made for, or for a rare one.
  func key(digest: SignedForm.Digest) -> MACKey? {
    digest.isRare ? MACKey(identity, digest: digest) : keys.first { $0.digest == digest }?.key
  }

  /// The keys one more change away, none of them a key that `seen` has already.
  func damaged(unless seen: inout Set<[UInt8]>) -> [KeyCandidate] {
    // The longest secrets that anyone hands out have some hundred characters.
    guard text.count <= 4096 else { return [] }
    return SecretChange.allCases.compactMap { change in
      guard let text = change.applied(to: text, prefix: prefix) else { return nil }
      let key = change == .undecoded ? text : scheme.key(of: text) ?? text
      return admits(change, key) && seen.insert(key).inserted ? KeyCandidate(self, change, text, key) : nil
    }
  }

  /// Whether a change may lead to a key: whatever is no public key verifies nothing, and nobody hashes one.
  private func admits(_ change: SecretChange, _ key: [UInt8]) -> Bool {
    !scheme.kind.isOneWay || (!change.isOfLibraries && Self.publicKey(key, scheme) != nil)
  }

  /// Hands each key that is one character away to `visit` until that says to stop; gives whether it did.
  ///
  /// They are many, so that each is made only when it is tried.
  func visitOneCharacterAway(_ changes: [SecretChange], _ visit: (KeyCandidate) -> Bool) -> Bool {
    guard text.count <= 256 else { return false }
    return changes.contains { change in
      change.everywhere(in: text).contains { text in
        guard text != self.text, !text.isEmpty else { return false }
        let key = scheme.key(of: text) ?? text
        return admits(change, key) && visit(KeyCandidate(self, change, text, key))
      }
    }
  }

  /// The candidates of a keyring for a delivery of `provider`: the secrets that the verifier tries come first.
  /// - Parameters:
  ///   - endpoint: where it was sent to.
  ///   - arrival: when it came: what a rotation has replaced since was the verifier's own then.
  static func all(
    of keyring: Keyring, provider: Provider?, endpoint: Endpoint?, at arrival: Timestamp,
    digests: [SignedForm.Digest]
  ) -> [KeyCandidate] {
    let candidates = keyring.secrets.map { secret in
      let origin: Origin =
        if let provider, secret.provider != provider {
          .other(secret.provider)
        } else if let retiredAt = secret.retiredAt, !secret.isInForce(at: arrival) {
          .retired(retiredAt, byRotation: secret.wasRotated)
        } else if !keyring.tries(secret, on: endpoint) {
          .elsewhere(secret.endpoint)
        } else { .own }
      return KeyCandidate(secret, origin: origin, digests: digests)
    }
    let own = candidates.filter(\.isOwn)
    // What is configured for two senders alike is tried once.
    return own + candidates.filter { other in !other.isOwn && !own.contains { $0.isAlike(other) } }
  }

  /// Whether the same keys are made of both.
  private func isAlike(_ other: KeyCandidate) -> Bool {
    text == other.text && identity == other.identity && prefix == other.prefix
      && keyForm == other.keyForm && scheme.kind == other.scheme.kind
  }

  var isOwn: Bool { if case .own = origin { true } else { false } }
}
