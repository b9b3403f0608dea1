/// The signing secrets that a receiver verifies with, in the order they are tried.
public struct Keyring: Sendable {
  public var secrets: [SigningSecret]

  public init(_ secrets: [SigningSecret] = []) {
    self.secrets = secrets
  }

  public var isEmpty: Bool { secrets.isEmpty }

  /// The secrets to try for a delivery of `provider`; retired ones are not.
  ///
  /// Found lazily: a copy of them would cost each delivery more than to pass over the others.
  public func secrets(for provider: Provider) -> LazyFilterSequence<[SigningSecret]> {
    secrets.lazy.filter { $0.provider == provider && $0.retiredAt == nil }
  }

  /// Whether the secret at `index` is tried for a delivery of `provider` that arrived at a moment: one that a rotation
  /// has replaced since still judges what came before.
  ///
  /// Asked by its place: each copy of a secret counts a dozen references, and each delivery asks about all of them.
  /// - Parameter scope: the endpoint whose secrets are tried.
  func tries(_ index: Int, for provider: Provider, in scope: Endpoint?, at moment: Timestamp) -> Bool {
    isOf(provider, index, in: scope) && secrets[index].isInForce(at: moment)
  }

  private func isOf(_ provider: Provider, _ index: Int, in scope: Endpoint?) -> Bool {
    secrets[index].provider == provider && secrets[index].endpoint == scope
  }

  /// The endpoint whose secrets are tried for deliveries to `endpoint`; nil: those of no endpoint.
  func scope(of endpoint: Endpoint?, _ provider: Provider) -> Endpoint? {
    guard let endpoint else { return nil }
    return secrets.indices.contains { isOf(provider, $0, in: endpoint) } ? endpoint : nil
  }

  /// Whether a secret is tried for deliveries of its provider to `endpoint`.
  package func tries(_ secret: SigningSecret, on endpoint: Endpoint?) -> Bool {
    secret.endpoint == scope(of: endpoint, secret.provider)
  }

  /// Whether there is a secret of `provider`, be it retired: then its deliveries are checked, and those that
  /// only a retired one would verify are refused.
  /// - Parameter endpoint: where they are sent to.
  public func knows(_ provider: Provider, on endpoint: Endpoint? = nil) -> Bool {
    let scope = scope(of: endpoint, provider)
    return secrets.indices.contains { isOf(provider, $0, in: scope) }
  }
}

/// A signing secret that has come to a receiver at work, and the one whose place it takes.
public struct Rotation: Sendable {
  /// nil if it takes no other's place.
  public let old: SigningSecret?
  public let new: SigningSecret
  /// When it was noticed.
  public let moment: Timestamp

  public init(from old: SigningSecret?, to new: SigningSecret, at moment: Timestamp) {
    (self.old, self.new, self.moment) = (old, new, moment)
  }
}

extension Keyring {
  /// Uses the new secret of each rotation, and retires the old one, under whichever label it is held.
  /// - Returns: false if all of that was done before.
  @discardableResult
  public mutating func take(_ rotations: [Rotation]) -> Bool {
    var isChanged = false
    for rotation in rotations where rotation.isNew(to: self) {
      take(rotation)
      isChanged = true
    }
    return isChanged
  }

  private mutating func take(_ rotation: Rotation) {
    let new = rotation.new
    for index in secrets.indices where rotation.replaces(secrets[index]) {
      secrets[index].retiredAt = rotation.moment
      secrets[index].wasRotated = true
    }
    let isHeld = secrets.contains { $0.isSame(as: new) && $0.retiredAt == nil }
    if !isHeld { secrets.append(new) }
  }
}

extension Rotation {
  fileprivate func replaces(_ secret: SigningSecret) -> Bool {
    guard let old, secret.retiredAt == nil, !secret.isSame(as: new) else { return false }
    return secret.isSame(as: old)
  }

  fileprivate func isNew(to keyring: Keyring) -> Bool {
    keyring.secrets.contains(where: replaces)
      || !keyring.secrets.contains { $0.isSame(as: new) && $0.retiredAt == nil }
  }
}

extension SigningSecret {
  /// Whether both are the same secret of the same provider, whatever they are called.
  public func isSame(as other: SigningSecret) -> Bool { provider == other.provider && bytes == other.bytes }
}
