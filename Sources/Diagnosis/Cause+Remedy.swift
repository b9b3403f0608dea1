internal import Webhooks

extension Cause {
  /// What to do about it, in one line.
  public var remedy: String {
    switch self {
    case .noSignatureHeader(nil): "Find what strips headers on the way, or point the provider's webhook here."
    case .noSignatureHeader: "Send the signature in the provider's own header, or look whose webhook this is."
    case .malformedHeader(let reason, _, _): reason.remedy
    case .toleratedOddity: "Send t=<seconds>,v1=<64 lower-case hex digits>; do not rely on lenient verifiers."
    case .unreadableTimestamp: "Send and sign t in whole unix seconds: digits only, no zero in front."
    case .outsideWindow(let age, _, _, _) where age < 0:
      "Set the sender's clock, or check that t is in seconds."
    case .outsideWindow: "Set both clocks by NTP; if it was queued or replayed, have it sent again."
    case .clockReplayOrQueue(.allShifted): "Set this machine's clock by NTP."
    case .clockReplayOrQueue(.sameSignature): "Have retries signed again, and dedupe by the event's id."
    case .clockReplayOrQueue(.burst):
      "Have the queue sign when it sends, or widen --tolerance while it drains."
    case .clockReplayOrQueue: "Compare both clocks; treat what can't be explained as a replay."
    case .retiredSecret: "Have the sender use the new secret; after a rotation the old one is dead."
    case .otherSecret(_, .of): "Give each provider's secret under its own name: --secret NAME=SOURCE."
    case .otherSecret(_, .addedLater): "Verify it again with the secrets of now."
    case .damagedSecret: "Copy the secret again, whole and unchanged, into both places."
    case .notASecret: "Use the whsec_... signing secret that was shown once when the webhook was made."
    case .newlineOrBOM: "Pass the body on byte by byte: no trimming, no line ends, no byte order mark."
    case .bodyReserialised: "Verify the raw bytes before any JSON parser, and let no proxy rewrite the body."
    case .charsetDamage: "Read and pass on the body as bytes, never as text in some encoding."
    case .truncatedBody: "Raise the size limit of what cut it off, and read to the end of the body."
    case .wrappedBody: "Verify what was signed: unwrap the body before the check, or sign what is sent."
    case .repeatedHeader: "Find the proxy that adds a second signature header; only one may arrive."
    case .otherProvider: "Point each provider's webhook at a receiver that has its secret."
    case .otherSignedText: "Sign t, a dot and the raw body with HMAC-SHA256, and send it in hexadecimal."
    case .headerBodyDisagree:
      "Trust neither until the signature matches, then the body; find what rewrites the headers."
    case .editedInTransit: "Compare both bodies, and find what edits the payload between the signer and here."
    case .unknown(_, tried: 0): "Give the provider's secret: --secret NAME=env:VAR, or set its variable."
    case .unknown: "Compare the secret with the provider's, or have it sent again by a direct way."
    }
  }
}
