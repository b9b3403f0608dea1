import JSON
import Testing
@testable import Webhooks

@Suite struct ChainMemoryTests {
  private let envelope = Envelope(provider: .parlay, eventID: "evt_1", deliveryID: "del_1")

  @Test("attempts are counted from one, and only what was accepted makes a duplicate")
  func counting() {
    var memory = ChainMemory()
    #expect(memory.add(envelope, .tooOld) == .init(isDuplicate: false, attempt: 1))
    #expect(memory.add(envelope) == .init(isDuplicate: false, attempt: 2))
    #expect(memory.add(envelope, .tooOld) == .init(isDuplicate: true, attempt: 3))
    #expect(
      memory.add(envelope) == .init(isDuplicate: true, attempt: 4),
      "a later failure does not take back what was accepted")
  }

  @Test("what no known secret signed changes nothing for the sender's own deliveries")
  func forged() {
    var memory = ChainMemory()
    for reason in [Verdict.Reason.noV1Matches, .noHeader, .format, .noSecret, .noV1Matches, .noSecret] {
      _ = memory.add(envelope, reason)
    }
    #expect(memory.add(envelope) == .init(isDuplicate: false, attempt: 1))
    #expect(memory.add(envelope) == .init(isDuplicate: true, attempt: 2))
    #expect(memory.add(envelope, .noV1Matches) == .init(isDuplicate: true, attempt: 7))
  }

  @Test("what its sender was told is not delivered makes no duplicate, until an app takes it")
  func refused() {
    var memory = ChainMemory()
    memory.remember(envelope, Verdict(.ok), isAccepted: false)
    #expect(memory.add(envelope) == .init(isDuplicate: false, attempt: 2))
    var later = ChainMemory()
    later.remember(envelope, Verdict(.ok), isAccepted: false)
    later.accept(envelope, Verdict(.ok))
    #expect(later.standing(of: envelope, Verdict(.ok)) == .init(isDuplicate: true, attempt: 2))
    later.forget(envelope)
    later.accept(envelope, Verdict(.ok))
    #expect(later.add(envelope) == .init())
  }

  @Test("without a secret, deliveries are each other's attempts and duplicates as before")
  func unchecked() {
    var memory = ChainMemory()
    #expect(memory.add(envelope, .noSecret) == .init(isDuplicate: false, attempt: 1))
    #expect(memory.add(envelope, .noSecret) == .init(isDuplicate: true, attempt: 2))
  }

  @Test("a chain is remembered while one of its deliveries is kept, and no longer")
  func forgetting() {
    var memory = ChainMemory()
    memory.remember(envelope, Verdict(.ok), isAccepted: true)
    memory.remember(envelope, Verdict(.ok), isAccepted: true)
    memory.forget(envelope)
    #expect(memory.add(envelope) == .init(isDuplicate: true, attempt: 3))
    memory.forget(envelope)
    memory.forget(envelope)
    #expect(memory.add(envelope) == .init())
  }

  @Test("ids of other bytes are other events, even where Unicode calls them the same")
  func canonicallyEqual() {
    var memory = ChainMemory()
    let (composed, decomposed) = (ByteString("evt_caf\u{E9}"), ByteString("evt_cafe\u{301}"))
    #expect(memory.add(Envelope(provider: .parlay, eventID: composed)) == .init())
    #expect(memory.add(Envelope(provider: .parlay, eventID: decomposed)) == .init())
  }

  @Test("where the delivery's id names the chain, an event's deliveries are each a chain of their own")
  func chains() {
    func delivery(_ id: ByteString?) -> Envelope {
      Envelope(provider: .parable, eventID: "cap_1", deliveryID: id)
    }
    var memory = ChainMemory()
    #expect(memory.add(delivery("del_1")) == .init(isDuplicate: false, attempt: 1))
    #expect(memory.add(delivery("del_2")) == .init(isDuplicate: true, attempt: 1))
    #expect(memory.add(delivery("del_1")) == .init(isDuplicate: true, attempt: 2))
    #expect(memory.add(delivery(nil)) == .init(isDuplicate: true, attempt: 1))
    memory.forget(delivery("del_2"))
    #expect(memory.add(delivery("del_2")) == .init(isDuplicate: true, attempt: 1))
  }

  @Test("the same id of two providers are two events")
  func providers() {
    var memory = ChainMemory()
    memory.remember(envelope, Verdict(.ok), isAccepted: true)
    #expect(memory.add(Envelope(provider: .parable, eventID: "evt_1")) == .init())
    #expect(memory.add(Envelope(provider: nil, eventID: "evt_1")) == .init())
  }

  @Test("deliveries without an id are never each other's duplicates")
  func noIDs() {
    var memory = ChainMemory()
    memory.remember(Envelope(), Verdict(.ok), isAccepted: true)
    memory.forget(Envelope(provider: .parlay))
    #expect(memory.add(Envelope()) == .init())
  }
}

extension ChainMemory {
  /// Remembers a delivery, and says how it stood to those before it.
  fileprivate mutating func add(_ envelope: Envelope, _ reason: Verdict.Reason = .ok) -> Standing {
    defer { remember(envelope, Verdict(reason), isAccepted: true) }
    return standing(of: envelope, Verdict(reason))
  }
}
