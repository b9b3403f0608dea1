/// Secrets that come to a keyring and go from it while it is used.
public struct KeyringChange: Sendable {
  public let added: [SigningSecret]
  /// Those that verify nothing more, but explain what was signed with them.
  public let removed: [SigningSecret]

  /// What makes the new secrets of the old ones.
  public init(from old: [SigningSecret], to new: [SigningSecret]) {
    added = new.filter { secret in !old.contains(where: secret.stands(as:)) }
    removed = old.filter { secret in !new.contains(where: secret.stands(as:)) }
  }

  public var isEmpty: Bool { added.isEmpty && removed.isEmpty }
}

extension SigningSecret {
  /// Whether both are the same secret, used in the same way under the same label.
  fileprivate func stands(as other: SigningSecret) -> Bool {
    isSame(as: other) && label.utf8.elementsEqual(other.label.utf8) && endpoint == other.endpoint
      && (retiredAt == nil) == (other.retiredAt == nil) && provider.scheme == other.provider.scheme
  }
}

extension Keyring {
  /// Makes a change at a moment: what came before it is judged by what was used then.
  public mutating func take(_ change: KeyringChange, at moment: Timestamp) {
    for removed in change.removed {
      for index in secrets.indices where secrets[index].retiredAt == nil && removed.stands(as: secrets[index])
      {
        secrets[index].retiredAt = moment
        secrets[index].wasRotated = true
      }
    }
    // Under a label of its own: one that was retired keeps its.
    secrets += change.added
  }
}
