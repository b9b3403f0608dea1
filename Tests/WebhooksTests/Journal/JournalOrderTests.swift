import Dispatch
import Glibc
import JSON
import Synchronization
import Testing
import Webhooks

@Suite("The order of deliveries and incidents")
struct JournalOrderTests {
  @Test(
    "is that in which they were kept, whatever their times say",
    arguments: ["", "dd", "ii", "ididi", "ddiidi", "iid", "diid"])
  func order(kept: String) {
    let seen = Mutex<[SessionRecord]>([])
    let journal = Journal(onRecord: { record in seen.withLock { $0.append(record) } })
    for (number, kind) in kept.enumerated() { Self.append(kind, time: 100 - number, to: journal) }
    #expect(Self.words(seen.withLock { $0 }) == kept)
  }

  @Test("is the same to a reader that reads few at once", arguments: 1...4)
  func fewAtOnce(limit: Int) {
    let journal = Journal()
    for (number, kind) in "diiddid".enumerated() { Self.append(kind, time: number, to: journal) }
    var cursor = Journal.Cursor()
    var (deliveries, incidents): ([Int64], [Int64]) = ([], [])
    while case let batch = journal.read(after: &cursor, limit: limit), !batch.isEmpty {
      deliveries += batch.deliveries.map(\.receivedAt.microseconds)
      incidents += batch.incidents.map(\.receivedAt.microseconds)
      #expect(batch.deliveries.count <= limit)
      // No incident is told before the delivery that came ahead of it.
      #expect(incidents.allSatisfy { incident in incident < 1 || deliveries.contains { $0 < incident } })
    }
    #expect(deliveries == [0, 3, 4, 6])
    #expect(incidents == [1, 2, 5])
  }

  @Test("is the recorder's and the listener's, though many threads append at once")
  func recorderAndListener() {
    let recorder = ListRecorder()
    let heard = Mutex<[String]>([])
    let journal = Journal(
      recorder: recorder, onRecord: { record in heard.withLock { $0.append(Self.name(record)) } })
    let total = 4000
    let appending = DispatchGroup()
    for thread in 0..<4 {
      // A queue of its own has a thread of its own, however few processors there are.
      DispatchQueue(label: "appender \(thread)").async(group: appending) {
        for number in 0..<total / 4 { Self.append(number % 4 == 0 ? "i" : "d", time: thread, to: journal) }
      }
    }
    appending.wait()
    let recorded = recorder.records.map(Self.name)
    #expect(recorded.count == total)
    #expect(heard.withLock { $0 } == recorded)
    var cursor = Journal.Cursor()
    let deliveries = journal.read(after: &cursor).deliveries.map { "d\($0.sequence)" }
    #expect(deliveries == recorded.filter { $0.hasPrefix("d") })
  }

  @Test("a large body is encoded before its record is made, and a small one with it")
  func encodedBodies() throws {
    let recorder = ListRecorder()
    let journal = Journal(recorder: recorder)
    let large = String(repeating: "é", count: 40_000)
    try journal.append(Samples.arrival(body: large))
    try journal.append(Samples.arrival(body: "{}"))
    journal.append(Samples.incident)
    #expect(recorder.bodies.map { $0?.text } == [Base64.encoded(Array(large.utf8)), nil, nil])
  }

  @Test("what can't be recorded is not kept and takes no number; an incident is, with another that says so")
  func fullDisk() throws {
    let recorder = ListRecorder()
    let journal = Journal(recorder: recorder)
    recorder.isFull = true
    #expect(throws: ListRecorder.Full.self) { try journal.append(Samples.arrival()) }
    journal.append(Samples.incident)
    recorder.isFull = false
    #expect(try journal.append(Samples.arrival()).sequence == 1)
    var cursor = Journal.Cursor()
    let batch = journal.read(after: &cursor)
    #expect(batch.incidents.map(\.reason) == [Samples.incident.reason, .notStored])
  }

