internal import Webhooks

/// The rules about which secret signed.
enum SecretRules {
  static func retiredSecret(_ evidence: Evidence) -> [Finding] {
    guard let key = evidence.proof?.key, case .retired(let moment) = key.origin else { return [] }
    let offset = evidence.subject.utcOffset
    let time = String(moment.timeOfDay(offset: offset).prefix(5)) + (offset == 0 ? " UTC" : "")
    return [Finding(.retiredSecret(label: key.label, retired: time), .proven)]
  }

  static func otherSecret(_ evidence: Evidence) -> [Finding] {
    guard let proof = evidence.proof else { return [] }
    switch proof.key.origin {
    case .other(let provider):
      guard !isDelivery(of: provider, evidence) else { return [] }
      return [Finding(.otherSecret(label: proof.key.label, .of(provider)), .proven)]
    case .own:
      guard proof.isAsDocumented, evidence.verdict.status == .mismatch else { return [] }
      return [Finding(.otherSecret(label: proof.key.label, .addedLater), .proven)]
    case .retired: return []
    }
  }

  static func otherProvider(_ evidence: Evidence) -> [Finding] {
    guard let proof = evidence.proof, case .other(let provider) = proof.key.origin,
      isDelivery(of: provider, evidence)
    else { return [] }
    return [Finding(.otherProvider(provider, label: proof.key.label), .proven)]
  }

  /// Whether other headers than the signature, or the signature's own name, speak of `provider`.
  private static func isDelivery(of provider: Provider, _ evidence: Evidence) -> Bool {
    if case .other(provider)? = evidence.proof?.source { return true }
    let headers = evidence.subject.request.headers
    let speaks = { (provider: Provider) in
      headers.contains(provider.eventHeader) || headers.contains(provider.deliveryHeader)
    }
    return speaks(provider) && !(evidence.subject.provider.map(speaks) ?? false)
  }

  static func damagedSecret(_ evidence: Evidence) -> [Finding] {
    guard let key = evidence.proof?.key, key.isDamaged else { return [] }
    return [Finding(.damagedSecret(label: key.label, changes: key.changes.map(\.rawValue)), .proven)]
  }

  static func notASecret(_ evidence: Evidence) -> [Finding] {
    guard evidence.isUnexplained, evidence.verdict.status == .mismatch,
      let provider = evidence.subject.provider
    else { return [] }
    let secrets = evidence.keyring.secrets(for: provider)
    // Beside others, a secret of an odd shape may have nothing to do with this delivery.
    let level: Cause.Level = secrets.count == 1 ? .seen : .likely
    return secrets.flatMap { secret in
      secret.warnings.filter { $0 != .whitespaceAtEnds }.map {
        Finding(.notASecret(label: secret.label, $0), level)
      }
    }
  }
}

extension ProofMatch {
  /// Whether nothing but the choice of the key differs from what the verifier tries.
  fileprivate var isAsDocumented: Bool {
    !key.isDamaged && body.changes.isEmpty && form == .documented && target.oddities.isEmpty
      && (time == nil || time?.origin == .asSent)
  }
}
