internal import Webhooks

/// Says that the cause is not known, and what it is not.
enum UnknownRule {
  /// Causes that explain a mismatch without a proof, so that nothing is left unknown.
  private static let explanations: Set<Cause.ID> = [
    .notASecret, .charsetDamage, .truncatedBody, .wrappedBody, .editedInTransit, .noSignatureHeader,
  ]

  static func finding(_ evidence: Evidence, found: [Finding], limit: Diagnosis.Limit?) -> [Finding] {
    let verdict = evidence.verdict
    guard !evidence.isProven, verdict.status != .valid,
      !found.contains(where: { explanations.contains($0.id) })
    else { return [] }
    // A header that can't be read is an explanation of its own where it left nothing to try.
    if evidence.tried == 0, verdict.status == .malformed || verdict.status == .missing { return [] }
    // What was not checked has not failed: the other providers' secrets were only worth a try.
    let tried = verdict.status == .unchecked ? 0 : evidence.tried
    let ruledOut = tried == 0 ? reasons(evidence) : ruledOut(evidence, limit)
    return [Finding(.unknown(ruledOut: ruledOut, tried: tried), .unknown)]
  }

  private static func reasons(_ evidence: Evidence) -> [String] {
    evidence.keyring.isEmpty || evidence.verdict.status == .unchecked
      ? ["there is no secret to try it with"] : ["no header holds a signature to compare with"]
  }

  private static func ruledOut(_ evidence: Evidence, _ limit: Diagnosis.Limit?) -> [String] {
    let count = evidence.keyring.secrets.count
    var words = [
      "\(count == 1 ? "the one secret" : "the \(count) secrets") here, whole or damaged in a usual way",
      "other forms of the signed text", "newlines, white space and byte order marks",
    ]
    if evidence.hasGuessedTimes { words.append("the seconds within 5 m of the arrival, as no t came") }
    if evidence.facts.body.jsonFault == nil { words.append("the same JSON written otherwise") }
    words += ["changed character sets", "wrappings"]
    switch limit {
    case nil: break
    case .candidates: words.append("and not all of these, since the number of candidates is bounded")
    case .time: words.append("and not all of these, since the time is bounded")
    case .memory: words.append("and not all of these, since the memory is bounded")
    }
    return words
  }
}
