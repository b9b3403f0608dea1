import Dispatch
import Foundation
import Glibc
import Synchronization
import Testing
import Webhooks

@testable import Receiver

@Suite("Large deliveries", .timeLimit(.minutes(1)))
struct LargeDeliveryTests {
  private let large = [UInt8](repeating: 0x20, count: Intake.largeBody + 1)

  @Test("are answered in order with the small ones around them, and kept in that order")
  func order() throws {
    let bench = try Bench(keyring: Samples.keyring())
    let client = try bench.client()
    client.send(
      Samples.post([1]) + (try Samples.signed(large)) + Samples.post([2]) + (try Samples.signed([3])))
    #expect(statuses(client.answers(4)) == [401, 200, 401, 200])
    #expect(bench.ring.deliveries.map(\.request.body) == [[1], large, [2], [3]])
    #expect(bench.ring.deliveries.map(\.verdict.status) == [.missing, .valid, .missing, .valid])
  }

  @Test("hold up no other sender while they are recorded, recorded itself or not")
  func others() throws {
    let disk = SlowRecorder()
    let bench = try Bench(recorder: disk)
    let slow = try bench.client()
    slow.send(Samples.post(large))
    disk.hasBegun.wait()
    // Each thread of the receiver has some of these, and would wait for the recorder if it appended by itself.
    let refused = try (0..<4).map { _ in try bench.client() }
    let waiting = try (0..<4).map { _ in try bench.client() }
    for client in waiting { client.send(Samples.post([1])) }
    for (number, client) in refused.enumerated() {
      client.send("GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(statuses(client.answers()) == [405])
    }
    #expect(bench.ring.counts == Journal.Counts())
    disk.mayGoOn.signal()
    #expect(statuses(slow.answers()) == [200])
    for client in waiting { #expect(statuses(client.answers()) == [200]) }
    #expect(bench.ring.deliveries.first?.request.body.count == large.count)
    bench.wait { $0.counts.incidents == refused.count }
    let details = bench.ring.everything.incidents.map(\.detail)
    #expect(details == refused.indices.map { "GET /\($0): webhooks are sent with POST" })
  }

  @Test("let no more incidents wait for their record than are held, and one says how many were left out")
  func manyIncidents() throws {
    let disk = SlowRecorder()
    let ring = Journal(limits: .init(incidents: 2 * Intake.waitingIncidents), recorder: disk)
    let intake = Samples.intake(ring)
    let (reply, start) = try taken(intake)
    start(reply)
    disk.hasBegun.wait()
    for number in 0..<Intake.waitingIncidents + 5 {
      intake.report(.wrongMethod, "\(number)", peer: "p", status: 405)
    }
    disk.mayGoOn.signal()
    #expect(intake.stop())
    let details = ring.everything.incidents.map(\.detail)
    let waited = (0..<Intake.waitingIncidents).map(String.init)
    let leftOut = "5 incidents were dropped: too many arrived while a large delivery was being stored"
    #expect(details.filter { $0 != leftOut } == waited)
    #expect(details.contains(leftOut))
  }

  @Test("let few of the incidents that wait for their record keep what came")
  func waitingOpenings() throws {
    let disk = SlowRecorder()
    let ring = Journal(recorder: disk)
    let intake = Samples.intake(ring)
    let (reply, start) = try taken(intake)
    start(reply)
    disk.hasBegun.wait()
    let received = Incident.Received(Array("GET / HTTP/1.1".utf8), of: 0)
    for _ in 0..<Intake.waitingOpenings + 50 {
      intake.report(.wrongMethod, "", peer: "p", status: 405, received: received)
    }
    disk.mayGoOn.signal()
    #expect(intake.stop())
    let kept = ring.everything.incidents.map { $0.received != nil }
    #expect(kept == (0..<Intake.waitingOpenings + 50).map { $0 < Intake.waitingOpenings })
  }

  @Test("are kept without the spare room of their growth, as small ones are", arguments: [1000, 600_000])
  func spareRoom(count: Int) throws {
    let ring = Journal()
    let intake = Samples.intake(ring)
    var body = [UInt8](repeating: 0x20, count: count)
    body.reserveCapacity(10 * count)
    let plan = intake.plan(for: Self.incoming(body), at: Samples.moment)
    if case .elsewhere(_, _, let start) = plan {
      let isDone = DispatchSemaphore(value: 0)
      start(Reply.giving { _ in isDone.signal() })
      isDone.wait()
    }
    #expect(ring.deliveries.map(\.request.body.count) == [count])
    #expect(ring.deliveries.allSatisfy { $0.request.body.capacity < 2 * count })
  }

  @Test("that can't be stored are answered 503")
  func notStored() throws {
    let disk = StandInRecorder()
    disk.isFull = true
    let bench = try Bench(recorder: disk)
    let client = try bench.client()
    client.send(Samples.post(large))
    #expect(statuses(client.answers()) == [503])
    #expect(bench.ring.deliveries.isEmpty)
    #expect(bench.ring.reasons == [.notStored])
  }

  /// A large delivery's reply, and what starts the work on it.
  private func taken(_ intake: Intake) throws -> (Reply, start: @Sendable (Reply) -> Void) {
    let plan = intake.plan(for: Self.incoming(large), at: Samples.moment)
    guard case .elsewhere(_, Response(503), let start) = plan else { throw NotLarge() }
    return (Reply.giving { _ in }, start)
  }

  private static func incoming(_ body: [UInt8]) -> IncomingRequest {
    IncomingRequest(Request(headers: Headers(), body: body, peer: "p"))
  }

  private struct NotLarge: Error {}

  @Test("that nobody waits for any more are not kept, and the incident says what the sender was told")
  func givenUp() throws {
    let ring = Journal()
    let intake = Samples.intake(ring)
    let (overdue, start) = try taken(intake)
    #expect(overdue.expire())
    start(overdue)
    let (gone, startOther) = try taken(intake)
    gone.cancel()
    startOther(gone)
    #expect(intake.stop())
    let (waiting, startLast) = try taken(intake)
    startLast(waiting)
    #expect(intake.stop())
    #expect(ring.deliveries.isEmpty)
    let delivery = "a delivery of \(large.count) bytes was not stored"
    #expect(
      ring.everything.incidents.map(\.detail) == [
        "\(delivery): it was not verified in time", "\(delivery): its sender no longer waits for an answer",
        "\(delivery): the receiver is stopped",
      ])
    #expect(ring.reasons == [.notStored, .aborted, .aborted])
    #expect(ring.everything.incidents.map(\.status) == [503, nil, nil])
  }

  @Test(
    "are finished when the receiver stops, those that wait are given up, and nothing is appended after it")
  func stop() throws {
    let disk = SlowRecorder()
    let bench = try Bench(recorder: disk)
    let (first, others) = (try bench.client(), try (0..<3).map { _ in try bench.client() })
    first.send(Samples.post(large))
    disk.hasBegun.wait()
    for other in others { other.send(Samples.post([1])) }
    let large = bench.intake.large
    while large.following.load(ordering: .relaxed) < others.count { usleep(100) }
    Thread.detachNewThread {
      while large.isOpen { usleep(100) }
      disk.mayGoOn.signal()
    }
    #expect(bench.receiver.stop())
    #expect(statuses(first.rest()) == [200])
    // The first of the others may have begun to wait for the recorder already.
    let answers = others.map { statuses($0.rest()) }
    #expect(answers.filter { $0 == [] }.count >= 2)
    let counts = bench.ring.counts
    #expect(counts.received == 1 + answers.filter { $0 == [200] }.count)
    #expect(disk.ended == counts.received + counts.incidents)
  }
}

@Suite("The queue of large deliveries", .timeLimit(.minutes(1)))
struct LargeDeliveryQueueTests {
  private let large = LargeDeliveries()

