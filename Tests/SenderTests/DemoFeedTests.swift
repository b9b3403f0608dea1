import Foundation
import Testing
import Webhooks

@testable import Sender

@Suite struct DemoFeedTests {
  /// The first `count` steps, each asked for at the same moment.
  private static func steps(_ count: Int, keyring: Keyring = Support.keyring) -> [DemoFeed.Step] {
    var feed = DemoFeed(keyring: keyring, seed: 42)
    return (0..<count).map { _ in feed.next(at: Support.now) }
  }

  private static let burst = steps(DemoFeed.burstCount).map(\.delivery)

  private func verdict(_ delivery: OutgoingDelivery) -> Verdict { Support.verdict(on: delivery) }

  /// The envelope's ids and livemode, read from the body.
  private func facts(_ delivery: OutgoingDelivery) -> (event: String, eventID: String?, live: Bool?) {
    let json = (try? Support.json(delivery.body)) ?? [:]
    let id = json["id"] as? String ?? (json["data"] as? [String: Any])?["id"] as? String
    return (json["event"] as? String ?? "", id, json["livemode"] as? Bool)
  }

  private func deliveryID(_ delivery: OutgoingDelivery) -> String? {
    delivery.headers.first("X-Parlay-Delivery") ?? delivery.headers.first("x-parable-delivery")
  }

  /// The burst's deliveries by event id, those that came more than once.
  private func repeated() -> [String: [OutgoingDelivery]] {
    Dictionary(grouping: Self.burst.filter { facts($0).eventID != nil }) { facts($0).eventID! }
      .filter { $0.value.count > 1 }
  }

  @Test("the burst has about 40 deliveries and is over within two seconds")
  func size() {
    let steps = Self.steps(DemoFeed.burstCount)
    #expect((36...46).contains(steps.count))
    #expect(steps.reduce(0) { $0 + $1.delay } < 2)
  }

  @Test("the burst has every event, well signed, the unknown one too", arguments: SampleCatalogue.kinds)
  func events(kind: SampleKind) {
    #expect(Self.burst.contains { facts($0).event == kind.event && verdict($0).reason == .ok })
  }

  @Test("the burst has live and test events", arguments: [true, false])
  func livemode(live: Bool) {
    #expect(Self.burst.contains { facts($0).live == live && verdict($0).reason == .ok })
  }

  @Test("the burst has one delivery for each breakage, and its note says so", arguments: Breakage.all)
  func breakages(breakage: Breakage) {
    let found = Self.burst.filter {
      let data = (try? Support.json($0.body))?["data"] as? [String: Any]
      return (data?["note"] as? String)?.hasPrefix("\(breakage.name): ") == true
    }
    #expect(found.map { verdict($0).reason } == [breakage.reason])
  }

  @Test("the burst has a duplicate: the same event, accepted twice")
  func duplicate() {
    let pairs = repeated().values.filter { $0.count == 2 }
    #expect(pairs.contains { $0.allSatisfy { verdict($0).reason == .ok } })
  }

  @Test("Parlay's retry chain keeps the event and changes the delivery id, and gets through at last")
  func parlayChain() throws {
    let chain = try #require(
      repeated().values.first { $0.count == 3 && Provider.of($0[0].headers) == .parlay })
    #expect(Set(chain.compactMap(deliveryID)).count == 3)
    #expect(Set(chain.map(\.body)).count == 1)
    #expect(chain.map { verdict($0).reason } == [.noV1Matches, .noV1Matches, .ok])
  }

  @Test("Parable's retry chain keeps the delivery id")
  func parableChain() throws {
    let chain = try #require(
      repeated().values.first { $0.count == 3 && Provider.of($0[0].headers) == .parable })
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
    let strangers = Self.burst.filter { Provider.of($0.headers) == nil }
    #expect(strangers.map { verdict($0).reason } == [.noHeader])
  }

  @Test("after the burst there is about one delivery a second, and most are good")
  func later() {
    let later = Self.steps(DemoFeed.burstCount + 400).dropFirst(DemoFeed.burstCount)
    let mean = later.reduce(0) { $0 + $1.delay } / 400
    #expect((0.9...1.1).contains(mean))
    let failed = later.count { verdict($0.delivery).status.isFailure }
    #expect((20...80).contains(failed))
    #expect(Set(later.map { facts($0.delivery).event }) == Set(SampleCatalogue.kinds.map(\.event)))
  }

  @Test("the same seed gives the same feed")
  func deterministic() {
    #expect(Self.steps(100).map(\.delivery) == Self.steps(100).map(\.delivery))
  }

  @Test("a copy gives the step again, signed for its own time")
  func again() {
    var feed = DemoFeed(keyring: Support.keyring, seed: 1)
    var copy = feed
    let hour = Timestamp(microseconds: Support.now.microseconds + 3_600_000_000)
    let first = feed.next(at: Support.now).delivery
    let second = copy.next(at: hour).delivery
    #expect(facts(first).eventID == facts(second).eventID)
    #expect(Support.verdict(on: second, at: hour).reason == .ok)
    #expect(Support.verdict(on: first, at: hour).reason == .tooOld)
  }

  @Test("a provider without a secret is sent unsigned, and others are signed")
  func withoutSecret() {
    let deliveries = Self.steps(DemoFeed.burstCount, keyring: Keyring([Support.parlay])).map(\.delivery)
    #expect(deliveries.contains { Provider.of($0.headers) == .parable })
    #expect(!deliveries.contains { $0.headers.first("x-parable-signature") != nil })
    #expect(deliveries.contains { verdict($0).secret == "parlay" })
  }

  @Test("the demo's secrets are new each time, one for each provider, and look like real ones")
  func secrets() throws {
    var random = SplitMix64(seed: 5)
    let one = try Keyring.forDemo(using: &random)
    let two = try Keyring.forDemo(using: &random)
    #expect(one.secrets.map(\.label) == Provider.all.map(\.name))
    #expect(one.secrets.allSatisfy { $0.warnings.isEmpty })
    #expect(Set((one.secrets + two.secrets).map(\.fingerprint)).count == 2 * Provider.all.count)
  }
}
