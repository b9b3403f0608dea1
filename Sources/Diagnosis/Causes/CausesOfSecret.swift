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
      let kind = evidence.proof?.kind ?? .hmac
      if byRotation { return [.rotatedSecret(key.label, at: zone.text(moment, today: arrival), of: kind)] }
      let time = "\(zone.text(moment, today: arrival).dropLast(3)) \(zone.name(at: moment))"
      return [.retiredSecret(key.label, retired: time, of: kind)]
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
        return evidence.isDelivery(of: provider)
          ? [] : [.otherSecret(proof.key.label, of: provider, proof.kind)]
      case .own:
        guard proof.isAsDocumented, evidence.verdict.status == .mismatch else { return [] }
        return [.secretAddedLater(proof.key.label, of: proof.kind)]
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
      guard let proof = evidence.proof, case let key = proof.key, key.isDamaged else { return [] }
      let way = proof.isOwnForm ? evidence.knownWay : nil
      return [.damagedSecret(key.label, key.changes, prefix: key.prefix, of: proof.kind, key.keyForm, way)]
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
  static func retiredSecret(
    _ label: String, retired: String, of kind: SignatureScheme.Kind = .hmac
  ) -> Claim {
    Claim(.proven, "\(kind.sentWith(label)), retired \(retired)")
  }

  static func rotatedSecret(
    _ label: String, at time: String, of kind: SignatureScheme.Kind = .hmac
  ) -> Claim {
    Claim(
      .proven,
      title: "\(kind == .token ? "sent" : "signed") with the secret from before the rotation at \(time)",
      "\(label) was rotated at \(time): this was \(kind == .token ? "sent" : "signed") before, or by a sender that does not know of it",
      remedy: "Wait for the retry if it was on its way then; else give the sender the new secret.")
  }

  static func otherSecret(
    _ label: String, of provider: Provider, _ kind: SignatureScheme.Kind = .hmac
  ) -> Claim {
    Claim(
      .proven, "\(kind.sentWith(label)), the secret of \(provider.title)",
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

  static func secretAddedLater(_ label: String, of kind: SignatureScheme.Kind = .hmac) -> Claim {
    Claim(.proven, "\(kind.sentWith(label)), which was not configured when it arrived")
  }

  /// - Parameters:
  ///   - prefix: what secrets of its provider begin with.
  ///   - form: what the secret is as a key, under its provider's scheme.
  ///   - way: whose way of signing that is, as a sentence.
  static func damagedSecret(
    _ label: String, _ changes: [SecretChange], prefix: String, of kind: SignatureScheme.Kind = .hmac,
    _ form: SignatureScheme.KeyForm = .utf8, _ way: String? = nil
  ) -> Claim {
    let words = "\(label) " + changes.map { $0.words(prefix: prefix) }.joined(separator: ", and then ")
    if kind != .hmac {
      let what = kind == .token ? "The token is the secret" : "It verifies with the public key"
      return Claim(
        .proven, title: kind == .token ? nil : "public key damaged when copied",
        "\(what) \(words), not as it is configured here")
    }
    guard changes.allSatisfy(\.isOfLibraries) else {
      return Claim(.proven, "Signed with the secret \(words), not as it is configured here")
    }
    return Claim(
      .proven, title: "secret used in another form", "The sender signs with the secret \(words)",
      remedy: "Have the sender \(form.use), or configure here what it signs with.", proof: way)
  }

  static func notASecret(_ label: String, _ warning: SecretWarning, _ level: Cause.Level) -> Claim {
    Claim(level, warning.sentence(label: label))
  }
}

extension SignatureScheme.KeyForm {
  /// What a sender has to do with its secret.
  fileprivate var use: String {
    let after = prefix.isEmpty ? "" : ", without \(prefix),"
    return switch self {
    case .utf8: "use the whole secret as text"
    case .base64: "decode the secret\(after) from base64"
    case .hex: "decode the secret\(after) from hexadecimal"
    }
  }
}

extension SignatureScheme.Kind {
  /// How a secret was used, in the first words of a sentence.
  func sentWith(_ label: String) -> String {
    switch self {
    case .hmac: "Signed with \(label)"
    case .token: "The token is \(label)"
    case .ed25519, .ecdsaP256: "Signed with the private key of \(label)"
    }
  }
}

extension ProofMatch {
  /// Whether nothing but the choice of the key differs from what the verifier tries.
  fileprivate var isAsDocumented: Bool {
    source.isOwn && !isExchanged && target.form == nil && !key.isDamaged && body.changes.isEmpty && isOwnForm
      && target.oddities.isEmpty && !isOfOtherURL
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
