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
}
