import Foundation
import JSON
import Testing
import Diagnosis
import Webhooks

@testable import Sender

@Suite struct DemoFeedTests {
  /// The first `count` steps, each asked for at the same moment.
  private static func steps(_ count: Int, secrets: DemoSecrets = Support.demo) -> [DemoFeed.Step] {
    var feed = DemoFeed(secrets: secrets, seed: 42)
    return (0..<count).map { _ in feed.next(at: Support.now) }
  }

  private static let burst = steps(DemoFeed.burstCount).map(\.delivery)

  /// What becomes of the burst at a receiver, in the same order.
  private static let outcomes = DemoReception.outcomes(DemoFeed.burstCount)

  private func verdict(_ delivery: OutgoingDelivery, at arrival: Timestamp = Support.now) -> Verdict {
    Support.verdict(on: delivery, at: arrival, keyring: Support.demo.keyring)
  }

  /// The envelope's ids and livemode, read from the body.
  private func facts(_ delivery: OutgoingDelivery) -> (event: String, eventID: String?, live: Bool?) {
    let json = (try? Support.json(delivery.body)) ?? [:]
    let id = json["id"] as? String ?? (json["data"] as? [String: Any])?["id"] as? String
    return (json["event"] as? String ?? "", id, json["livemode"] as? Bool)
  }

  private func deliveryID(_ delivery: OutgoingDelivery) -> String? {
    (delivery.headers.first("X-Parlay-Delivery") ?? delivery.headers.first("x-parable-delivery"))?.text
  }

  /// The burst's deliveries by event id, those that came more than once.
  private func repeated() -> [String: [OutgoingDelivery]] {
    Dictionary(grouping: Self.burst.filter { facts($0).eventID != nil }) { facts($0).eventID! }
      .filter { $0.value.count > 1 }
  }

  @Test("the burst has fewer than 70 deliveries and is over within three seconds")
  func size() {
    let steps = Self.steps(DemoFeed.burstCount)
    #expect((45..<70).contains(steps.count))
    #expect(steps.reduce(0) { $0 + $1.delay } < 3)
  }

  @Test("the burst has every event, well signed, the unknown one too", arguments: SampleCatalogue.kinds)
  func events(kind: SampleKind) {
    #expect(Self.burst.contains { facts($0).event == kind.event && verdict($0).reason == .ok })
  }

  @Test("the burst has live and test events", arguments: [true, false])
  func livemode(live: Bool) {
    #expect(Self.burst.contains { facts($0).live == live && verdict($0).reason == .ok })
  }

  /// The places in the burst of what is labelled with the name of `breakage`.
  private func places(of breakage: Breakage) -> [Int] {
    Self.burst.indices.filter { Self.burst[$0].label.hasSuffix(" \(breakage.name)") }
  }

