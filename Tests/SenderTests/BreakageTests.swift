import Diagnosis
import TestSupport
import Testing
import Webhooks

@testable import Sender

@Suite struct BreakageTests {
  private static let events = ["analysis.completed", "capture.processed"]
  private static let every = DemoScript.breakages

  @Test(
    "a broken delivery fails for the reason that the breakage names",
    arguments: Breakage.all.filter { !$0.isOfURL }, events)
  func reason(breakage: Breakage, event: String) throws {
    let delivery = Support.delivery(event)
    let signer = SampleSigner(Support.secret(of: Providers.documented.of(delivery.headers)!))
    let broken = try #require(breakage.applied(to: delivery, signer: signer, at: Support.now))
    #expect(Support.verdict(on: broken).reason == breakage.reason)
    #expect(broken.label == "\(event) \(breakage.name)")
  }

  @Test("every reason that a sender can bring about has one breakage, which is called like it")
  func complete() {
    // What only schemes of another form can have wrong is nothing that these providers could send.
    let ofOtherForms: Set<Verdict.Reason> = [
      .format, .noSignature, .signatureNotHex, .signatureNotBase64, .signatureLength, .noID,
      .tokenDiffers,
    ]
    let due = Set(Verdict.Reason.allCases).subtracting([.ok, .noSecret]).subtracting(ofOtherForms)
    #expect(Set(Breakage.reasons.map(\.reason)) == due)
    #expect(Breakage.reasons.map(\.name) == Breakage.reasons.map(\.reason.rawValue))
    #expect(Set(Self.every.map(\.name)).count == Self.every.count)
  }

  @Test("every cause has a breakage; beyond the reasons of verdicts it is called like the cause")
  func causes() {
    // The two that the demo shows sign no URL.
    #expect(Set(Self.every.map(\.cause)).union(["other-url"]) == Set(Cause.all.map(\.id)))
    let others = Breakage.causes + Breakage.staged
    #expect(others.map(\.name) == others.map(\.cause.rawValue))
  }

  @Test("the diagnosis comes to the cause of the breakage", arguments: every, events)
  func diagnosis(breakage: Breakage, event: String) throws {
    let provider = SampleCatalogue.kind(event)!.provider
    guard DemoSecrets.provider(showing: breakage).map({ $0 == provider }) ?? true else { return }
    let outcome = try #require(DemoReception.outcome(of: breakage, event: event))
    #expect(outcome.delivery.verdict.reason == breakage.reason)
    let finding = try #require(DemoReception.due(breakage, in: outcome.diagnosis))
    #expect(finding.id == breakage.cause)
    #expect(finding.level == Self.level(breakage))
  }

  /// The level due for a breakage: that of its cause in the table of causes, with what shows more or less.
  private static func level(_ breakage: Breakage) -> Cause.Level {
    switch breakage.cause {
    // The signature stands in another header, where it proves itself.
    case "no-signature-header" where breakage.name == "no-signature-header": .proven
    // A valid delivery leaves nothing to prove.
    case "tolerated-oddity" where breakage.reason == .ok: .seen
    case "no-signature-header", "malformed-header", "truncated-body", "header-body-disagree",
      "empty-body":
      .seen
    // The demo's API key stands beside a good secret.
    case "clock-replay-or-queue", "not-a-secret", "event-time", "wrong-secret": .likely
    case "unknown": .unknown
    // An edit too: it came after the second signing, so that the first body proves to be what was signed.
    default: .proven
    }
  }

  @Test("a body that was cut off is seen to be so", arguments: SampleCatalogue.kinds)
  func cutOff(kind: SampleKind) throws {
    let breakage = try #require(Breakage.named("truncated-body"))
    let outcome = try #require(DemoReception.outcome(of: breakage, event: kind.event))
    let finding = try #require(outcome.diagnosis.findings.first)
    #expect((finding.id, finding.level) == ("truncated-body", .seen))
  }

  @Test("what is stale has a good signature all the same", arguments: ["too-old", "in-future"])
  func staleIsNotForged(name: String) throws {
    let breakage = try #require(Breakage.named(name))
    let delivery = Support.delivery("webhook.test")
    let broken = try #require(
      breakage.applied(to: delivery, signer: SampleSigner(Support.parlay), at: Support.now))
    #expect(Support.verdict(on: broken).macMatches == true)
  }

  @Test(
    "each breakage is described in one sentence", arguments: every,
    [Provider.parlay, OtherSender.acme.provider])
  func sentence(breakage: Breakage, provider: Provider) {
    let sentence = breakage.sentence(for: provider)
    #expect(sentence.hasSuffix(".") && !sentence.contains(/{[a-z]+}/))
    #expect(sentence.filter { $0 == "." }.count == 1)
    #expect(sentence.first?.isUppercase == true)
  }

  @Test(
    "what is broken is called by the names of its sender",
    arguments: [
      ("part-without-equals", Provider.parlay, "The time has no t= in front"),
      ("part-without-equals", OtherSender.acme.provider, "The time has no at= in front"),
      ("no-v1", Provider.parlay, "the signature v0,"),
      ("no-v1", OtherSender.acme.provider, "the signature h0,"),
      ("space-around-key", OtherSender.acme.provider, "not h1 but h1 with a space"),
      ("damaged-secret", Provider.parlay, "without its prefix whsec_."),
    ])
  func names(breakage: String, provider: Provider, words: String) throws {
    let breakage = try #require(Self.every.first { $0.name == breakage })
    #expect(breakage.sentence(for: provider).contains(words), "\(breakage.sentence(for: provider))")
  }

  @Test(
    "a cause's name finds the breakage that shows it",
    arguments: [
      ("tolerated-oddity", "tolerated-oddity"), ("no-header", "no-header"), ("wrong-secret", "no-v1-matches"),
      ("unknown", "unknown"),
      ("no-signature-header", "no-signature-header"), ("malformed-header", "header-empty"),
      ("outside-window", "too-old"), ("repeated-header", "header-repeated"),
    ])
  func named(name: String, row: String) {
    #expect(Breakage.named(name)?.name == row)
  }

  @Test(
    "what takes the demo's secrets or an earlier delivery can't be sent alone", arguments: Breakage.staged)
  func staged(breakage: Breakage) {
    #expect(Breakage.named(breakage.name) == nil)
  }

  @Test("an unknown name is no breakage")
  func unknown() {
    #expect(Breakage.named("ok") == nil)
  }
}
