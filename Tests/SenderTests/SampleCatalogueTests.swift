import Foundation
import Testing
import Webhooks

@testable import Sender

@Suite struct SampleCatalogueTests {
  @Test("every documented event has a sample, and one event is unknown")
  func complete() {
    for provider in Providers.documented.all {
      let events = SampleCatalogue.kinds(of: provider).filter(\.isDocumented).map(\.event)
      #expect(events == provider.events)
    }
    #expect(SampleCatalogue.kinds.filter { !$0.isDocumented }.map(\.event) == ["analysis.transcribed"])
    #expect(SampleCatalogue.kind("no.such.event") == nil)
  }

  @Test("the envelope has the documented keys, in the documented order", arguments: SampleCatalogue.kinds)
  func envelope(kind: SampleKind) throws {
    let sample = Support.sample(kind.event)
    let keys =
      kind.provider == .parlay
      ? ["id", "event", "livemode", "created_at", "data"] : ["event", "delivery_id", "emitted_at", "data"]
    let json = try Support.json(sample.body)
    #expect(Set(json.keys) == Set(keys))
    #expect(Support.stand(keys, in: Support.text(sample.body)))
    #expect(json["event"] as? String == kind.event)
  }

  @Test(
    "the data has the documented keys, in the documented order",
    arguments: [
      ("analysis.completed", ["analysis_id", "org_id", "rep_id", "status", "scores"]),
      ("analysis.failed", ["analysis_id", "org_id", "rep_id", "error"]),
      ("persona.assigned", ["org_id", "rep_id", "job_id", "result"]),
      ("methodology.assigned", ["org_id", "rep_id", "job_id", "result"]),
      ("profile.synthesized", ["org_id", "rep_id", "job_id", "result"]),
      (
        "playbook.draft.completed",
        ["draft_id", "source_count", "gemini_input_tokens", "gemini_output_tokens", "cost_usd_cents"]
      ),
      ("playbook.published", ["playbook_id", "draft_id", "version"]),
      ("insights.generated", ["org_id", "snapshot_id"]),
      ("webhook.test", ["note", "timestamp"]),
      ("capture.processed", ["id", "title", "started_at", "ended_at", "participants", "segments"]),
    ])
  func data(event: String, keys: [String]) throws {
    let body = Support.sample(event).body
    let data = try #require(try Support.json(body)["data"] as? [String: Any])
    #expect(Set(data.keys) == Set(keys))
    let text = Support.text(body)
    #expect(Support.stand(keys, in: String(text[text.range(of: "\"data\":")!.upperBound...])))
  }

  @Test("a job's result is nested", arguments: ["persona.assigned", "methodology.assigned"])
  func nested(event: String) throws {
    let data = try Support.json(Support.sample(event).body)["data"] as? [String: Any]
    let result = try #require(data?["result"] as? [String: Any])
    #expect(result.values.contains { $0 is [String: Any] })
  }

  @Test(
    "samples hold the text that printers of JSON write in different ways",
    arguments: ["persona.assigned", "methodology.assigned", "profile.synthesized", "capture.processed"],
    [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func escaped(event: String, seed: UInt64) {
    let text = Support.text(Support.sample(event, seed: seed).body)
    for part in ["ü", "—", "<", ">", "&", "/", "\u{2028}"] { #expect(text.contains(part), "\(part)") }
    #expect(text.unicodeScalars.contains { $0.properties.isEmojiPresentation })
  }

  @Test(
    "a job's result holds numbers and an object that some parsers print otherwise",
    arguments: 1..<9 as Range<UInt64>)
  func numbers(seed: UInt64) throws {
    let text = Support.text(Support.sample("persona.assigned", seed: seed).body)
    #expect(text.contains(#""weight":1.0,"#))
    #expect(text.contains(#""labels":{},"#))
    let id = try #require(text.firstMatch(of: /"recording_id":(\d+),/)).1
    #expect(id.count == 17)
    #expect(Int(id).map { Int(Double($0)) != $0 } == true)
  }

  @Test("a score is a whole number from 0 to 100", arguments: 0..<50 as Range<UInt64>)
  func scores(seed: UInt64) throws {
    let body = Support.sample("analysis.completed", seed: seed).body
    let data = try Support.json(body)["data"] as? [String: Any]
    let scores = try #require(data?["scores"] as? [String: Int])
    #expect(Set(scores.keys) == ["clarity", "influence", "objection"])
    #expect(scores.values.allSatisfy { (0...100).contains($0) })
  }

  @Test("live and test samples differ in livemode only", arguments: SampleCatalogue.kinds(of: .parlay))
  func livemode(kind: SampleKind) {
    let test = Support.text(Support.sample(kind.event).body)
    let live = Support.text(Support.sample(kind.event, SampleOptions(livemode: true)).body)
    #expect(test.contains(#""livemode":false"#))
    #expect(live == test.replacingOccurrences(of: #""livemode":false"#, with: #""livemode":true"#))
  }

  @Test("a provider without livemode never says it")
  func noLivemode() {
    let body = Support.sample("capture.processed", SampleOptions(livemode: true)).body
    #expect(!Support.text(body).contains("livemode"))
  }

  @Test("the same seed and time give the same bytes, another seed others", arguments: SampleCatalogue.kinds)
  func deterministic(kind: SampleKind) {
    #expect(Support.sample(kind.event) == Support.sample(kind.event))
    #expect(Support.sample(kind.event).body != Support.sample(kind.event, seed: 2).body)
  }

  @Test("a generator goes on after a sample, so the next one is another event")
  func advances() {
    var random = SplitMix64(seed: 1)
    let kind = SampleCatalogue.kind("webhook.test")!
    let first = kind.sample(now: Support.now, using: &random)
    let second = kind.sample(now: Support.now, using: &random)
    #expect(first.eventID != second.eventID)
    #expect(first.deliveryID != second.deliveryID)
  }

  @Test("a note stands in data.note", arguments: SampleCatalogue.kinds)
  func note(kind: SampleKind) throws {
    let body = Support.sample(kind.event, SampleOptions(note: "look: \"here\"")).body
    let data = try Support.json(body)["data"] as? [String: Any]
    #expect(data?["note"] as? String == "look: \"here\"")
  }

  @Test("ids and times are where the provider table says", arguments: SampleCatalogue.kinds)
  func ids(kind: SampleKind) throws {
    let sample = Support.sample(kind.event)
    let json = try Support.json(sample.body)
    func text(at path: [String]) -> String? {
      let parent = path.dropLast().reduce(json) { $0[$1] as? [String: Any] ?? [:] }
      return parent[path.last!] as? String
    }
    #expect(text(at: kind.provider.eventIDPath) == sample.eventID)
    #expect(kind.provider.deliveryIDPath.map(text(at:)) ?? sample.deliveryID == sample.deliveryID)
    let created = try #require(text(at: kind.provider.createdAtPath))
    #expect(Timestamp(created)?.microseconds.distance(to: Support.now.microseconds) ?? 1_000_000 < 1000)
  }

  @Test("times and ids look as documented")
  func spelling() {
    let parlay = Support.text(Support.sample("webhook.test").body)
    #expect(parlay.hasPrefix(#"{"id":"evt_"#))
    #expect(parlay.contains(#""created_at":"2026-11-21T18:02:11.482913+00:00""#))
    let parable = Support.text(Support.sample("capture.processed").body)
    #expect(parable.contains(#""emitted_at":"2026-11-21T18:02:11.482Z""#))
    #expect(parable.contains(#""data":{"id":"cap_"#))
  }
}
