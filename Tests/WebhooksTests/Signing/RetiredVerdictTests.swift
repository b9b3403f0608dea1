import TestSupport
import Testing

@testable import Webhooks

@Suite struct RetiredVerdictTests {
  private let moment = Timestamp(microseconds: 1_745_518_397_000_000)

  private func verdict(retired: Bool, signedBy label: String) throws -> Verdict {
    let only = try SigningSecret(
      "whsec_only", label: "parlay", provider: .parlay, retiredAt: retired ? moment : nil)
    let signer = label == "only" ? only : try SigningSecret("whsec_other", label: label, provider: .parlay)
    let body = Array("{}".utf8)
    let header = signer.signatureHeader(timestamp: 1_745_518_397, body: body)
    let request = Request(headers: Headers([.init("X-Parlay-Signature", header)]), body: body)
    return Verifier(keyring: Keyring([only])).verify(request, provider: .parlay, at: moment)
  }

  @Test("with its only secret retired, a provider's deliveries are refused and not let in unchecked")
  func onlyRetired() throws {
    #expect(try verdict(retired: true, signedBy: "only").reason == .noV1Matches)
    #expect(try verdict(retired: true, signedBy: "stranger").reason == .noV1Matches)
    #expect(try verdict(retired: false, signedBy: "only").reason == .ok)
  }

  @Test(
    "what came before is still judged by a secret that was rotated, and not by one that was retired by hand")
  func earlier() throws {
    let retired = Timestamp(microseconds: moment.microseconds + 1)
    var secret = try SigningSecret("whsec_only", label: "parlay", provider: .parlay, retiredAt: retired)
    #expect(!secret.isInForce(at: moment) && !secret.isInForce(at: retired))
    secret.wasRotated = true
    #expect(secret.isInForce(at: moment) && !secret.isInForce(at: retired))
  }

  @Test("with its only secret retired, a header that is missing or broken is named as such")
  func structure() throws {
    let only = try SigningSecret("whsec_only", label: "parlay", provider: .parlay, retiredAt: moment)
    let verifier = Verifier(keyring: Keyring([only]))
    func reason(_ fields: [Headers.Field]) -> Verdict.Reason {
      verifier.verify(Request(headers: Headers(fields), body: []), provider: .parlay, at: moment).reason
    }
    #expect(reason([.init("X-Parlay-Event", "x")]) == .noHeader)
    #expect(reason([.init("X-Parlay-Signature", "t=1, v1=0")]) == .spaceAroundKey)
  }
}
