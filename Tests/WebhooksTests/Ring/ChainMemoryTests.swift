import Testing
@testable import Webhooks

@Suite struct ChainMemoryTests {
  private let envelope = Envelope(provider: .parlay, eventID: "evt_1", deliveryID: "del_1")

  @Test("attempts are counted from one, and only what was accepted makes a duplicate")
  func counting() {
    var memory = ChainMemory()
    #expect(memory.nextAttempt(envelope) == 1)
    memory.remember(envelope, accepted: false)
    #expect(memory.nextAttempt(envelope) == 2)
    #expect(!memory.isDuplicate(envelope))
    memory.remember(envelope, accepted: true)
    #expect(memory.isDuplicate(envelope))
    memory.remember(envelope, accepted: false)
    #expect(memory.isDuplicate(envelope), "a later failure does not take back what was accepted")
  }

  @Test("a chain is remembered while one of its deliveries is kept, and no longer")
  func forgetting() {
    var memory = ChainMemory()
    memory.remember(envelope, accepted: true)
    memory.remember(envelope, accepted: true)
    memory.forget(envelope)
    #expect(memory.nextAttempt(envelope) == 3)
    memory.forget(envelope)
    #expect(memory.nextAttempt(envelope) == 1)
    #expect(!memory.isDuplicate(envelope))
  }

  @Test("the same id of two providers are two events")
  func providers() {
    var memory = ChainMemory()
    memory.remember(envelope, accepted: true)
    #expect(!memory.isDuplicate(Envelope(provider: .parable, eventID: "evt_1")))
    #expect(!memory.isDuplicate(Envelope(provider: nil, eventID: "evt_1")))
  }

  @Test("deliveries without an id are never each other's duplicates")
  func noIDs() {
    var memory = ChainMemory()
    memory.remember(Envelope(), accepted: true)
    memory.forget(Envelope(provider: .parlay))
    #expect(!memory.isDuplicate(Envelope()))
    #expect(memory.nextAttempt(Envelope()) == 1)
  }
}
