internal import Webhooks

/// Finds which other secret signed the delivery.
extension Cause {
  static let ofSecret: [Cause] = [
    Cause(
      "retired-secret", "old secret after rotation",
      remedy: "Have the sender use the new secret: this one is retired.",
      breakages: [
        .staged(
          .noV1Matches, "Signed with the secret from before the rotation, which is retired.",
          signer: .retired)
      ]
    ) { evidence in
      guard let key = evidence.proof?.key, case .retired(let moment, let byRotation) = key.origin else {
        return []
      }
      let (zone, arrival) = (evidence.subject.zone, evidence.subject.receivedAt)
      if byRotation { return [.rotatedSecret(key.label, at: zone.text(moment, today: arrival))] }
      let time = "\(zone.text(moment, today: arrival).dropLast(3)) \(zone.name(at: moment))"
      return [.retiredSecret(key.label, retired: time)]
    },
    Cause(
      "other-secret", "another secret",
      remedy: "Ask for a redelivery, or check the recording again: the secret is configured now.",
      breakages: [
        .staged(.noV1Matches, "Signed with the secret of the other provider.", signer: .otherProvider)
      ]
    ) { evidence in
      guard let proof = evidence.proof else { return [] }
      switch proof.key.origin {
      case .other(let provider):
        return evidence.isDelivery(of: provider) ? [] : [.otherSecret(proof.key.label, of: provider)]
      case .own:
        guard proof.isAsDocumented, evidence.verdict.status == .mismatch else { return [] }
        return [.secretAddedLater(proof.key.label)]
      case .elsewhere(let endpoint):
        return [.secretElsewhere(proof.key.label, of: endpoint, sentTo: evidence.subject.endpoint)]
      case .retired: return []
      }
    },
    Cause(
      "damaged-secret", "secret damaged when copied",
      remedy: "Copy the secret again, whole and unchanged, into both places.",
      breakages: [
        .staged(
          .noV1Matches, "Signed with the secret without its prefix {prefix}.",
          signer: .damaged)
      ]
    ) { evidence in
      guard let key = evidence.proof?.key, key.isDamaged else { return [] }
      return [.damagedSecret(key.label, key.changes, prefix: key.prefix)]
    },
    Cause(
      "not-a-secret", "not a signing secret",
      remedy: "Use the signing secret that was shown once when the webhook was made.",
      explains: true,
      breakages: [
        .staged(
          .noV1Matches,
          "Signed with a secret that the receiver has not got: in its place someone gave it an API key.",
          receiver: .withAPIKey
        ) {
          $0.signUnrelated()
        }
      ]
    ) { evidence in
      guard evidence.isUnexplained, evidence.verdict.status == .mismatch,
        let provider = evidence.subject.provider
      else { return [] }
      let secrets = evidence.keyring.secrets(for: provider)
      // Beside others, a secret of an odd shape may have nothing to do with this delivery.
      let level: Cause.Level = secrets.count == 1 ? .seen : .likely
      return secrets.flatMap { secret in
        secret.warnings.filter { $0 != .whitespaceAtEnds }.map { .notASecret(secret.label, $0, level) }
      }
    },
  ]
}

extension Claim {
  static func retiredSecret(_ label: String, retired: String) -> Claim {
    Claim(.proven, "Signed with \(label), retired \(retired)")
  }

  static func rotatedSecret(_ label: String, at time: String) -> Claim {
    Claim(
      .proven, title: "signed with the secret from before the rotation at \(time)",
      "\(label) was rotated at \(time): this was signed before, or by a sender that does not know of it",
      remedy: "Wait for the retry if it was on its way then; else give the sender the new secret.")
  }

  static func otherSecret(_ label: String, of provider: Provider) -> Claim {
    Claim(
      .proven, "Signed with \(label), the secret of \(provider.title)",
      remedy: "Give each provider's secret under its own name: --secret NAME=SOURCE.")
  }

  /// - Parameters:
  ///   - owner: the endpoint that the secret is for.
  ///   - endpoint: the one that the delivery was sent to.
  static func secretElsewhere(_ label: String, of owner: Endpoint?, sentTo endpoint: Endpoint?) -> Claim {
    let place = endpoint.map { "the endpoint \($0.name)" } ?? "a path of no endpoint"
    return Claim(
      .proven,
      "Signed with \(label), \(owner.map { "the secret of the endpoint \($0.name)" } ?? "which is for no endpoint"), but sent to \(place)",
      remedy: owner.map { "Send it to \($0.path), or give \(place) this secret." }
        ?? "Give \(place) this secret in the configuration file.")
  }

  static func secretAddedLater(_ label: String) -> Claim {
    Claim(.proven, "Signed with \(label), which was not configured when it arrived")
  }

  /// - Parameter prefix: what secrets of its provider begin with.
  static func damagedSecret(_ label: String, _ changes: [SecretChange], prefix: String) -> Claim {
    let words = "\(label) " + changes.map { $0.words(prefix: prefix) }.joined(separator: ", and then ")
    guard changes.allSatisfy(\.isOfLibraries) else {
      return Claim(.proven, "Signed with the secret \(words), not as it is configured here")
    }
    return Claim(
      .proven, title: "secret used in another form", "The sender signs with the secret \(words)",
      remedy: "Have the sender use the whole secret as text, or configure here what it signs with.")
  }

  static func notASecret(_ label: String, _ warning: SecretWarning, _ level: Cause.Level) -> Claim {
    Claim(level, warning.sentence(label: label))
  }
}

extension ProofMatch {
  /// Whether nothing but the choice of the key differs from what the verifier tries.
  fileprivate var isAsDocumented: Bool {
    source.isOwn && !isExchanged && target.form == nil && !key.isDamaged && body.changes.isEmpty && isOwnForm
      && target.oddities.isEmpty
      && (time == nil || time?.origin == .asSent)
  }
}

extension Evidence {
  /// Whether it is a delivery of another provider, signed as that one does and not as the header's own: what this scheme
  /// would have otherwise says nothing then.
  var isOfAnotherScheme: Bool {
    guard let proof, case .other(let provider) = proof.key.origin, isDelivery(of: provider) else {
      return false
    }
    return !provider.scheme.signsAlike(proof.reading.scheme)
  }

  /// Whether other headers than the signature, or the signature's own name, speak of `provider`.
  func isDelivery(of provider: Provider) -> Bool {
    if case .other(provider)? = proof?.source { return true }
    let headers = subject.request.headers
    let speaks = { (provider: Provider) in
      headers.contains(provider.eventHeader) || headers.contains(provider.deliveryHeader)
    }
    return speaks(provider) && !(subject.provider.map(speaks) ?? false)
  }
}