  private static func append(_ kind: Character, time: Int, to journal: Journal) {
    let time = Timestamp(microseconds: Int64(time))
    if kind == "i" {
      journal.append(Incident(receivedAt: time, reason: .timeout, detail: "", peer: "", status: nil))
    } else {
      var arrival = Samples.arrival()
      arrival.receivedAt = time
      do {
        try journal.append(arrival)
      } catch {
        Issue.record("not kept: \(error)")
      }
    }
  }

  private static func words(_ records: [SessionRecord]) -> String {
    records.map { if case .incident = $0 { "i" } else { "d" } }.joined()
  }

  private static func name(_ record: SessionRecord) -> String {
    switch record {
    case .delivery(let delivery): "d\(delivery.sequence)"
    case .incident(let incident): "i\(incident.receivedAt.microseconds)"
    case .exchange(_, let sequence): "e\(sequence)"
    }
  }
}

@Suite("What the journal knows of a delivery's kin")
struct JournalKinTests {
  @Test("a chain is all kept deliveries of its key and provider, in order")
  func chain() throws {
    let journal = Journal(limits: .init(deliveries: 5))
    let deliveries = try ["a", "b", "a", "c", "a", "a"].map {
      try journal.append(Samples.arrival(eventID: $0))
    }
    #expect(journal.chain(of: deliveries[5]).map(\.sequence) == [3, 5, 6])
    let alone = try journal.append(Samples.arrival(eventID: nil))
    #expect(journal.chain(of: alone).map(\.sequence) == [7])
    // Parable's chain is named by the delivery id.
    let foreign = try journal.append(Samples.arrival(provider: .parable, eventID: "x", deliveryID: "a"))
    #expect(journal.chain(of: foreign).map(\.sequence) == [8])
  }

  @Test("of a chain that somebody floods, the sender's newest are left, and the delivery that is asked about")
  func flooded() throws {
    let journal = Journal()
    let reasons: [Verdict.Reason] = [.ok, .ok, .ok] + Array(repeating: .noV1Matches, count: 9) + [.ok]
    let deliveries = try reasons.map { try journal.append(Samples.arrival(reason: $0)) }
    #expect(journal.chain(of: deliveries[0], atMost: 2).map(\.sequence) == [1, 3, 11, 12, 13])
    #expect(journal.chain(of: deliveries[12], atMost: 2).map(\.sequence) == [3, 11, 12, 13])
  }

  @Test("what the user sends again is no attempt, no duplicate and not counted as received")
  func replayed() throws {
    let journal = Journal(limits: .init(deliveries: 3))
    let first = try journal.append(Samples.arrival(eventID: "a", reason: .noV1Matches))
    var again = Samples.arrival(eventID: "a")
    again.origin = .replay(of: first.sequence)
    let replay = try journal.append(again)
    #expect(replay.replayOf == 1 && !replay.isDuplicate && replay.attempt == 1)
    let second = try journal.append(Samples.arrival(eventID: "a"))
    #expect(second.attempt == 1 && !second.isDuplicate)
    #expect(journal.chain(of: second).map(\.sequence) == [1, 3])
    #expect(journal.counts.received == 2 && journal.counts.failed == 1)
    // The replay's eviction forgets nothing of the sender's.
    for _ in 1...2 { _ = try journal.append(again) }
    #expect(try journal.append(Samples.arrival(eventID: "a")).isDuplicate)
  }

  @Test("neighbours are those around it, and those of the same event within reach")
  func neighbours() throws {
    let journal = Journal()
    let deliveries = try (1...40).map { number in
      try journal.append(Samples.arrival(eventID: number % 10 == 0 ? "same" : ByteString("other\(number)")))
    }
    let around = journal.neighbours(of: deliveries[29], limit: 4, reach: 15)
    #expect(around.map(\.sequence) == [20, 27, 28, 29, 30, 40])
    #expect(journal.neighbours(of: deliveries[0], limit: 4, reach: 40).map(\.sequence) == [1])
  }

