import JSON
import TestSupport
import Testing

@testable import Diagnosis
@testable import Webhooks

/// What a check sends, for senders of any kind.
@Suite("Probes of a check")
struct ProbeTests {
  private static let now = Timestamp(seconds: 1_745_518_397)
  private static let body = #"{"id":"evt_1","event":"order.paid","created_at":"2025-04-24T18:13:17Z","n":3}"#

  private func draft(_ body: String = body, _ sender: OtherSender? = nil) throws -> SignedDraft {
    let provider = sender?.provider ?? .parlay
    let secret = try SigningSecret(sender?.secret ?? "whsec_Zk3Lq9Wm2Xc7Vb1N", label: "a", provider: provider)
    return SignedDraft(
      headers: [.init("X-Other", "1")], body: Array(body.utf8), provider: provider, secret: secret,
      now: Self.now, providers: Providers([provider, .parable]))
  }

  private func probe(_ id: String) throws -> Probe { try #require(Probe.all.first { $0.id == id }) }

  @Test(
    "the flipped byte leaves a JSON document one",
    arguments: [
      (#"{"a":"x1y"}"#, #"{"a":"x0y"}"#), (#"{"a":"zoo\n"}"#, nil),
      (#"{"a":"z","b":"\u00e9\n"}"#, #"{"a":"y","b":"\u00e9\n"}"#),
      (#"{"a":"A","b":true,"c":null}"#, #"{"a":"B","b":true,"c":null}"#), (#"{"key":false}"#, nil),
      (#"{"n":10}"#, #"{"n":11}"#), (#"[1e5]"#, "[1e4]"), ("[-1]", "[-0]"), ("[0]", "[1]"), ("{}", nil),
      (#"{"a":"é","b":{}}"#, nil), ("t=1&é", "t=0&é"), ("not JSON", "not JSOM"), ("--", "-,"), ("", nil),
    ] as [(String, String?)])
  func flipped(body: String, due: String?) throws {
    let changed = try probe("flipped-byte").applied(to: draft(body))
    #expect(changed.map { String(decoding: $0.body, as: UTF8.self) } == due)
    if JSONOutline(Array(body.utf8)) != nil, let changed { #expect(JSONOutline(changed.body) != nil) }
  }

  @Test(
    "nothing is sent as forged that is the good delivery, whoever the sender is",
    arguments: [nil, .gitHub, .shopify, .slack, .standardWebhooks, .acme] as [OtherSender?])
  func forged(sender: OtherSender?) throws {
    let good = try draft(Self.body, sender)
    let probes = Probe.all.filter { $0.expectation == .refuse }
    let sent = probes.compactMap { $0.applied(to: good) }
    #expect(sent.count >= 6)
    for forged in sent {
      #expect(forged.body != good.body || forged.signedHeaders != good.signedHeaders)
    }
  }

  @Test("a change that changes nothing makes no probe")
  func unchanged() throws {
    let same = Probe("same", "the same", .refuse) { $0.signatures = $0.signatures }
    #expect(same.applied(to: try draft()) == nil)
    #expect(try probe("good").applied(to: draft()) != nil)
  }

  @Test("where both answers are right, either is expected, and none is wrong")
  func either() throws {
    let either = Probe.all.filter { $0.expected == "either" }
    #expect(either.map(\.id) == ["two-signatures-right-last", "two-signatures-right-first"])
    #expect(either.allSatisfy { $0.verdict(on: 200) == .right && $0.verdict(on: 401) == .right })
    #expect(try probe("good").expected == "accept" && probe("stale").expected == "refuse")
  }
}
