internal import JSON
internal import Webhooks

extension Cause {
  /// What is left to say where no candidate reproduces the signature.
  static let ofNothingFound = [wrongSecret, unknown]

  private static let wrongSecret = Cause(
    "wrong-secret", "wrong secret",
    remedy: "Copy the sender's secret again. To try it on this delivery on the screen, press i, then s.",
    explains: true,
    breakages: [
      .reason(
        .noV1Matches, "The signature is well formed, but none of the receiver's secrets produces it.",
        receiver: .secretsOnly
      ) {
        $0.signUnrelated()
      }
    ],
    findAfter: { evidence, found in
      guard evidence.isUnexplained, evidence.verdict.status == .mismatch, evidence.tried > 0,
        !found.contains(where: \.cause.explains), evidence.looksIntact || evidence.scheme?.kind == .token
      else { return [] }
      return [
        .wrongSecret(tried: evidence.tried, limit: evidence.limit, of: evidence.scheme?.kind ?? .hmac)
      ]
    })

  /// Says that the cause is not known, and what was tried.
  private static let unknown = Cause(
    .unknown, "not found",
    remedy: "Compare the secret with the sender's, or send it again without any proxy.",
    breakages: [
      .cause(
        .noV1Matches, "The first bytes of the body were lost, and nobody can tell which they were.",
        receiver: .secretsOnly
      ) {
        try $0.damage { Array($0.dropFirst(3)) }
      }
    ],
    findAfter: { evidence, found in
      let verdict = evidence.verdict
      // What is likely says itself that no candidate fits.
      guard !evidence.isProven, verdict.status != .valid, !found.contains(where: \.cause.explains),
        !found.contains(where: { $0.level == .likely })
      else { return [] }
      // A header that can't be read is an explanation of its own where it left nothing to try.
      if evidence.tried == 0, verdict.status == .malformed || verdict.status == .missing { return [] }
      // What was not checked has not failed: the other providers' secrets were only worth a try.
      let tried = verdict.status == .unchecked ? 0 : evidence.tried
      return [.unknown(tried == 0 ? reasons(evidence) : whatWasTried(evidence), tried: tried)]
    })

  private static func reasons(_ evidence: Evidence) -> [String] {
    evidence.keyring.isEmpty || evidence.verdict.status == .unchecked
      ? ["there is no secret to try it with"] : ["no header holds a signature to compare with"]
  }

  private static func whatWasTried(_ evidence: Evidence) -> [String] {
    let count = evidence.keyring.secrets.count
    let secrets =
      "\(count == 1 ? "the one secret" : "the \(count) secrets") here, whole or damaged in a usual way"
    if evidence.scheme?.kind == .token { return [secrets] }
    var words = [
      secrets, "other forms of the signed text", "newlines, white space and byte order marks",
    ]
    if evidence.hasGuessedTimes {
      let reason = Verdict.Reason.noT.summary(under: evidence.scheme)
      words.append("the seconds within 5 m of the arrival, as \(reason)")
    }
    if evidence.facts.body.jsonFault == nil { words.append("the same JSON written otherwise") }
    words += ["changed character sets", "wrappings", "values as languages print or change them"]
    if let limit = evidence.limit { words.append("but not all of these: \(limit.words)") }
    return words
  }
}

extension Claim {
  static func wrongSecret(
    tried: Int, limit: Diagnosis.Limit? = nil, of kind: SignatureScheme.Kind = .hmac
  ) -> Claim {
    let unfinished = unfinished(limit)
    switch kind {
    case .hmac: break
    case .token:
      return Claim(
        .likely,
        "None of \(candidates(tried)) is the token that was sent. Most often the secret "
          + "configured here is not the one that is set at the sender" + unfinished)
    case .ed25519, .ecdsaP256:
      return Claim(
        .likely,
        "Header and body look intact, and the signature verifies none of \(candidates(tried)). "
          + "Most often the public key configured here is not the sender's; a value changed on the way would look "
          + "the same" + unfinished,
        remedy: "Copy the sender's public key again, from the settings of the same app and environment.")
    }
    return Claim(
      .likely,
      "Header and body look intact, and none of \(candidates(tried)) reproduces the "
        + "signature. Most often the secret configured here is not the sender's; a value changed on the way would "
        + "look the same" + unfinished)
  }

  /// The sentence that no candidate fits, for a cause that is likely nevertheless; nil if nothing could be tried.
  static func unproven(tried: Int, limit: Diagnosis.Limit?) -> String? {
    guard tried > 0 else { return nil }
    return "None of \(candidates(tried)) reproduces the signature; a wrong secret would look the same"
      + unfinished(limit)
  }

  private static func candidates(_ count: Int) -> String { "\(count) candidate\(count == 1 ? "" : "s")" }

  private static func unfinished(_ limit: Diagnosis.Limit?) -> String {
    limit.map { ". Not all candidates were tried: \($0.words)" } ?? ""
  }

  static func unknown(_ words: [String], tried: Int) -> Claim {
    guard tried > 0 else {
      return Claim(
        .unknown, "Nothing could be tried: " + words.joined(separator: "; "),
        remedy: "Give the provider's secret: --secret NAME=env:VAR, or set its variable.")
    }
    return Claim(
      .unknown,
      "None of \(candidates(tried)) reproduces the signature. Tried: "
        + words.joined(separator: ", "))
  }
}

extension Diagnosis.Limit {
  /// What ended the search, as a clause.
  fileprivate var words: String {
    switch self {
    case .candidates: "the candidate limit was reached"
    case .time: "the time limit was reached"
    case .memory: "the memory limit was reached"
    }
  }
}
