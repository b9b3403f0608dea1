public import Diagnosis
public import Webhooks

extension Breakage {
  /// What the delivery says of itself in the demo, so that whoever reads it can follow.
  var note: String { "\(cause.rawValue): \(sentence)" }

  /// The delivery signed by `signer` at `now`, and then broken.
  public func applied(
    to delivery: OutgoingDelivery, signer: SampleSigner, at now: Timestamp
  ) -> OutgoingDelivery {
    var draft = SignedDraft(
      headers: delivery.headers, body: delivery.body, provider: signer.provider, secret: signer.secret,
      seconds: SampleSigner.seconds(now))
    apply(to: &draft)
    var broken = delivery
    broken.headers = draft.headers
    broken.body = draft.body
    broken.label += " \(name)"
    return signer.with(draft.signatures, under: draft.signatureHeader, in: broken)
  }
}
