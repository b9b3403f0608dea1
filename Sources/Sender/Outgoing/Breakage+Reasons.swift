internal import Diagnosis
internal import Webhooks

extension Breakage {
  /// A row for each reason of a verdict.
  static let reasons: [Breakage] = missing + structure + time + signature + verdicts

  private static let missing = [
    Breakage(.noHeader, .noSignatureHeader, "The signature header was left out.") { $0.signatures = [] },
    Breakage(
      .headerRepeated, .repeatedHeader,
      "The signature header stands there twice, as if two proxies had added it."
    ) {
      $0.signatures += $0.signatures
    },
    Breakage(.headerEmpty, .malformedHeader, "The signature header is there, but without a value.") {
      $0.signatures = [""]
    },
  ]

  private static let structure = [
    Breakage(
      .partWithoutEquals, .toleratedOddity,
      "The time lost its t=, so one part of the header has no equals sign."
    ) {
      $0.signatures = ["\($0.seconds),v1=\($0.v1)"]
    },
    Breakage(
      .spaceAroundKey, .toleratedOddity,
      "There is a space after the comma, so the key is not v1 but one with a space."
    ) {
      $0.signatures = ["t=\($0.seconds), v1=\($0.v1)"]
    },
  ]

  private static let time = [
    Breakage(.noT, .unreadableTimestamp, "The signature came without the time that it was made at.") {
      $0.signatures = ["v1=\($0.v1)"]
    },
    Breakage(.tRepeated, .toleratedOddity, "The header gives the time twice.") {
      $0.signatures = ["t=\($0.seconds),t=\($0.seconds),v1=\($0.v1)"]
    },
    Breakage(
      .tNotCanonicalDecimal, .toleratedOddity, "The time is a decimal fraction, not whole unix seconds."
    ) {
      $0.sign(t: "\($0.seconds).482")
    },
  ]

  private static let signature = [
    Breakage(.noV1, .toleratedOddity, "The header holds only a v0 signature, which is no longer in use.") {
      $0.signatures = ["t=\($0.seconds),v0=\($0.v1)"]
    },
    Breakage(.v1Not64Hex, .toleratedOddity, "The signature was cut to 40 digits, the length of a SHA-1.") {
      $0.signatures = ["t=\($0.seconds),v1=\($0.v1.prefix(40))"]
    },
    Breakage(.v1NotLowercaseHex, .toleratedOddity, "The signature is right, but in upper case.") {
      $0.signatures = ["t=\($0.seconds),v1=\($0.v1.uppercased())"]
    },
  ]

  private static let verdicts = [
    // With an API key among the receiver's secrets the diagnosis would name that, which is Parable's part.
    Breakage(
      .noV1Matches, .unknown, "The signature is well formed, but no secret of the receiver makes it.",
      provider: .parlay
    ) {
      $0.signatures = ["t=\($0.seconds),v1=\($0.unrelatedV1)"]
    },
    Breakage(.tooOld, .outsideWindow, "The signature is right, but an hour old.") {
      $0.sign(secondsOff: -3600)
    },
    Breakage(.inFuture, .outsideWindow, "The signature is right, but an hour ahead of the clock.") {
      $0.sign(secondsOff: 3600)
    },
  ]
}
