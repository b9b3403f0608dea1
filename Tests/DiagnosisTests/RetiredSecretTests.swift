import TestSupport
import Testing

@testable import Diagnosis
@testable import Webhooks

@Suite struct RetiredSecretTests {
  @Test("a retired secret verifies nothing, and the diagnosis still names it")
  func retired() throws {
    let old = try SigningSecret(
      "whsec_old_one", label: "parlay/old", provider: .parlay, retiredAt: Timestamp(seconds: 1_745_500_000))
    let keyring = try Keyring([SigningSecret("whsec_new_one", label: "parlay", provider: .parlay), old])
    let header = old.signatureHeader(timestamp: 1_745_518_397, body: [0x7B, 0x7D])
    let request = Request(headers: Headers([.init("X-Parlay-Signature", header)]), body: [0x7B, 0x7D])
    let arrival = Timestamp(seconds: 1_745_518_400)
    let verdict = Verifier(keyring: keyring).verify(request, provider: .parlay, at: arrival)
    #expect(verdict.reason == .noV1Matches)
    #expect(verdict.secretsTried == 1)
    let subject = DiagnosisSubject(
      request: request, receivedAt: arrival, verdict: verdict, providers: .builtIn,
      zone: Zone { _ in .init(offset: 7200, name: "CEST") })
    let diagnosis = Diagnosis(of: subject, keyring: keyring, budget: .unbounded)
    #expect(diagnosis.findings.map(\.detail) == ["Signed with parlay/old, retired 15:06 CEST"])
  }
}
