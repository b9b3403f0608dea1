import JSON
import Sender
import Testing
import Webhooks

@testable import Sandbox

/// The events that --rate makes, and the surprises among them.
struct EventMakerTests {
  /// All attempts of so many seconds, with every one accepted, and the surprises.
  private func run(
    _ seconds: Int, _ adjust: (inout SandboxRules) -> Void = { _ in }
  ) throws -> (sent: [Departure], surprises: [String]) {
    var bench = Bench {
      ($0.rate, $0.limits.waitingInOrder) = (10, 0)
      adjust(&$0)
    }
    _ = try bench.register(["analysis.completed", "playbook.published"])
    try bench.openParable()
    var (sent, surprises): ([Departure], [String]) = ([], [])
    for _ in 0..<seconds * 10 {
      bench.now = bench.now.adding(0.1)
      surprises += bench.core.makeEvents(at: bench.now)
      let step = bench.wait()
      for departure in step { bench.settle(departure, 200) }
      sent += step
    }
    return (sent, surprises)
  }

  @Test("a rate makes so many events a second, and 0/s none")
  func rate() throws {
    #expect(try run(100) { $0.rate = 0 }.sent.isEmpty)
    let (sent, _) = try run(100)
    // Every event goes somewhere, some twice, and pushes of the last minute are still to come.
    #expect((900...1100).contains(sent.count), "\(sent.count)")
  }

  @Test("the same seed makes the same events, and another one others")
  func seed() throws {
    let first = try run(30).sent.map(\.eventID)
    #expect(try run(30).sent.map(\.eventID) == first)
    #expect(try run(30) { $0.seed = 8 }.sent.map(\.eventID) != first)
    #expect(Set(first).count > 100)
  }

  @Test(
    "now and then comes a type that nobody subscribed to, an event twice, and two captures out of order; more with --chaos",
    arguments: [false, true])
  func surprises(isChaotic: Bool) throws {
    let (sent, surprises) = try run(80) { $0.isChaotic = isChaotic }
    let unknown = sent.filter { $0.event == "analysis.transcribed" }
    let counts = Dictionary(grouping: sent, by: \.eventID).mapValues(\.count)
    let twice = counts.values.filter { $0 == 2 }.count
    let captures = sent.filter { $0.provider == .parable }
    let starts = captures.compactMap { JSONObject($0.body)?["data"]?.object?["ended_at"]?.string }
    #expect(isChaotic ? unknown.count > 140 : (15...80).contains(unknown.count), "\(unknown.count)")
    #expect(isChaotic ? twice > 80 : (12...80).contains(twice), "\(twice)")
    #expect(counts.values.allSatisfy { $0 <= 2 })
    #expect(starts != starts.sorted())
    #expect(
      Set(surprises.map { $0.split(separator: " ").last ?? "" }).isSuperset(of: ["to", "twice", "order"]))
    #expect(
      Set(sent.map(\.event)).isSuperset(of: ["analysis.completed", "playbook.published", "capture.processed"])
    )
    #expect(!sent.contains { $0.event == "webhook.test" || $0.event == "insights.generated" })
  }

  @Test("whoever does not listen to analyses does not get the new type")
  func unheard() throws {
    var bench = Bench { ($0.rate, $0.isChaotic, $0.limits.waitingInOrder) = (10, true, 0) }
    _ = try bench.register(["playbook.published"])
    var events: Set<String> = []
    for _ in 0..<500 {
      bench.now = bench.now.adding(0.1)
      _ = bench.core.makeEvents(at: bench.now)
      for departure in bench.wait() {
        events.insert(departure.event)
        bench.settle(departure, 200)
      }
    }
    #expect(events == ["playbook.published"])
  }

  @Test("after a sleep of the machine there is no burst")
  func sleep() {
    var maker = EventMaker(
      {
        var rules = SandboxRules(seed: 1)
        rules.rate = 100
        return rules
      }())
    #expect(maker.take(at: Bench.start).isEmpty)
    #expect(maker.take(at: Bench.start.adding(0.1)).count == 10)
    #expect(maker.take(at: Bench.start.adding(3600)).count == 1)
  }
}
