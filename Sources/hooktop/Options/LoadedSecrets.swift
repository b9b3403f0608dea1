internal import Webhooks

/// Secrets that were fetched, and what looks wrong with them.
struct LoadedSecrets {
  private(set) var keyring = Keyring()
  /// A line each, without the secret.
  private(set) var warnings: [String] = []

  /// - Parameter isLiteral: whether the secret stands on the command line itself.
  mutating func add(_ secret: SigningSecret, isLiteral: Bool = false) {
    keyring.secrets.append(secret)
    // The graver ones first: with such a secret nothing may verify.
    warnings += secret.warnings.map { $0.sentence(label: secret.label) }
    if isLiteral {
      warnings.append(
        "the secret for \(secret.label) stands on the command line, where other users can see it: use env:, file: or prompt"
      )
    }
  }

  /// The warnings in one line for a screen, which hides what stands on the terminal; nil for none.
  var greeting: String? {
    guard let first = warnings.first else { return nil }
    return warnings.count == 1 ? "warning: \(first)" : "\(warnings.count) warnings; the first: \(first)"
  }
}
