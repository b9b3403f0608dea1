import Synchronization
import JSON
import TestSupport
import Testing

@testable import Webhooks

@Suite("Marked deliveries in the journal")
struct MarkTests {
  private let cost = (try? Journal().append(Samples.arrival()))?.cost ?? 0

  private func journal(deliveries: Int, _ limits: Journal.Limits) throws -> Journal {
    let journal = Journal(limits: limits)
    try append(deliveries, to: journal)
    return journal
  }

  private func append(_ count: Int, to journal: Journal) throws {
    for _ in 0..<count { try journal.append(Samples.arrival()) }
  }

  private func kept(_ journal: Journal) -> [UInt64] {
    var kept: [UInt64] = []
    journal.walk {
      kept.append($0.sequence)
      return true
    }
    return kept
  }

  @Test("are evicted last, and count with the ring by number")
  func byCount() throws {
    let journal = try journal(deliveries: 6, .init(deliveries: 6))
    #expect(journal.mark([2, 5], true) == nil)
    try append(10, to: journal)
    #expect(kept(journal) == [2, 5, 13, 14, 15, 16])
    #expect(journal.counts.evicted == 10 && journal.counts.received == 16)
  }

  @Test("are evicted last, and count with the ring by bytes")
  func byBytes() throws {
    // What is known of a marked delivery counts as well: 256 bytes each.
    let journal = try journal(deliveries: 6, .init(bytes: 6 * cost + 512))
    #expect(journal.mark([2, 5], true) == nil)
    try append(10, to: journal)
    #expect(kept(journal) == [2, 5, 13, 14, 15, 16])
  }

  @Test("are evicted all the same, the oldest first, where nothing else is left but the newest delivery")
  func large() throws {
    let journal = try journal(deliveries: 6, .init(bytes: 8 * cost))
    #expect(journal.mark([2, 4, 5], true) == nil)
    let large = String(repeating: "a", count: 6 * cost)
    try journal.append(Samples.arrival(body: large))
    #expect(kept(journal) == [5, 7] || kept(journal) == [7])
    #expect(journal.counts.evicted == 7 - kept(journal).count)
    // Their marks went with them.
    var cursor = Journal.Cursor()
    let marked = journal.read(after: &cursor).outcomes.filter(\.outcomes.isMarked).map(\.sequence)
    #expect(marked == kept(journal).filter { $0 < 7 })
    try append(20, to: journal)
    #expect(kept(journal).count <= 8)
  }

  @Test("that are unmarked are the next to go, and not at once")
  func unmarked() throws {
    let journal = try journal(deliveries: 6, .init(deliveries: 6))
    _ = journal.mark([1, 3], true)
    try append(6, to: journal)
    #expect(kept(journal) == [1, 3, 9, 10, 11, 12])
    #expect(journal.mark([3], false) == nil)
    #expect(kept(journal) == [1, 3, 9, 10, 11, 12])
    // Marked again, it stays; unmarked for good, it goes first, though an older one is there.
    #expect(journal.mark([3], true) == nil)
    try append(1, to: journal)
    #expect(kept(journal) == [1, 3, 10, 11, 12, 13])
    _ = journal.mark([3], false)
    try append(1, to: journal)
    #expect(kept(journal) == [1, 10, 11, 12, 13, 14])
    try append(1, to: journal)
    #expect(kept(journal) == [1, 11, 12, 13, 14, 15])
  }

  @Test("are half of the ring at most, by number and by bytes", arguments: [2, 5, 6])
  func half(capacity: Int) throws {
    let journal = try journal(deliveries: capacity, .init(deliveries: capacity))
    let all = (1...UInt64(capacity)).map { $0 }
    #expect(journal.mark(all, true) == .tooMany(limit: capacity / 2))
    #expect(journal.mark([all[0]], true) == nil)
    var cursor = Journal.Cursor()
    #expect(journal.read(after: &cursor).outcomes.map(\.sequence) == Array(all.prefix(capacity / 2)))
    // One that is unmarked makes room for another.
    #expect(journal.mark([all[0]], false) == nil)
    #expect(journal.mark([all[capacity - 1]], true) == nil)
  }

  @Test("hold half of the ring's bytes at most")
  func halfOfBytes() throws {
    let journal = try journal(deliveries: 6, .init(bytes: 8 * cost))
    #expect(journal.mark([1, 2, 3, 4, 5], true) == .tooLarge(limit: 4 * cost))
    _ = journal.mark([4], false)
    #expect(journal.mark([6], true) == nil)
    #expect(journal.mark([5], true) == .tooLarge(limit: 4 * cost))
    // What an evicted one cost is free again.
    try journal.append(Samples.arrival(body: String(repeating: "a", count: 16 * cost)))
    #expect(kept(journal) == [7])
    try append(6, to: journal)
    #expect(journal.mark([10, 11, 12, 13], true) == nil)
  }

  @Test("A ring of one delivery has no half")
  func one() throws {
    let journal = try journal(deliveries: 1, .init(deliveries: 1))
    #expect(journal.mark([1], true) == .tooMany(limit: 0))
  }

  @Test("that are gone, or were never there, are no error")
  func gone() throws {
    let journal = try journal(deliveries: 6, .init(deliveries: 3))
    #expect(journal.mark([1, 99], true) == nil)
    #expect(journal.mark([1, 6], false) == nil)
    #expect(kept(journal) == [4, 5, 6])
  }

