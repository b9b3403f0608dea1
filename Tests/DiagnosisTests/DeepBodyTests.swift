import TestSupport
import Testing

@testable import Diagnosis
@testable import Webhooks

/// Bodies nested a hundred thousand deep, on a thread with a small stack: whoever recursed would not come back.
@Suite("Diagnosis of deep bodies")
struct DeepBodyTests {
  @Test("a failed delivery is verified, diagnosed and tried with every other body", arguments: DeepBody.all)
  func diagnosis(body: DeepBody) throws {
    let keyring = Keyring([try SigningSecret("whsec_Zk3Lq9Wm2Xc7Vb1N", label: "parlay", provider: .parlay)])
    let header = "t=1745518397,v1=" + String(repeating: "0", count: 64)
    let request = Request(headers: Headers([.init("X-Parlay-Signature", header)]), body: body.bytes)
    let now = Timestamp(seconds: 1_745_518_400)
    let result = SmallStack.run {
      let verdict = Verifier(keyring: keyring).verify(request, provider: .parlay, at: now)
      let diagnosis = Diagnosis(
        of: DiagnosisSubject(request: request, receivedAt: now, verdict: verdict), keyring: keyring,
        budget: Self.budget())
      let variants = BodyVariant.all.compactMap { $0.applied(to: body.bytes) }
      return (verdict.reason, diagnosis.findings.count, diagnosis.proof == nil, variants.count)
    }
    #expect(result?.0 == .noV1Matches)
    #expect((result?.1 ?? 0) > 0)
    #expect(result?.2 == true)
    #expect((result?.3 ?? 0) > 0)
  }

  /// A tenth of a second: enough to begin with every kind of candidate.
  private static func budget() -> DiagnosisBudget {
    let start = ContinuousClock.now
    return DiagnosisBudget(candidates: 300, nanoseconds: 100_000_000) {
      UInt64((ContinuousClock.now - start) / .nanoseconds(1))
    }
  }
}
