internal import Webhooks

/// A candidate that reproduced a received MAC: which key, which body, which form and which reading it was.
struct ProofMatch: Sendable {
  let key: KeyCandidate
  let body: BodyCandidate
  let form: SignedForm
  let source: HeaderReading.Source
  /// nil for a form without a time.
  let time: SignedTime?
  let target: SignatureTarget
  let text: SignedText
}
