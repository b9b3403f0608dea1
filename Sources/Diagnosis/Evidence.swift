internal import Webhooks

/// All that the rules judge by: the delivery, what can be seen of it, and what the search has found.
struct Evidence: Sendable {
  let subject: DiagnosisSubject
  let facts: DiagnosisFacts
  let keyring: Keyring
  let neighbours: Neighbours
  let samples: [SampleVerifier: SampleResult]
  let proof: ProofMatch?
  /// Whether times were tried that stand nowhere.
  let hasGuessedTimes: Bool
  /// How many candidates were tried; 0 where there was nothing to search for.
  let tried: Int
  /// What ended the search early.
  let limit: Diagnosis.Limit?

  var verdict: Verdict { subject.verdict }

  /// Whether it is known what was signed, as it came or otherwise.
  var isProven: Bool { proof != nil || verdict.macMatches == true }

  /// Whether a guess at what happened to the body or the secret is called for.
  var isUnexplained: Bool { !isProven && verdict.status != .valid && !facts.header.lines.isEmpty }

  /// Which key and bytes were signed, in one clause; nil without a proof.
  var signedBytes: String? {
    proof.map { match in
      let difference = ByteDifference(received: subject.request.body, original: match.body.bytes)
      let sizes = "signed with \(match.key.label) over a body of \(match.body.bytes.count) bytes"
      return sizes + (difference.map { ", \($0.receivedSize) came; \($0.sentence)" } ?? "")
    }
  }

  func bodyChange<Found>(_ find: (BodyChange) -> Found?) -> Found? {
    proof?.body.changes.lazy.compactMap(find).first
  }
}
