import Testing

@testable import Webhooks

/// What is said of a verdict fits the sender's scheme.
@Suite struct VerdictWordsTests {
  private static let gitHub = SignatureScheme(
    headers: ["X-Hub-Signature-256"], format: SignatureFormat("sha256={hex}")!,
    text: SignedTextTemplate("{body}")!)
  private static let slack = SignatureScheme(
    headers: ["X-Slack-Signature"], format: SignatureFormat("v0={hex}")!,
    text: SignedTextTemplate("v0:{t}:{body}")!, time: .headers(["X-Slack-Request-Timestamp"]))
  private static let acme = SignatureScheme(
    headers: ["X-Acme"], format: SignatureFormat("ts={t};h1={hex}")!, text: SignedTextTemplate("{t}:{body}")!,
    digest: .sha512, timeUnit: .milliseconds)

  private static let based = SignatureScheme(
    headers: ["X-Based"], format: SignatureFormat("at={t};h1={base64}")!,
    text: SignedTextTemplate("{t}.{body}")!)

  private static func sentences(_ scheme: SignatureScheme) -> [String] {
    Verdict.Reason.allCases.flatMap { [$0.summary(under: scheme), $0.remedy(under: scheme)] }
  }

  @Test("no sentence speaks of a t or v1 that the sender does not send", arguments: [gitHub, slack, acme])
  func foreign(scheme: SignatureScheme) {
    for sentence in Self.sentences(scheme) {
      #expect(!sentence.contains(#/\b(t|v1)\b/#), "\(sentence)")
    }
  }

  @Test(
    "a sentence names the sender's own header, unit and digest",
    arguments: [
      (.noT, slack, "X-Slack-Request-Timestamp is missing"),
      (.tNotCanonicalDecimal, slack, "X-Slack-Request-Timestamp is not a plain decimal number"),
      (.spaceAroundKey, acme, "white space beside ts or h1"),
      (.v1Not64Hex, acme, "h1 is not 128 hexadecimal digits"),
      (.noV1, .timeAndBody(in: "X"), "the header has no v1"),
    ] as [(Verdict.Reason, SignatureScheme, String)])
  func summaries(reason: Verdict.Reason, scheme: SignatureScheme, words: String) {
    #expect(reason.summary(under: scheme) == words)
  }

  @Test(
    "what is wrong with a digest is said in its own encoding",
    arguments: [
      (.signatureLength, based, .signatureLength), (.signatureNotBase64, based, .signatureNotBase64),
      (.signatureLength, acme, .v1Not64Hex), (.signatureNotHex, acme, .v1Not64Hex),
      (.signatureLength, gitHub, .signatureLength),
    ] as [(SignatureReading.FaultKind, SignatureScheme, Verdict.Reason)])
  func encodings(fault: SignatureReading.FaultKind, scheme: SignatureScheme, reason: Verdict.Reason) {
    #expect(Verdict.Reason(fault, in: scheme) == reason)
    #expect(reason == .v1Not64Hex || !reason.remedy(under: scheme).contains("hexadecimal"))
  }

  @Test(
    "a remedy shows the header as the sender's scheme has it",
    arguments: [
      (.partWithoutEquals, acme, "Send ts=<milliseconds>;h1=<hex> with nothing between or after."),
      (.noV1, acme, "Send h1=<hex hmac-sha512 of ts:body>."),
      (
        .noT, slack,
        "Send X-Slack-Request-Timestamp with whole unix seconds: digits only, no zero in front; the time is part of what is signed."
      ),
      (.noV1, based, "Send h1=<base64 hmac-sha256 of at.body>."),
      (.inFuture, acme, "Check both clocks: the sender's is ahead of this one."),
      (.partWithoutEquals, .timeAndBody(in: "X"), "Send t=<seconds>,v1=<hex> with nothing between or after."),
      (.noV1, .timeAndBody(in: "X"), "Send v1=<hex hmac-sha256 of t.body>."),
      (
        .inFuture, .timeAndBody(in: "X"),
        "Check both clocks: the sender's is ahead of this one, or t is in milliseconds."
      ),
    ] as [(Verdict.Reason, SignatureScheme, String)])
  func remedies(reason: Verdict.Reason, scheme: SignatureScheme, words: String) {
    #expect(reason.remedy(under: scheme) == words)
  }

  @Test("where no sender is known, no sentence speaks of what only some of them send")
  func unknown() {
    for reason in Verdict.Reason.allCases {
      for sentence in [reason.summary(under: nil), reason.remedy(under: nil)] {
        #expect(
          !sentence.contains(#/\b(t|v1|SHA256|sha256|64|seconds)\b/#), "\(sentence)")
        #expect(!sentence.contains("the the") && !sentence.contains("one the"), "\(sentence)")
      }
    }
  }

  @Test(
    "what is signed is told in its order",
    arguments: [
      ("{t}.{body}", "t. and body"), ("{body}", "body"), ("v0:{t}:{body}", "v0:t: and body"),
      ("{body}{t}", "body and t"),
    ])
  func signedText(template: String, words: String) {
    #expect(SignedTextTemplate(template)?.words == words)
  }
}