  /// What became of one delivery: `kept`, `given up`, and the statuses that it was answered with.
  private final class Fate: Sendable {
    private let words = Mutex<[String]>([])
    var all: [String] { words.withLock { $0 } }
    func add(_ word: String) { words.withLock { $0.append(word) } }
  }

  private func take(_ reply: Reply, _ fate: Fate, verify: @escaping @Sendable () -> Void = {}) {
    large.take(reply, verify: verify) {
      fate.add("kept")
      reply(Response(200))
    } giveUp: {
      fate.add("given up")
    }
  }

  /// Waits until nothing is left to do.
  private func finish() {
    large.queue.sync {}
    large.followers.sync {}
  }

  private func reply(_ fate: Fate) -> Reply { Reply.giving { fate.add("\($0?.status ?? 0)") } }

  @Test("a delivery is kept and then answered")
  func kept() {
    let fate = Fate()
    take(reply(fate), fate)
    finish()
    #expect(fate.all == ["kept", "200"])
  }

  @Test("a delivery whose time runs out while it is verified is not kept")
  func overdue() {
    let fate = Fate()
    let reply = reply(fate)
    take(reply, fate) { #expect(reply.expire()) }
    finish()
    #expect(fate.all == ["given up"])
  }

  @Test("a delivery's time can't run out while it is kept")
  func claimed() {
    let fate = Fate()
    let reply = reply(fate)
    large.take(reply, verify: {}) {
      #expect(!reply.expire())
      reply(Response(200))
    } giveUp: {
      fate.add("given up")
    }
    finish()
    #expect(fate.all == ["200"])
  }

  @Test("what follows waits while a large delivery is kept, and not for the verifying of the next one")
  func following() {
    let fate = Fate()
    let (hasBegun, mayGoOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    #expect(!large.holdsUp)
    let first = reply(fate)
    large.take(first, verify: {}) {
      hasBegun.signal()
      mayGoOn.wait()
      first(Response(200))
    } giveUp: {
    }
    hasBegun.wait()
    #expect(large.holdsUp)
    take(reply(fate), fate) {
      hasBegun.signal()
      mayGoOn.wait()
    }
    mayGoOn.signal()
    hasBegun.wait()
    #expect(!large.holdsUp)
    let second = reply(fate)
    large.follow(second, verify: {}) {
      #expect(large.holdsUp)
      second(Response(201))
    } giveUp: {
    }
    large.followers.sync {}
    #expect(fate.all == ["200", "201"])
    mayGoOn.signal()
    finish()
    #expect(fate.all == ["200", "201", "kept", "200"])
    #expect(!large.holdsUp)
  }

  @Test("what takes longer than stopping may is given up, and touches nothing afterwards")
  func hung() {
    let fate = Fate()
    let (hasBegun, mayGoOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    take(reply(fate), fate) {
      hasBegun.signal()
      mayGoOn.wait()
    }
    take(reply(fate), fate)
    hasBegun.wait()
    #expect(!large.stop(within: .zero))
    mayGoOn.signal()
    finish()
    #expect(fate.all == [])
  }
}

extension Reply {
  /// One to a request without a body.
  fileprivate static func giving(_ give: @escaping @Sendable (Response?) -> Void) -> Reply {
    Reply(body: BodyClaim(on: BodyBudget(limit: 1)), give)
  }
}

/// A recorder that stops inside its first record until it may go on.
private final class SlowRecorder: Recorder {
  let hasBegun = DispatchSemaphore(value: 0)
  let mayGoOn = DispatchSemaphore(value: 0)
  private let isFirst = Atomic(true)
  private let records = Atomic(0)

  /// How many records are complete.
  var ended: Int { records.load(ordering: .sequentiallyConsistent) }

  func record(_ record: SessionRecord, body: EncodedBody?) {
    defer { records.add(1, ordering: .sequentiallyConsistent) }
    guard isFirst.exchange(false, ordering: .relaxed) else { return }
    hasBegun.signal()
    mayGoOn.wait()
  }
}
