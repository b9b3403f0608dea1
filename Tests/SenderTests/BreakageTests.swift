import Testing
import Webhooks

@testable import Sender

@Suite struct BreakageTests {
  private static let events = ["analysis.completed", "capture.processed"]

  @Test("a broken delivery fails for the reason that the breakage names", arguments: Breakage.all, events)
  func reason(breakage: Breakage, event: String) {
    let delivery = Support.delivery(event)
    let signer = SampleSigner(Support.secret(of: Provider.of(delivery.headers)!))
    let broken = breakage.applied(to: delivery, signer: signer, at: Support.now)
    let verdict = Support.verdict(on: broken)
    #expect(verdict.reason == breakage.reason)
    #expect(verdict.reason.rawValue == breakage.name)
    #expect(broken.label == "\(event) \(breakage.name)")
  }

  @Test("every reason that a sender can bring about has one breakage")
  func complete() {
    let due = Set(Verdict.Reason.allCases).subtracting([.ok, .noSecret])
    #expect(Set(Breakage.all.map(\.reason)) == due)
    #expect(Set(Breakage.all.map(\.name)).count == Breakage.all.count)
  }

  @Test("what is stale has a good signature all the same", arguments: ["too-old", "in-future"])
  func staleIsNotForged(name: String) throws {
    let breakage = try #require(Breakage.named(name))
    let delivery = Support.delivery("webhook.test")
    let broken = breakage.applied(to: delivery, signer: SampleSigner(Support.parlay), at: Support.now)
    #expect(Support.verdict(on: broken).macMatches == true)
  }

  @Test("each breakage is described in one sentence", arguments: Breakage.all)
  func sentence(breakage: Breakage) {
    #expect(breakage.sentence.hasSuffix("."))
    #expect(breakage.sentence.filter { $0 == "." }.count == 1)
    #expect(breakage.sentence.first?.isUppercase == true)
  }

  @Test("an unknown name is no breakage")
  func unknown() {
    #expect(Breakage.named("ok") == nil)
  }
}
