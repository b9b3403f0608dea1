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
      request: request, receivedAt: arrival, verdict: verdict, providers: .documented,
      zone: Zone { _ in .init(offset: 7200, name: "CEST") })
    let diagnosis = Diagnosis(of: subject, keyring: keyring, budget: .unbounded)
    #expect(diagnosis.findings.map(\.detail) == ["Signed with parlay/old, retired 15:06 CEST"])
  }
  @Test("one that a rotation has replaced explains what was on its way, with the time of the rotation")
  func rotated() throws {
    let old = try SigningSecret("whsec_old_one", label: "parlay/wh_1", provider: .parlay)
    let new = try SigningSecret("whsec_new_one", label: "parlay/wh_1", provider: .parlay)
    var keyring = Keyring([old])
    keyring.take([Rotation(from: old, to: new, at: Timestamp(seconds: 1_745_518_399))])
    let header = old.signatureHeader(timestamp: 1_745_518_397, body: [0x7B, 0x7D])
    let request = Request(headers: Headers([.init("X-Parlay-Signature", header)]), body: [0x7B, 0x7D])
    let arrival = Timestamp(seconds: 1_745_518_400)
    let verdict = Verifier(keyring: keyring).verify(request, provider: .parlay, at: arrival)
    #expect(verdict.reason == .noV1Matches)
    let subject = DiagnosisSubject(
      request: request, receivedAt: arrival, verdict: verdict, providers: .documented,
      zone: Zone { _ in .init(offset: 7200, name: "CEST") })
    let finding = try #require(Diagnosis(of: subject, keyring: keyring, budget: .unbounded).findings.first)
    #expect(finding.id == "retired-secret" && finding.level == .proven)
    #expect(finding.title == "signed with the secret from before the rotation at 20:13:19")
    #expect(finding.detail.hasPrefix("parlay/wh_1 was rotated at 20:13:19: "))
  }
}