  @Test("are given to a reader that stalled, which is told how many it missed", arguments: [1, 2, 3, 100])
  func stalled(limit: Int) throws {
    let journal = try journal(deliveries: 6, .init(deliveries: 6))
    _ = journal.mark([2, 5], true)
    var cursor = Journal.Cursor()
    _ = journal.read(after: &cursor, limit: 1)
    try append(10, to: journal)
    var (read, missed, marked): ([UInt64], Int, [UInt64]) = ([], 0, [])
    while case let batch = journal.read(after: &cursor, limit: limit), !batch.isEmpty {
      read += batch.deliveries.map(\.sequence)
      missed += batch.missed
      marked += batch.outcomes.filter(\.outcomes.isMarked).map(\.sequence)
      #expect(batch.firstKept == 13 && batch.spared.map(\.sequence) == [2, 5])
    }
    #expect(read == [2, 5, 13, 14, 15, 16] && missed == 9)
    #expect(Set(marked) == [2, 5])
  }

  @Test("are among what is found around a delivery and before it")
  func around() throws {
    let journal = try journal(deliveries: 6, .init(deliveries: 6))
    _ = journal.mark([2, 5], true)
    try append(10, to: journal)
    #expect(journal.deliveries(from: 3, atMost: 10).map(\.sequence) == [5])
    #expect(journal.deliveries(from: 6, atMost: 2).map(\.sequence) == [13, 14])
    #expect(journal.deliveries(before: 13, atMost: 10).map(\.sequence) == [2, 5])
    #expect(journal.deliveries(before: 15, atMost: 10).map(\.sequence) == [13, 14])
    let newest = try #require(journal.deliveries(from: 16, atMost: 1).first)
    #expect(journal.chain(of: newest).map(\.sequence) == [2, 5, 13, 14, 15, 16])
    #expect(journal.lastValid(before: newest)?.sequence == 15)
  }

  @Test("keep their chain known")
  func chain() throws {
    let journal = Journal(limits: .init(deliveries: 4))
    try journal.append(Samples.arrival(eventID: "evt_9"))
    _ = journal.mark([1], true)
    try append(10, to: journal)
    #expect(try journal.append(Samples.arrival(eventID: "evt_9")).attempt == 2)
  }

  @Test("cost nothing beside what is kept of them: ten thousand of them leave what was there")
  func churn() throws {
    let journal = try journal(deliveries: 6, .init(deliveries: 6))
    var cursor = Journal.Cursor()
    for _ in 0..<10_000 {
      _ = journal.mark([2], true)
      _ = journal.mark([2], false)
    }
    #expect(journal.read(after: &cursor).outcomes.count < 200)
    try append(6, to: journal)
    #expect(kept(journal) == [7, 8, 9, 10, 11, 12])
  }
}

@Suite("The filter for marks")
struct MarkFilterTests {
  @Test(
    "marked takes what is marked",
    arguments: [("marked", true), ("-marked", false), ("marked dup", false)])
  func marked(expression: String, isTaken: Bool) throws {
    var outcomes = Outcomes()
    outcomes.append(.marked(true), to: 7)
    let filter = try Filter(expression)
    #expect(filter.asksForOutcomes && filter.asksForMarks && filter.description == expression)
    #expect(filter.matches(Samples.delivery(sequence: 7), outcomes) == isTaken)
    outcomes.append(.marked(false), to: 7)
    #expect(filter.matches(Samples.delivery(sequence: 7), outcomes) == (expression == "-marked"))
    #expect(outcomes.marked.isEmpty)
  }

  @Test("in quotes it is a text")
  func quoted() throws {
    #expect(try !Filter("\"marked\"").asksForMarks)
  }
}

@Suite("Clearing what is kept")
struct ClearTests {
  @Test("all but marked deliveries go at once, with what happened to them, and numbers go on")
  func clear() throws {
    let journal = Journal(limits: .init(deliveries: 6))
    for number in 1...8 { try journal.append(Samples.arrival(eventID: ByteString("evt_\(number)"))) }
    _ = journal.mark([4, 7], true)
    var cursor = Journal.Cursor()
    _ = journal.read(after: &cursor)
    journal.clear()
    let batch = journal.read(after: &cursor)
    #expect(batch.deliveries.isEmpty && batch.missed == 0)
    #expect(batch.firstKept == 9 && batch.spared.map(\.sequence) == [4, 7])
    #expect(batch.counts.received == 8 && batch.counts.evicted == 2)
    #expect(journal.deliveries(from: 1, atMost: 10).map(\.sequence) == [4, 7])
    let next = try journal.append(Samples.arrival(eventID: "evt_8"))
    // What is gone is no earlier attempt any more.
    #expect(next.sequence == 9 && next.attempt == 1 && !next.isDuplicate)
    _ = journal.mark([4, 7], false)
    journal.clear()
    #expect(journal.deliveries(from: 1, atMost: 10).isEmpty && journal.counts.evicted == 2)
    journal.clear()
    for number in 10...20 { try journal.append(Samples.arrival(eventID: ByteString("evt_\(number)"))) }
    #expect(journal.deliveries(from: 1, atMost: 10).count == 6)
    #expect(journal.counts.evicted == 2 + 5)
  }

  @Test("what is recorded changes with the recorder, from one delivery to the next")
  func recorder() throws {
    let recorder = Notebook()
    let journal = Journal()
    try journal.append(Samples.arrival())
    #expect(!journal.isRecorded)
    journal.record(with: recorder)
    #expect(journal.isRecorded)
    try journal.append(Samples.arrival())
    journal.record(with: nil)
    try journal.append(Samples.arrival())
    #expect(recorder.sequences == [2])
  }

  private final class Notebook: Recorder {
    private let state = Mutex<[UInt64]>([])
    var sequences: [UInt64] { state.withLock(\.self) }
    func record(_ record: SessionRecord, body: EncodedBody?) {
      if case .delivery(let delivery) = record { state.withLock { $0.append(delivery.sequence) } }
    }
  }
}
