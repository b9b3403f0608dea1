import JSON
import Testing
import Webhooks

@Suite struct EnvelopeTests {
  @Test("Parlay's attempts belong together by the event's id, since each has a delivery id of its own")
  func parlayChain() {
    let envelope = Envelope(provider: .parlay, eventID: "evt_1", deliveryID: "del_7")
    #expect(envelope.chainKey == "evt_1")
    #expect(envelope.dedupeKey == "evt_1")
  }

  @Test("Parable's attempts belong together by the delivery id, which a chain shares")
  func parableChain() {
    let envelope = Envelope(provider: .parable, eventID: "cap_1", deliveryID: "del_7")
    #expect(envelope.chainKey == "del_7")
    #expect(envelope.dedupeKey == "cap_1")
  }

  @Test("without a delivery id Parable's chain goes by the event's id")
  func parableWithoutDeliveryID() {
    #expect(Envelope(provider: .parable, eventID: "cap_1").chainKey == "cap_1")
  }

  @Test("without ids there is neither chain nor dedupe key")
  func nothing() {
    #expect(Envelope(provider: .parlay, deliveryID: "del_7").chainKey == nil)
    #expect(Envelope().dedupeKey == nil)
    #expect(Envelope().livemode == .notApplicable)
  }

  private func reading(_ body: String, _ header: String) -> Envelope {
    Envelope(
      reading: Request(headers: Headers([.init(header, "x")]), body: Array(body.utf8)),
      providers: .builtIn)
  }

  @Test("a body gives its provider's times: when the event came about, and when what it tells of began")
  func times() {
    let parable = reading(
      #"{"emitted_at":"2026-04-24T18:53:17Z","data":{"started_at":"2026-04-24T20:00:00.5+02:00"}}"#,
      "x-parable-event")
    #expect(parable.createdAt == Timestamp("2026-04-24T18:53:17Z"))
    #expect(parable.startedAt == Timestamp("2026-04-24T18:00:00.5Z"))
    let parlay = reading(
      #"{"created_at":1777056797,"data":{"started_at":"2026-04-24T18:53:17Z"}}"#, "X-Parlay-Event")
    #expect(parlay.createdAt == Timestamp("2026-04-24T18:53:17Z") && parlay.startedAt == nil)
    for other in [#""2026-04-24T18:53:17Z""#, "1777056797000", #""1777056797.000""#] {
      #expect(reading("{\"created_at\":\(other)}", "x").createdAt == parlay.createdAt)
    }
  }

  @Test(
    "what is no moment is no time",
    arguments: [
      "true", "null", "[]", "{}", #""""#, #""soon""#, #""2026-02-30T00:00:00Z""#, "1e9", "-1",
      "17770567970000",
      "\"\(String(repeating: "1", count: 100_000))\"", String(repeating: "1", count: 100_000),
    ])
  func noTime(value: String) {
    let envelope = reading(
      #"{"emitted_at":\#(value),"data":{"started_at":\#(value)}}"#, "x-parable-event")
    #expect(envelope.createdAt == nil && envelope.startedAt == nil)
  }
}