  @Test("the burst has a delivery for each breakage, and its note says so", arguments: DemoScript.breakages)
  func breakages(breakage: Breakage) throws {
    var places = places(of: breakage)
    if breakage.name == Verdict.Reason.noV1Matches.rawValue {
      // The first attempts of the retry chain fail in the same way.
      places.removeAll { Support.text(Self.burst[$0].body).contains("until the third attempt") }
    }
    #expect(places.count == (breakage.prelude == .itself ? 2 : 1))
    let last = Self.burst[try #require(places.last)]
    #expect(verdict(last).reason == breakage.reason)
    let text = Support.text(last.body).replacing("%3A", with: ":").replacing("+", with: " ")
    #expect(text.contains("\(breakage.cause.rawValue): ") || breakage.cause == "empty-body")
  }

  @Test("the diagnosis comes to the cause that the note names", arguments: DemoScript.breakages)
  func diagnosed(breakage: Breakage) throws {
    let outcome = Self.outcomes[try #require(places(of: breakage).last)]
    let finding = DemoReception.due(breakage, in: outcome.diagnosis)
    #expect(finding?.id == breakage.cause)
  }

  @Test(
    "the burst shows every cause of the table but that of a signed URL, and one that nobody knows",
    arguments: Cause.all.map(\.id).filter { $0 != "other-url" })
  func causes(cause: Cause.ID) {
    #expect(DemoScript.breakages.contains { $0.cause == cause && !places(of: $0).isEmpty })
    #expect(Self.outcomes.contains { $0.diagnosis.findings.contains { $0.id == cause } })
  }

  @Test("what comes without a mistake is found to have none")
  func withoutMistake() {
    let good = Self.outcomes.filter { $0.delivery.verdict.reason == .ok }
    let odd = good.filter { !$0.diagnosis.findings.isEmpty }
    #expect(odd.map { $0.diagnosis.findings[0].id } == ["tolerated-oddity"])
  }

  @Test("a replay is told by the signature that came before, and an edit by its first byte")
  func neighbours() throws {
    let replay = try #require(Breakage.staged.first { $0.cause == "clock-replay-or-queue" })
    let places = places(of: replay)
    #expect(Self.burst[places[0]] == Self.burst[places[1]])
    let finding = try #require(DemoReception.due(replay, in: Self.outcomes[places[1]].diagnosis))
    #expect(finding.detail.contains("delivery \(places[0] + 1) had the same signature"))
    let edit = try #require(Breakage.staged.first { $0.cause == "edited-in-transit" })
    let edited = Self.outcomes[try #require(self.places(of: edit).last)]
    let signed = try #require(edited.diagnosis.proof).signedText.body
    #expect(signed.count == edited.delivery.request.body.count)
    #expect(signed != edited.delivery.request.body)
  }

  @Test("the burst has a duplicate: the same event, accepted twice")
  func duplicate() {
    let pairs = repeated().values.filter { $0.count == 2 }
    #expect(pairs.contains { $0.allSatisfy { verdict($0).reason == .ok } })
  }

  @Test("Parlay's retry chain keeps the event and changes the delivery id, and gets through at last")
  func parlayChain() throws {
    let chain = try #require(
      repeated().values.first { $0.count == 3 && Providers.documented.of($0[0].headers) == .parlay })
    #expect(Set(chain.compactMap(deliveryID)).count == 3)
    #expect(Set(chain.map(\.body)).count == 1)
    #expect(chain.map { verdict($0).reason } == [.noV1Matches, .noV1Matches, .ok])
  }

  @Test("Parable's retry chain keeps the delivery id")
  func parableChain() throws {
    let chain = try #require(
      repeated().values.first { $0.count == 3 && Providers.documented.of($0[0].headers) == .parable })
    #expect(Set(chain.compactMap(deliveryID)).count == 1)
    #expect(Set(chain.map(\.body)).count == 1)
    #expect(chain.allSatisfy { verdict($0).reason == .ok })
  }

  @Test("the burst has one transcript of 200 KiB, with a good signature")
  func longTranscript() {
    let long = Self.burst.filter { $0.body.count >= 200 * 1024 }
    #expect(long.map { verdict($0).reason } == [.ok])
  }

  @Test("the burst has a request without any provider's header, which is missing its signature")
  func withoutProvider() {
    let strangers = Self.burst.filter { Providers.documented.of($0.headers) == nil }
    #expect(strangers.map { verdict($0).reason } == [.noHeader])
  }

  @Test("after the burst there is about one delivery a second, and most are good")
  func later() {
    let later = Self.steps(DemoFeed.burstCount + 400).dropFirst(DemoFeed.burstCount)
    let mean = later.reduce(0) { $0 + $1.delay } / 400
    #expect((0.9...1.1).contains(mean))
    let good = later.map(\.delivery).filter { !verdict($0).status.isFailure }
    #expect((320...380).contains(good.count))
    #expect(Set(good.map { facts($0).event }) == Set(SampleCatalogue.kinds.map(\.event)))
  }

  @Test("after the burst every breakage comes again now and then")
  func laterBreakages() {
    let labels = Self.steps(DemoFeed.burstCount + 4000).dropFirst(DemoFeed.burstCount).map(\.delivery.label)
    let names = Set(labels.compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) })
    #expect(names.isSuperset(of: DemoScript.breakages.map(\.name)))
  }

  @Test("the same seed gives the same feed")
  func deterministic() {
    #expect(Self.steps(100).map(\.delivery) == Self.steps(100).map(\.delivery))
  }

  @Test("a copy gives the step again, signed for its own time")
  func again() {
    var feed = DemoFeed(secrets: Support.demo, seed: 1)
    var copy = feed
    let hour = Support.now.adding(3600)
    let first = feed.next(at: Support.now).delivery
    let second = copy.next(at: hour).delivery
    #expect(facts(first).eventID == facts(second).eventID)
    #expect(verdict(second, at: hour).reason == .ok)
    #expect(verdict(first, at: hour).reason == .tooOld)
  }

  @Test("a provider without a secret is sent unsigned, and others are signed")
  func withoutSecret() {
    let secrets = DemoSecrets(keyring: Keyring([Support.parlay]))
    let deliveries = Self.steps(DemoFeed.burstCount, secrets: secrets).map(\.delivery)
    // One breakage is a signature with the secret of the other provider, whichever it falls to.
    let parable = deliveries.filter {
      $0.headers.contains("x-parable-event") && !$0.label.hasSuffix("other-secret")
    }
    #expect(parable.count > 10)
    #expect(!parable.contains { $0.headers.first("x-parable-signature") != nil })
    #expect(deliveries.contains { Support.verdict(on: $0).secret == "parlay" })
  }
}
