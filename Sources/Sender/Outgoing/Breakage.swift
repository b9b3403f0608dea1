public import Webhooks

/// One way in which a delivery's signature goes wrong, made on purpose: a row of a table.
///
/// There is a row for every reason of a verdict that a sender can bring about. `no-secret` is not one of
/// them, since it is about the receiver: a delivery of a provider without a secret shows it as it is.
public struct Breakage: Sendable {
  /// The name in options and on the screen; for a row that stands for a reason, that reason's.
  public let name: String
  /// One sentence on what is wrong with the delivery.
  public let sentence: String
  /// What a receiver with the right secret finds.
  public let reason: Verdict.Reason
  private let apply: @Sendable (inout BrokenDraft) -> Void

  init(
    _ reason: Verdict.Reason, name: String? = nil, _ sentence: String,
    apply: @escaping @Sendable (inout BrokenDraft) -> Void
  ) {
    self.name = name ?? reason.rawValue
    self.sentence = sentence
    self.reason = reason
    self.apply = apply
  }

  /// The delivery signed by `signer` at `now`, and then broken.
  public func applied(
    to delivery: OutgoingDelivery, signer: SampleSigner, at now: Timestamp
  ) -> OutgoingDelivery {
    var draft = BrokenDraft(delivery, signer: signer, at: now)
    apply(&draft)
    draft.delivery.label += " \(name)"
    return draft.result
  }
}

extension Breakage {
  /// Every breakage: one more is one more row.
  public static let all: [Breakage] = missing + structure + time + signature + verdicts

  /// The breakage called `name` in options.
  public static func named(_ name: String) -> Breakage? {
    all.first { $0.name == name }
  }

  private static let missing = [
    Breakage(.noHeader, "The signature header was left out.") { $0.signatures = [] },
    Breakage(.headerRepeated, "The signature header stands there twice, as if two proxies had added it.") {
      $0.signatures += $0.signatures
    },
    Breakage(.headerEmpty, "The signature header is there, but without a value.") { $0.signatures = [""] },
  ]

  private static let structure = [
    Breakage(.partWithoutEquals, "The time lost its t=, so one part of the header has no equals sign.") {
      $0.signatures = ["\($0.seconds),v1=\($0.v1)"]
    },
    Breakage(.spaceAroundKey, "There is a space after the comma, so the key is not v1 but one with a space.")
    {
      $0.signatures = ["t=\($0.seconds), v1=\($0.v1)"]
    },
  ]

  private static let time = [
    Breakage(.noT, "The signature came without the time that it was made at.") {
      $0.signatures = ["v1=\($0.v1)"]
    },
    Breakage(.tRepeated, "The header gives the time twice.") {
      $0.signatures = ["t=\($0.seconds),t=\($0.seconds),v1=\($0.v1)"]
    },
    Breakage(.tNotCanonicalDecimal, "The time is a decimal fraction, not whole unix seconds.") {
      $0.sign(t: "\($0.seconds).482")
    },
  ]

  private static let signature = [
    Breakage(.noV1, "The header holds only a v0 signature, which is no longer in use.") {
      $0.signatures = ["t=\($0.seconds),v0=\($0.v1)"]
    },
    Breakage(.v1Not64Hex, "The signature was cut to 40 digits, the length of a SHA-1.") {
      $0.signatures = ["t=\($0.seconds),v1=\($0.v1.prefix(40))"]
    },
    Breakage(.v1NotLowercaseHex, "The signature is right, but in upper case.") {
      $0.signatures = ["t=\($0.seconds),v1=\($0.v1.uppercased())"]
    },
  ]

  private static let verdicts = [
    Breakage(.noV1Matches, "The signature is well formed, but no secret of the receiver makes it.") {
      $0.signatures = ["t=\($0.seconds),v1=\($0.unrelatedV1)"]
    },
    Breakage(.tooOld, "The signature is right, but an hour old.") { $0.sign(secondsOff: -3600) },
    Breakage(.inFuture, "The signature is right, but an hour ahead of the clock.") {
      $0.sign(secondsOff: 3600)
    },
  ]
}
