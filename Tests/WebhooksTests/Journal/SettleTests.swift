import Dispatch
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Webhooks

@Suite("A delivery whose answer is up to an app")
struct SettleTests {
  private let heard = Heard()

  private final class Heard: Sendable {
    private let state = Mutex<[String]>([])
    var words: [String] { state.withLock { $0 } }

    func add(_ record: SessionRecord) {
      let word =
        switch record {
        case .delivery(let delivery): "d\(delivery.sequence) \(delivery.answer?.status ?? 0)"
        case .incident(let incident): "i \(incident.reason.rawValue)"
        case .exchange(let exchange, let sequence): "e\(sequence) \(exchange.status ?? 0)"
        }
      state.withLock { $0.append(word) }
    }
  }

  private func exchange(_ status: Int, body: Int = 0) -> Exchange {
    Exchange(
      at: Samples.now, url: "http://a/",
      response: .init(status: status, body: Array(repeating: 1, count: body)),
      milliseconds: .init(total: 1))
  }

  private func arrival(_ answer: Answer? = nil) -> Arrival {
    var arrival = Samples.arrival()
    arrival.answer = answer
    return arrival
  }

  @Test("is kept at once, and recorded with its answer once that is known, before its exchange")
  func settled() throws {
    let journal = Journal(onRecord: heard.add)
    let first = journal.hold(arrival())
    let second = journal.hold(arrival())
    #expect(journal.counts.received == 2 && heard.words.isEmpty)
    try journal.settle(second, Answer(status: 500, milliseconds: 1), after: exchange(500))
    try journal.settle(first, Answer(status: 200, milliseconds: 9))
    #expect(heard.words == ["d2 500", "e2 500", "d1 200"])
    var cursor = Journal.Cursor()
    let batch = journal.read(after: &cursor)
    #expect(batch.deliveries.map(\.answer) == [nil, nil])
    var outcomes = Outcomes()
    for change in batch.outcomes { outcomes.take(change) }
    #expect(batch.deliveries.map { outcomes.answer(to: $0)?.status } == [200, 500])
    #expect(outcomes[2].exchanges == [exchange(500)] && outcomes[1].exchanges.isEmpty)
  }

  @Test("is recorded though it was evicted before its app answered")
  func evicted() throws {
    let journal = Journal(limits: .init(deliveries: 1), onRecord: heard.add)
    let first = journal.hold(arrival())
    _ = journal.hold(arrival())
    try journal.settle(first, Answer(status: 200, milliseconds: 1), after: exchange(200))
    #expect(heard.words == ["d1 200", "e1 200"])
    var cursor = Journal.Cursor()
    #expect(journal.read(after: &cursor).outcomes.isEmpty)
  }

  @Test("that can't be recorded keeps its exchange and has no answer yet")
  func fullDisk() throws {
    let recorder = FullRecorder()
    let journal = Journal(recorder: recorder, onRecord: heard.add)
    let delivery = journal.hold(arrival())
    #expect(throws: FullRecorder.Full.self) {
      try journal.settle(delivery, Answer(status: 200, milliseconds: 1), after: exchange(200))
    }
    #expect(heard.words.isEmpty)
    var cursor = Journal.Cursor()
    #expect(
      journal.read(after: &cursor).outcomes == [.init(sequence: 1, outcomes: [.exchanged(exchange(200))])])
  }

  @Test("an exchange that can't be recorded is kept, and an incident says so")
  func exchangeNotStored() {
    let journal = Journal(recorder: FullRecorder(), onRecord: heard.add)
    let delivery = journal.hold(arrival())
    journal.append(exchange(200), to: delivery.sequence)
    #expect(heard.words == ["e1 200", "i not-stored"])
    var cursor = Journal.Cursor()
    let batch = journal.read(after: &cursor)
    #expect(batch.outcomes.map(\.sequence) == [1])
    #expect(batch.incidents.map(\.detail) == ["an exchange could not be stored: full"])
  }

  @Test("what apps answered counts as bytes kept, and goes with its delivery")
  func bytes() throws {
    let journal = Journal(limits: .init(bytes: 1 << 20))
    for _ in 0..<8 {
      let delivery = try journal.append(arrival(Answer(status: 200, milliseconds: 1)))
      journal.append(exchange(200, body: 200 << 10), to: delivery.sequence)
    }
    #expect(journal.counts.evicted == 3)
    var cursor = Journal.Cursor()
    #expect(journal.read(after: &cursor).outcomes.map(\.sequence) == [4, 5, 6, 7, 8])
  }

  @Test("the last exchanges of a delivery are kept, and its answer and causes beside them")
  func many() {
    var outcomes = Outcomes()
    outcomes.append(.answered(Answer(status: 200, milliseconds: 1)), to: 1)
    outcomes.append(.diagnosed([]), to: 1)
    for status in 200..<250 { outcomes.append(.exchanged(exchange(status)), to: 1) }
    #expect(outcomes[1].exchanges.map(\.status) == (218..<250).map { $0 })
    #expect(outcomes[1].count == Outcomes.limit + 2)
    let full = outcomes.bytes
    outcomes.forget(1)
    #expect(full > 10_000 && outcomes.bytes == 0)
  }

  @Test("disagreements are counted")
  func disagreements() throws {
    let journal = Journal()
    for status in [200, 401] {
      let delivery = try journal.append(Samples.arrival())
      journal.append(exchange(status), to: delivery.sequence)
    }
    #expect(journal.counts.disagreements == 1)
  }
}

/// A recorder whose disk is full.
private struct FullRecorder: Recorder {
  struct Full: Error, CustomStringConvertible {
    var description: String { "full" }
  }

  func record(_ record: SessionRecord, body: EncodedBody?) throws { throw Full() }
}

@Suite("Numbers of deliveries that are held beside others that are recorded")
struct HeldNumbersTests {
  @Test("are given once each, however many threads hold and append")
  func once() {
    let journal = Journal(onRecord: { _ in })
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      for _ in 0..<2000 {
        if thread.isMultiple(of: 2) {
          _ = journal.hold(Samples.arrival())
        } else {
          _ = try? journal.append(Samples.arrival())
        }
      }
    }
    var cursor = Journal.Cursor()
    #expect(journal.read(after: &cursor).deliveries.map(\.sequence) == Array(1...8000))
  }
}
