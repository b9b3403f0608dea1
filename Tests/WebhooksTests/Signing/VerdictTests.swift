import Testing
import Webhooks

@Suite struct VerdictTests {
  @Test(
    "each reason belongs to the status of the design's table",
    arguments: [
      (Verdict.Status.valid, ["ok"]), (.missing, ["no-header"]),
      (
        .malformed,
        [
          "header-repeated", "header-empty", "part-without-equals", "space-around-key", "no-t", "t-repeated",
          "t-not-canonical-decimal", "no-v1", "v1-not-64-hex", "v1-not-lowercase-hex",
          "format", "no-signature", "signature-not-hex", "signature-not-base64", "signature-length", "no-id",
        ]
      ),
      (.mismatch, ["no-v1-matches", "token-differs"]), (.stale, ["too-old", "in-future"]),
      (.unchecked, ["no-secret"]),
    ])
  func table(status: Verdict.Status, reasons: [String]) {
    #expect(Verdict.Reason.allCases.filter { $0.status == status }.map(\.rawValue) == reasons)
  }

  @Test("everything but valid and unchecked is a failure", arguments: Verdict.Status.allCases)
  func failure(status: Verdict.Status) {
    #expect(status.isFailure == !["valid", "unchecked"].contains(status.rawValue))
  }
}