  @Test("whoever looks for neighbours says when it takes too long, and gets those found so far")
  func neighboursInTime() throws {
    let journal = Journal()
    let deliveries = try (1...40).map { try journal.append(Samples.arrival(eventID: ByteString("\($0)"))) }
    var asked = 0
    let found = journal.neighbours(of: deliveries[29], limit: 20, reach: 40) {
      asked += 1
      return asked > 5
    }
    #expect(found.map(\.sequence) == [25, 26, 27, 28, 29])
  }

  /// Keeps what a journal keeps, and remembers the most that it was asked for at a time.
  private final class Watched: Kindred {
    let journal = Journal()
    private let largest = Mutex(0)
    var most: Int { largest.withLock { $0 } }

    func deliveries(from sequence: UInt64, atMost limit: Int) -> [Delivery] {
      largest.withLock { $0 = max($0, limit) }
      return journal.deliveries(from: sequence, atMost: limit)
    }

    func deliveries(before sequence: UInt64, atMost limit: Int) -> [Delivery] {
      largest.withLock { $0 = max($0, limit) }
      return journal.deliveries(before: sequence, atMost: limit)
    }
  }

  @Test("the ring is asked for a few deliveries at a time, however many are looked at")
  func slices() throws {
    let kept = Watched()
    let deliveries = try (1...1500).map { number in
      try kept.journal.append(Samples.arrival(eventID: number % 500 == 0 ? "same" : ByteString("\(number)")))
    }
    var walked: [UInt64] = []
    kept.walk {
      walked.append($0.sequence)
      return true
    }
    #expect(walked == deliveries.map(\.sequence))
    #expect(kept.chain(of: deliveries[999]).map(\.sequence) == [500, 1000, 1500])
    let neighbours = kept.neighbours(of: deliveries[999], limit: 4, reach: 1500)
    #expect(neighbours.map(\.sequence) == [500, 997, 998, 999, 1000, 1500])
    #expect(kept.most <= 256)
  }

  @Test("of large deliveries the ring gives a few megabytes at a time, and one at least")
  func fewLarge() throws {
    let journal = Journal()
    let body = String(repeating: "a", count: 3 << 20)
    for _ in 1...6 { _ = try journal.append(Samples.arrival(body: body)) }
    #expect(journal.deliveries(from: 2, atMost: 256).map(\.sequence) == [2, 3, 4])
    #expect(journal.deliveries(before: 6, atMost: 256).map(\.sequence) == [3, 4, 5])
    var walked: [UInt64] = []
    journal.walk {
      walked.append($0.sequence)
      return true
    }
    #expect(walked == Array(1...6))
  }

  @Test("the last valid delivery before one of its chain is found, and no other")
  func lastValid() throws {
    let journal = Journal()
    let deliveries = try ["a", "a", "b", "a"].map { try journal.append(Samples.arrival(eventID: $0)) }
    #expect(journal.lastValid(before: deliveries[3])?.sequence == 2)
    #expect(journal.lastValid(before: deliveries[2]) == nil)
  }

  @Test("large deliveries are no neighbours")
  func large() throws {
    let journal = Journal()
    let small = try journal.append(Samples.arrival())
    _ = try journal.append(Samples.arrival(body: String(repeating: "a", count: 1 << 18 + 1)))
    #expect(journal.neighbours(of: small, limit: 100, reach: 100).map(\.sequence) == [1])
  }
}

/// A recorder that keeps what it is given in the order it is given, and whose disk can be full.
private final class ListRecorder: Recorder {
  struct Full: Error {}

  private let state = Mutex((isFull: false, records: [SessionRecord](), bodies: [EncodedBody?]()))

  /// What was encoded before each record.
  var bodies: [EncodedBody?] { state.withLock { $0.bodies } }

  var isFull: Bool {
    get { state.withLock { $0.isFull } }
    set { state.withLock { $0.isFull = newValue } }
  }

  var records: [SessionRecord] { state.withLock { $0.records } }

  func record(_ record: SessionRecord, body: EncodedBody?) throws {
    try state.withLock { state in
      guard !state.isFull else { throw Full() }
      state.records.append(record)
      state.bodies.append(body)
    }
    // Other threads get their turn between an incident's record and its keeping, more often than not.
    if case .incident = record { usleep(50) }
  }
}
