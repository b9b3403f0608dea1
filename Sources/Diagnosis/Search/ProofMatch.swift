internal import Webhooks

/// A candidate that reproduced a received MAC: which key, which body, which form and which reading it was.
struct ProofMatch: Sendable {
  let key: KeyCandidate
  let body: BodyCandidate
  let form: SignedForm
  let reading: HeaderReading
  /// nil for a form without a time.
  let time: SignedTime?
  let url: SignedURL
  let target: SignatureTarget
  let text: SignedText

  /// Whether key and signed text have each other's role.
  var isExchanged: Bool { form.method == .exchanged }

  var source: HeaderReading.Source { reading.source }

  /// Whether the sender signed another URL than the one that it is taken to have posted to.
  var isOfOtherURL: Bool { form.text.usesURL && url != reading.url }

  /// What kind of signature it is.
  var kind: SignatureScheme.Kind { reading.scheme.kind }

  /// Whether it is signed as the sender's scheme has it, but for the spelling of the header.
  var isOwnForm: Bool { form == SignedForm(of: reading.scheme) }
}
