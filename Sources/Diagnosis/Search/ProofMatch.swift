internal import Webhooks

/// A candidate that reproduced a received MAC: which key, which body and which way of signing it was.
struct ProofMatch: Sendable {
  let key: KeyCandidate
  let body: BodyCandidate
  let way: SigningWay
  let target: SignatureTarget
  let text: SignedText

  var form: SignedForm { way.form }
  var reading: HeaderReading { way.frame.reading }
  /// nil for a form without a time.
  var time: SignedTime? { way.time }
  var url: SignedURL { way.url }

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
