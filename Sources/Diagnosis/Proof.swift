public import Webhooks

/// What was signed, shown by a candidate that reproduces the received MAC; neither key nor MAC is in it.
public struct Proof: Sendable, Equatable {
  /// The label of the secret that signed, or whose repaired form did.
  public let secret: String
  /// The exact text that was signed.
  public let signedText: SignedText

  init(_ match: ProofMatch) {
    secret = match.key.label
    signedText = match.text
  }
}
