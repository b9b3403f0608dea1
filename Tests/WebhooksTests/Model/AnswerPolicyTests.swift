import Testing
import Webhooks

@Suite struct AnswerPolicyTests {
  @Test(
    "verified tells a sender 401 for each failure and 200 for valid and unchecked",
    arguments: Verdict.Reason.allCases)
  func verified(reason: Verdict.Reason) {
    let isAccepted = reason == .ok || reason == .noSecret
    #expect(AnswerPolicy.verified.status(for: Verdict(reason)) == (isAccepted ? 200 : 401))
    // As forward does, where no app is asked.
    #expect(AnswerPolicy.forward.status(for: Verdict(reason)) == (isAccepted ? 200 : 401))
  }

  @Test("always tells a sender 200 whatever the verdict", arguments: Verdict.Reason.allCases)
  func always(reason: Verdict.Reason) {
    #expect(AnswerPolicy.always.status(for: Verdict(reason)) == 200)
  }

  @Test("the policies are called as the option spells them")
  func names() {
    #expect(AnswerPolicy.allCases.map(\.rawValue) == ["verified", "always", "forward"])
  }
}
