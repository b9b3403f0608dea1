internal import Diagnosis
public import Webhooks

/// The secrets of one run of the demo: those that the receiver gets, and one that only the sender has.
public struct DemoSecrets: Sendable {
  /// What the receiver verifies with: a secret for each provider, a retired one, and an API key by mistake.
  public let keyring: Keyring
  /// Parlay's secret as someone has it who lost a part of it.
  let damaged: SigningSecret?

  init(keyring: Keyring, damaged: SigningSecret? = nil) {
    self.keyring = keyring
    self.damaged = damaged
  }

  /// New secrets, so that nothing is to configure, as if one had been retired an hour before `now`.
  public init(
    using random: inout some RandomNumberGenerator, at now: Timestamp = .now()
  ) throws(SecretError) {
    let parlay = random.token(40)
    keyring = Keyring([
      try SigningSecret("whsec_" + parlay, label: "parlay", provider: .parlay),
      try SigningSecret("whsec_" + random.token(40), label: "parable", provider: .parable),
      try SigningSecret(
        "whsec_" + random.token(40), label: "parlay/old", provider: .parlay, retiredAt: now.adding(-3600)),
      try SigningSecret("pk_" + random.token(32), label: "parable/api-key", provider: .parable),
    ])
    damaged = try SigningSecret(parlay, label: "parlay/stripped", provider: .parlay)
  }

  /// What `signer` signs a delivery of `provider` with; nil where the demo has no such secret.
  func secret(of signer: Breakage.Signer, for provider: Provider) -> SigningSecret? {
    switch signer {
    case .provider: keyring.secrets(for: provider).first
    case .retired: keyring.secrets.first { $0.provider == provider && $0.retiredAt != nil }
    case .otherProvider: keyring.secrets.first { $0.provider != provider && $0.retiredAt == nil }
    case .damaged: damaged?.provider == provider ? damaged : nil
    }
  }
}
