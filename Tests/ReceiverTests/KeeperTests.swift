import Dispatch
import NIOCore
import NIOEmbedded
import Synchronization
import Testing
import Webhooks

@testable import Receiver

/// Stands in for the apps: takes what it is told to, and answers when the test says so.
private final class StandInApps: Forwarding {
  private let takesAll: Bool
  private let waiting = Mutex<[@Sendable (Exchange) -> Void]>([])

  init(takesAll: Bool = true) { self.takesAll = takesAll }

  func takes(_ delivery: Delivery) -> Bool { takesAll }

  func forward(_ delivery: Delivery, _ done: @escaping @Sendable (Exchange) -> Void) {
    waiting.withLock { $0.append(done) }
  }

  var count: Int { waiting.withLock { $0.count } }

  func answer(_ status: Int?, _ failure: Exchange.Failure? = nil) {
    let done = waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    done?(
      Exchange(
        at: Samples.arrival, url: "http://app/", response: status.map { .init(status: $0) }, failure: failure,
        milliseconds: .init(total: 1)))
  }
}

@Suite("Answers that are up to an app")
struct KeeperTests {
  private let disk = StandInRecorder()
  private let apps = StandInApps()

  /// A connection to an intake that forwards, and what lets what was recorded be told.
  private func open(
    _ ring: Journal, _ policy: AnswerPolicy = .forward, _ apps: StandInApps? = nil, rules: [String] = []
  ) throws -> (channel: EmbeddedChannel, intake: Intake) {
    let intake = Intake(
      providers: .builtIn, verifier: Verifier(keyring: try Samples.keyring()), answerPolicy: policy,
      forwarding: apps ?? self.apps,
      rules: AnswerRules(try rules.map { try AnswerRule($0, providers: .builtIn, zone: .utc) }),
      journal: ring,
      clock: { Samples.arrival })
    return (try Samples.channel(intake), intake)
  }

  /// What a sender is told, from whichever thread; nil if its connection is closed instead.
  private final class Told: Sendable {
    private let state = Mutex<[Response?]>([])
    var responses: [Response?] { state.withLock { $0 } }
    var statuses: [Int?] { responses.map { $0?.status } }
    func add(_ response: Response?) { state.withLock { $0.append(response) } }
  }

  /// Asks an intake how to answer a request, away from any connection: what is recorded is told by another thread, and
  /// an embedded event loop allows none but its own.
  private func ask(_ intake: Intake, _ body: [UInt8] = Samples.body) throws -> Told {
    let told = Told()
    let request = Request(
      headers: [.init("X-Parlay-Signature", try Samples.signature(body))], body: body, peer: "p")
    switch intake.plan(for: IncomingRequest(request), at: Samples.moment) {
    case .now(let response): told.add(response)
    case .later(let response, _): told.add(response)
    case .drop: told.add(nil)
    case .elsewhere(_, _, let start):
      start(Reply(body: BodyClaim(on: BodyBudget(limit: 1)), told.add))
    }
    return told
  }

  private func statuses(_ text: String) -> [Int] {
    text.split(separator: "HTTP/1.1 ").compactMap { Int($0.prefix(3)) }
  }

  @Test("the sender hears what the app says, after the delivery is recorded with it")
  func forwarded() throws {
    let ring = Journal(recorder: disk)
    let (_, intake) = try open(ring)
    let told = try ask(intake)
    // Kept before the app answers, recorded after, and told last.
    #expect(ring.counts.received == 1 && disk.records.isEmpty && apps.count == 1 && told.responses.isEmpty)
    apps.answer(418)
    #expect(intake.stop())
    #expect(disk.deliveries.map(\.answer?.status) == [418] && disk.records.count == 2)
    #expect(told.statuses == [418])
  }

