import JSON
import Synchronization
import Testing
import Webhooks

@Suite struct JournalTests {
  @Test("deliveries are numbered from one in the order they came")
  func numbering() {
    let ring = Journal()
    let sequences = (0..<3).map { _ in try! ring.append(Samples.arrival()).sequence }
    #expect(sequences == [1, 2, 3])
    #expect(ring.counts.received == 3)
  }

  @Test("the bound of count pushes out the oldest, and a late reader is told how many")
  func eviction() {
    let ring = Journal(limits: .init(deliveries: 3))
    for _ in 0..<10 { try! ring.append(Samples.arrival()) }
    var cursor = Journal.Cursor()
    let batch = ring.read(after: &cursor)
    #expect(batch.deliveries.map(\.sequence) == [8, 9, 10])
    #expect(batch.missed == 7)
    #expect(batch.firstKept == 8)
    #expect(batch.counts.evicted == 7)
    #expect(ring.read(after: &cursor).isEmpty)
  }

  @Test("the bound of bytes pushes out the oldest")
  func byteBound() {
    let cost = try! Journal().append(Samples.arrival(body: String(repeating: "a", count: 5000))).cost
    let ring = Journal(limits: .init(bytes: 3 * cost))
    for _ in 0..<10 { try! ring.append(Samples.arrival(body: String(repeating: "a", count: 5000))) }
    var cursor = Journal.Cursor()
    let kept = ring.read(after: &cursor).deliveries
    #expect(kept.map(\.sequence) == [8, 9, 10])
    #expect(kept.map(\.cost) == [cost, cost, cost])
  }

  @Test("failures are counted for ever, also when they have been pushed out")
  func failures() {
    let ring = Journal(limits: .init(deliveries: 1))
    for reason in Verdict.Reason.allCases { try! ring.append(Samples.arrival(reason: reason)) }
    #expect(ring.counts.failed == Verdict.Reason.allCases.count - 2)
  }

  @Test("incidents have a bound and a count of their own and no sequence number")
  func incidents() {
    let ring = Journal(limits: .init(incidents: 2))
    for _ in 0..<5 { ring.append(Samples.incident) }
    let delivery = try! ring.append(Samples.arrival())
    #expect(delivery.sequence == 1)
    var cursor = Journal.Cursor()
    let batch = ring.read(after: &cursor)
    #expect(batch.incidents == [Samples.incident, Samples.incident])
    #expect(batch.missedIncidents == 3)
    #expect(batch.counts.incidents == 5)
    #expect(batch.missed == 0)
  }

  @Test("each reader has its own place; one that stalls holds nothing back")
  func readers() {
    let ring = Journal(limits: .init(deliveries: 100))
    var quick = Journal.Cursor()
    var stalled = Journal.Cursor()
    var seen = 0
    for _ in 0..<10_000 {
      try! ring.append(Samples.arrival())
      let batch = ring.read(after: &quick)
      seen += batch.deliveries.count
      #expect(batch.missed == 0)
    }
    #expect(seen == 10_000)
    let late = ring.read(after: &stalled, limit: 40)
    #expect(late.missed == 9900)
    #expect(late.deliveries.first?.sequence == 9901)
    #expect(ring.read(after: &stalled).deliveries.count == 60)
  }

  @Test("whoever appends wakes the readers, once for each append")
  func waking() {
    let wakes = Mutex(0)
    let ring = Journal(onAppend: { wakes.withLock { $0 += 1 } })
    try! ring.append(Samples.arrival())
    ring.append(Samples.incident)
    #expect(wakes.withLock { $0 } == 2)
  }

  @Test("readers on several threads each account for every delivery, in order, while others append")
  func threads() async {
    let ring = Journal(limits: .init(deliveries: 50))
    let total = 20_000
    await withTaskGroup(of: Int?.self) { group in
      for _ in 0..<2 {
        group.addTask {
          for _ in 0..<total / 2 { try! ring.append(Samples.arrival()) }
          return nil
        }
      }
      for _ in 0..<3 {
        group.addTask { await Self.readAll(ring, total: total) }
      }
      for await accounted in group where accounted != nil { #expect(accounted == total) }
    }
    #expect(ring.counts.received == total)
    #expect(ring.counts.evicted == total - 50)
  }

  /// Reads until `total` deliveries are read or missed; gives that number, or -1 where the order broke.
  private static func readAll(_ ring: Journal, total: Int) async -> Int {
    var cursor = Journal.Cursor()
    var accounted = 0
    var last: UInt64 = 0
    while accounted < total {
      let batch = ring.read(after: &cursor, limit: 7)
      for delivery in batch.deliveries {
        guard delivery.sequence > last else { return -1 }
        last = delivery.sequence
      }
      accounted += batch.deliveries.count + batch.missed
      if batch.isEmpty { await Task.yield() }
    }
    return last == UInt64(total) ? accounted : -1
  }
}

@Suite struct JournalChainTests {
  @Test("a retry of Parlay has a new delivery id and is the next attempt by the event's id")
  func parlayRetry() {
    let ring = Journal()
    let first = try! ring.append(Samples.arrival(deliveryID: "del_1", reason: .tooOld))
    let second = try! ring.append(Samples.arrival(deliveryID: "del_2", reason: .ok))
    let third = try! ring.append(Samples.arrival(deliveryID: "del_3", reason: .ok))
    #expect([first, second, third].map(\.attempt) == [1, 2, 3])
    #expect([first, second, third].map(\.isDuplicate) == [false, false, true])
  }

