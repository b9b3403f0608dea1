import JSON
import Testing
import Webhooks

@testable import Diagnosis
@testable import hooktop

@Suite struct SearchedRequestTests {
  private func searched(
    _ body: [UInt8] = [0x7B, 0x7D], target: ByteString = "/", provider: Provider = .parlay,
    _ reason: Verdict.Reason = .noV1Matches, timestamp: Int64? = 1_745_518_397, at second: Double = 0
  ) -> SearchedRequest? {
    let request = Request(
      target: target, headers: [Headers.Field("X-Parlay-Signature", "t=1,v1=0")], body: body,
      peer: "127.0.0.1:\(50_000 + Int(second))")
    var verdict = Verdict(reason)
    verdict.timestamp = timestamp
    return SearchedRequest(
      Delivery(
        sequence: UInt64(second) + 1, receivedAt: Timestamp(seconds: 1_745_518_400 + second),
        request: request, envelope: Envelope(provider: provider), verdict: verdict,
        isDuplicate: false, attempt: 1, answer: nil))
  }

  @Test("a failed delivery is that of another one that was sent alike, whenever and from wherever it came")
  func alike() {
    #expect(searched() != nil && searched() == searched(at: 60))
    #expect(searched() != searched([0x5B, 0x5D]))
    #expect(searched() != searched(target: "/other"))
  }

  @Test("what each delivery is searched for itself is none, nor what is valid")
  func alone() {
    #expect(searched(.init(), .ok) == nil)
    #expect(searched([UInt8](repeating: 0x20, count: DiagnosisBudget.automaticBodyLimit + 1)) == nil)
    // The time is guessed around the arrival, where the sender signs one.
    #expect(searched(timestamp: nil) == nil)
    #expect(searched(provider: .gitHub, timestamp: nil) != nil)
  }
}