  @Test("what came behind it on the connection waits for the app's answer")
  func inOrder() throws {
    let ring = Journal()
    let (channel, _) = try open(ring)
    try channel.receive(Samples.signed() + Samples.signed())
    #expect(try channel.written() == "" && ring.counts.received == 1)
    apps.answer(418)
    #expect(statuses(try channel.written()) == [418])
    apps.answer(201)
    #expect(statuses(try channel.written()) == [201] && ring.counts.received == 2)
  }

  @Test(
    "an app that gives no response makes a gateway's answer, and the verdict changes nothing",
    arguments: [
      (nil, .refused, 502), (nil, .timeout, 504), (nil, .queueFull, 503), (200, nil, 200), (101, nil, 502),
    ] as [(Int?, Exchange.Failure?, Int)])
  func gateway(status: Int?, failure: Exchange.Failure?, due: Int) throws {
    let ring = Journal()
    let (channel, _) = try open(ring)
    try channel.receive(Samples.post(Samples.body))
    apps.answer(status, failure)
    #expect(statuses(try channel.written()) == [due])
    #expect(ring.deliveries.map(\.verdict.status) == [.missing])
  }

  @Test("what is not forwarded gets the verdict's answer, at once and recorded")
  func notForwarded() throws {
    let ring = Journal(recorder: disk)
    let (channel, _) = try open(ring, .forward, StandInApps(takesAll: false))
    try channel.receive(Samples.signed() + Samples.post(Samples.body))
    #expect(statuses(try channel.written()) == [200, 401])
    #expect(disk.deliveries.map(\.answer?.status) == [200, 401])
  }