  @Test("a retry of Parable keeps its chain's delivery id; another delivery of the event is a duplicate")
  func parableRetry() {
    let ring = Journal()
    func append(_ deliveryID: ByteString) -> Delivery {
      try! ring.append(Samples.arrival(provider: .parable, eventID: "cap_1", deliveryID: deliveryID))
    }
    let deliveries = [append("chain_1"), append("chain_1"), append("chain_2")]
    #expect(deliveries.map(\.attempt) == [1, 2, 1])
    #expect(deliveries.map(\.isDuplicate) == [false, true, true])
  }

  @Test("what was refused makes no duplicate, and what nobody's secret signed none of what a secret did")
  func refused() {
    let ring = Journal()
    let reasons: [Verdict.Reason] = [.tooOld, .noSecret, .ok, .noSecret, .ok]
    let deliveries = reasons.map { try! ring.append(Samples.arrival(reason: $0)) }
    #expect(deliveries.map(\.isDuplicate) == [false, false, false, true, true])
    #expect(deliveries.map(\.attempt) == [1, 1, 2, 2, 3])
  }

  @Test("what an app refused makes no duplicate, and what it took does")
  func app() throws {
    let ring = Journal()
    for (status, isDuplicate) in [(500, false), (200, false), (500, true)] {
      var arrival = Samples.arrival()
      arrival.answer = nil
      let held = ring.hold(arrival)
      #expect(held.isDuplicate == isDuplicate, "before \(status)")
      try ring.settle(held, Answer(status: status, milliseconds: 1))
    }
  }

  @Test("a chain goes on while one of its deliveries is kept, and starts again after")
  func afterEviction() {
    let ring = Journal(limits: .init(deliveries: 2))
    try! ring.append(Samples.arrival(eventID: "evt_1"))
    try! ring.append(Samples.arrival(eventID: "evt_2"))
    let again = try! ring.append(Samples.arrival(eventID: "evt_1"))
    #expect(again.attempt == 2 && again.isDuplicate)
    try! ring.append(Samples.arrival(eventID: "evt_2"))
    try! ring.append(Samples.arrival(eventID: "evt_2"))
    let fresh = try! ring.append(Samples.arrival(eventID: "evt_1"))
    #expect(fresh.attempt == 1 && !fresh.isDuplicate)
  }

  @Test("whether others of a chain may be kept is known without a look at them")
  func others() throws {
    let ring = Journal(limits: .init(deliveries: 3))
    let first = try ring.append(Samples.arrival(eventID: "evt_1"))
    let alone = try ring.append(Samples.arrival(eventID: "evt_2"))
    #expect(!ring.mayHoldAttempts(beside: first))
    let again = try ring.append(Samples.arrival(eventID: "evt_1", reason: .noSecret))
    #expect([first, again].allSatisfy(ring.mayHoldAttempts) && !ring.mayHoldAttempts(beside: alone))
    try ring.append(Samples.arrival(eventID: "evt_3"))
    #expect(!ring.mayHoldAttempts(beside: again), "the first has been evicted")
    #expect(ring.mayHoldAttempts(beside: first), "it is read though it is kept no more")
    let chained = try ring.append(
      Samples.arrival(provider: .parable, eventID: "cap_1", deliveryID: "chain_1"))
    #expect(!ring.mayHoldAttempts(beside: chained))
    try ring.append(Samples.arrival(provider: .parable, eventID: "cap_1", deliveryID: "chain_2"))
    #expect(!ring.mayHoldAttempts(beside: chained), "another delivery of the event")
    try ring.append(Samples.arrival(provider: .parable, eventID: "cap_1", deliveryID: "chain_1"))
    #expect(ring.mayHoldAttempts(beside: chained))
  }
}
