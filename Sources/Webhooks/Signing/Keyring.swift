/// The signing secrets that a receiver verifies with, in the order they are tried.
public struct Keyring: Sendable {
  public var secrets: [SigningSecret]

  public init(_ secrets: [SigningSecret] = []) {
    self.secrets = secrets
  }

  public var isEmpty: Bool { secrets.isEmpty }

  /// The secrets to try for a delivery of `provider`; retired ones are not.
  public func secrets(for provider: Provider) -> [SigningSecret] {
    secrets.filter { $0.provider == provider && $0.retiredAt == nil }
  }

  /// Whether there is a secret of `provider`, be it retired: then its deliveries are checked, and those that
  /// only a retired one would verify are refused.
  public func knows(_ provider: Provider) -> Bool {
    secrets.contains { $0.provider == provider }
  }
}