  @Test("by another policy the sender is answered at once, and the app asked afterwards")
  func answeredFirst() throws {
    let ring = Journal(recorder: disk)
    let (channel, intake) = try open(ring, .verified)
    try channel.receive(Samples.post(Samples.body))
    #expect(statuses(try channel.written()) == [401])
    #expect(disk.deliveries.map(\.answer?.status) == [401])
    #expect(ring.everything.outcomes.map(\.outcomes) == [[.asked]])
    apps.answer(200)
    #expect(intake.stop())
    #expect(disk.records.count == 2)
    #expect(
      ring.everything.outcomes.allSatisfy { $0.outcomes.exchanges.count == 1 && $0.outcomes.count == 1 })
    #expect(ring.counts.disagreements == 1)
  }

  @Test("what can't be recorded is answered 503, whatever the app said")
  func fullDisk() throws {
    let ring = Journal(recorder: disk)
    let (_, intake) = try open(ring)
    let told = try ask(intake)
    disk.isFull = true
    apps.answer(200)
    #expect(intake.stop())
    #expect(told.statuses == [503])
    #expect(ring.reasons.contains(.notStored))
    var outcomes = Outcomes()
    for change in ring.everything.outcomes { outcomes.take(change) }
    #expect(outcomes.answer(to: ring.deliveries[0])?.status == 503)
  }

  @Test("what could not be recorded goes on to no app")
  func notStored() throws {
    let (_, intake) = try open(Journal(recorder: disk), rules: ["status 500"])
    disk.isFull = true
    #expect(try ask(intake).statuses == [503] && apps.count == 0)
  }

  @Test("a sender that went away is forwarded for all the same, and recorded")
  func gone() throws {
    let ring = Journal(recorder: disk)
    let (channel, intake) = try open(ring)
    try channel.receive(Samples.signed())
    _ = try? channel.finish(acceptAlreadyClosed: true)
    apps.answer(200)
    #expect(intake.stop())
    #expect(disk.deliveries.map(\.answer?.status) == [200])
  }

  @Test("a large delivery waits for the app as any other")
  func large() throws {
    let ring = Journal(recorder: disk)
    let (_, intake) = try open(ring)
    let told = try ask(intake, [UInt8](repeating: UInt8(ascii: " "), count: Intake.largeBody + 1))
    intake.large.queue.sync {}
    #expect(apps.count == 1 && ring.deliveries.map(\.verdict.status) == [.valid])
    #expect(told.responses.isEmpty)
    apps.answer(200)
    #expect(intake.stop())
    #expect(told.statuses == [200])
  }

  @Test("a rule's status is told in place of the verdict's and the app's, which is asked all the same")
  func ruled() throws {
    let ring = Journal(recorder: disk)
    let (_, intake) = try open(ring, rules: ["status 503 body 'no' x1"])
    let first = try ask(intake)
    #expect(first.statuses == [503] && first.responses.first??.body == Array("no".utf8))
    #expect(disk.deliveries.map(\.answer?.status) == [503])
    #expect(disk.deliveries.map(\.answer?.rule?.text) == ["status 503 body 'no' x1"])
    apps.answer(200)
    #expect(intake.stop())
    #expect(disk.records.count == 2)
    // It is used up.
    let second = try ask(intake)
    #expect(second.responses.isEmpty)
    apps.answer(201)
    #expect(intake.stop())
    #expect(second.statuses == [201])
  }

  @Test("a delay holds the answer, and what came behind it on the connection")
  func delayed() throws {
    let ring = Journal()
    let (channel, _) = try open(ring, .always, StandInApps(takesAll: false), rules: ["delay 10s x1"])
    try channel.receive(Samples.signed() + Samples.signed())
    channel.embeddedEventLoop.advanceTime(by: .seconds(9))
    #expect(try channel.written() == "" && ring.counts.received == 1)
    channel.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(statuses(try channel.written()) == [200, 200])
  }

  @Test(
    "a dropped delivery is kept and recorded, and its connection closed without an answer", arguments: [0, 3])
  func dropped(seconds: Int) throws {
    let ring = Journal(recorder: disk)
    let (channel, _) = try open(
      ring, .always, StandInApps(takesAll: false), rules: ["drop delay \(seconds)s"])
    try channel.receive(Samples.signed())
    if seconds > 0 {
      #expect(channel.isActive)
      channel.embeddedEventLoop.advanceTime(by: .seconds(3))
    }
    #expect(try channel.written() == "" && !channel.isActive)
    #expect(disk.deliveries.map(\.answer?.status) == [nil])
  }

  @Test("a sender that is to hang gets nothing, and keeps its connection")
  func hanging() throws {
    let ring = Journal()
    let (channel, _) = try open(ring, .always, StandInApps(takesAll: false), rules: ["hang x1"])
    try channel.receive(Samples.signed())
    channel.embeddedEventLoop.advanceTime(by: .minutes(30))
    #expect(try channel.written() == "" && channel.isActive)
    channel.embeddedEventLoop.advanceTime(by: .minutes(31))
    #expect(try channel.written() == "" && !channel.isActive)
  }

  @Test(
    "a kept delivery takes no room of the bodies that are on their way, however long its answer takes",
    arguments: [
      (1000, .always), (1000, .forward), (Intake.largeBody + 1, .always), (Intake.largeBody + 1, .forward),
    ]
      as [(Int, AnswerPolicy)])
  func heldBody(size: Int, policy: AnswerPolicy) throws {
    let ring = Journal()
    let bodies = BodyBudget(limit: size)
    let (_, intake) = try open(ring, policy, rules: policy == .always ? ["hang"] : [])
    let channel = try Samples.channel(intake, bodies: bodies)
    try channel.receive(Samples.post([UInt8](repeating: 0x20, count: size)))
    intake.large.queue.sync {}
    #expect(try channel.written() == "" && ring.counts.received == 1)
    #expect(bodies.claim(size))
  }

  @Test("a large delivery is delayed and dropped as any other", arguments: ["delay 10ms status 503", "drop"])
  func largeRuled(rule: String) async throws {
    let (_, intake) = try open(Journal(), .always, StandInApps(takesAll: false), rules: [rule])
    let told = try ask(intake, [UInt8](repeating: UInt8(ascii: " "), count: Intake.largeBody + 1))
    while told.responses.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
    #expect(told.statuses == (rule == "drop" ? [nil] : [503]))
  }
}
