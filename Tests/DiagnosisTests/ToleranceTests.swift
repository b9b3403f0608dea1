import TestSupport
import Testing
import Webhooks

@testable import Diagnosis

@Suite struct ToleranceTests {
  @Test("a recorded delivery is explained by the tolerance that it was judged with")
  func recorded() throws {
    let secret = try SigningSecret("whsec_tolerance", label: "parlay", provider: .parlay)
    let body = Array("{}".utf8)
    let request = Request(
      headers: [.init("X-Parlay-Signature", secret.signatureHeader(timestamp: 1_745_518_397, body: body))],
      body: body)
    let arrival = Timestamp(seconds: 1_745_518_397 + 120)
    let verdict = Verifier(keyring: Keyring([secret]), tolerance: 60)
      .verify(request, provider: .parlay, at: arrival)
    #expect(verdict.reason == .tooOld)
    let delivery = Delivery(
      sequence: 1, receivedAt: arrival, request: request,
      envelope: Envelope(reading: request, providers: .documented), verdict: verdict, isDuplicate: false,
      attempt: 1, answer: Answer(status: 401, milliseconds: 1))
    let diagnosis = Diagnosis(
      of: DiagnosisSubject(delivery, providers: .documented, tolerance: 300), keyring: Keyring([secret]),
      budget: DiagnosisBudget(candidates: 1000, nanoseconds: .max) { 0 })
    #expect(diagnosis.findings.map(\.id).contains("outside-window"))
  }
}
