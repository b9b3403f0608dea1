import Testing
import Webhooks

@Suite struct IncidentTests {
  @Test("each reason is spelled as files and tail write it")
  func reasons() {
    #expect(
      Set(Incident.Reason.allCases.map(\.rawValue)).isSuperset(of: [
        "bad-request", "too-large", "headers-too-large", "timeout", "aborted", "wrong-method", "not-http",
        "expectation-failed", "upgrade-refused", "not-stored", "too-many-connections",
      ]))
  }
}
