internal import Diagnosis
internal import JSON
internal import Webhooks

extension Breakage {
  /// A row for each cause that no reason of a verdict stands for.
  static let causes: [Breakage] = header + body + text

  /// The rows that the demo alone can show: they take other secrets, or a delivery before.
  static let staged: [Breakage] = secrets + replays

  private static let header = [
    Breakage(
      .noSignatureHeader, .noHeader,
      "The signature is right, but its header lost the X in front, so it is not the one that is due."
    ) {
      $0.signatureHeader = String($0.signatureHeader.dropFirst(2))
    },
    Breakage(.toleratedOddity, .ok, "Beside the right signature the header holds one of the old scheme v0.") {
      $0.signatures = ["t=\($0.seconds),v1=\($0.v1),v0=\($0.unrelatedV1)"]
    },
    Breakage(
      .otherProvider, .noV1Matches, "The signature came in the header of the other provider, whose it is not."
    ) { draft in
      let other = Provider.all.first { $0 != draft.provider }
      draft.signatureHeader = other?.signatureHeader ?? draft.signatureHeader
    },
    Breakage(
      .headerBodyDisagree, .noV1Matches, "The signature and the event header belong to another delivery.",
      provider: .parlay
    ) {
      let name = $0.provider.eventHeader
      let isTest = $0.delivery.headers.first(name) == "webhook.test"
      $0.set(name, to: isTest ? "analysis.completed" : "webhook.test")
      $0.signatures = ["t=\($0.seconds),v1=\($0.unrelatedV1)"]
    },
  ]

  private static let body = [
    Breakage(.newlineOrBOM, .noV1Matches, "The body got a newline at its end after it was signed.") {
      $0.delivery.body.append(UInt8(ascii: "\n"))
    },
    Breakage(
      .bodyReserialised, .noV1Matches,
      "The body was parsed and printed again, as Python does it: spaced, and in ASCII only."
    ) {
      $0.delivery.body = BodyDamage.rewritten($0.delivery.body)
    },
    Breakage(
      .charsetDamage, .noV1Matches,
      "The body was read in a wrong character set and written again, as letters like é and ü show."
    ) {
      $0.delivery.body = BodyDamage.misread($0.delivery.body)
    },
    Breakage(
      .truncatedBody, .noV1Matches, "The end of the body was cut off after it was signed, as by a limit.",
      provider: .parlay
    ) {
      $0.delivery.body = BodyDamage.cutOff($0.delivery.body)
    },
    Breakage(.wrappedBody, .noV1Matches, "The body was signed, and then put into a form field.") {
      $0.delivery.body = BodyDamage.inForm($0.delivery.body)
      $0.set("Content-Type", to: "application/x-www-form-urlencoded")
    },
  ]

  private static let text = [
    Breakage(.unreadableTimestamp, .inFuture, "The time is in milliseconds, and was signed so.") {
      $0.sign(t: "\($0.seconds)482")
    },
    Breakage(
      .otherSignedText, .noV1Matches,
      "The delivery id was signed too, in front of the time, as Standard Webhooks does."
    ) {
      $0.signWithID()
    },
  ]

  private static let secrets = [
    Breakage(
      .retiredSecret, .noV1Matches, "Signed with the secret from before the rotation, which is retired.",
      signer: .retired, provider: .parlay),
    Breakage(
      .otherSecret, .noV1Matches, "Signed with the secret of the other provider.", signer: .otherProvider),
    Breakage(
      .damagedSecret, .noV1Matches, "Signed with the secret after its whsec_ in front was stripped off.",
      signer: .damaged, provider: .parlay),
    Breakage(
      .notASecret, .noV1Matches,
      "Signed with a secret that the receiver has not got: in its place someone gave it an API key.",
      provider: .parable
    ) {
      $0.signatures = ["t=\($0.seconds),v1=\($0.unrelatedV1)"]
    },
  ]

  private static let replays = [
    Breakage(
      .clockReplayOrQueue, .tooOld, "The same signed request comes twice, an hour after it was made.",
      prelude: .itself
    ) {
      $0.sign(secondsOff: -3600)
    },
    Breakage(
      .editedInTransit, .noV1Matches,
      "The event arrived as it was signed, and comes once more with one digit changed on the way.",
      prelude: .original
    ) {
      $0.delivery.body = BodyDamage.edited($0.delivery.body)
    },
  ]
}
