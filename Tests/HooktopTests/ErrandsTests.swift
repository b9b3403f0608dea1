import Diagnosis
import Dispatch
import Receiver
import Synchronization
import Testing
import Webhooks

@testable import Monitor
@testable import hooktop

@Suite("What is sent by order", .timeLimit(.minutes(1)))
struct ErrandsTests {
  @Test("a replay is kept before the app hears of it, and what the app says is told and kept with it")
  func replay() throws {
    let bench = try Bench(.holds)
    defer { bench.close() }
    #expect(bench.replay(bench.order()).isEmpty)
    try bench.app.waitForRequests(1)
    let kept = try #require(bench.journal.deliveries.last)
    #expect(kept.origin == .replay(of: 7) && kept.sequence == 1 && kept.verdict.status == .valid)
    #expect(bench.errands.takeResults().isEmpty)
    bench.app.release()
    guard case .replayed(of: 7, .sent(sequence: 1, let exchange))? = try bench.message() else {
      throw Bench.Unexpected()
    }
    #expect(exchange.status == 200 && exchange.purpose == .replay)
    #expect(bench.journal.exchanges(of: 1).map(\.status) == [200])
    #expect(bench.app.requests.map(\.body) == [Bench.body])
  }

  @Test("what is no URL, and what can't be recorded, is told and not sent")
  func unsendable() throws {
    let bench = try Bench(.answers(200), recorder: FullRecorder())
    defer { bench.close() }
    guard case .replayed(of: 7, .failed(let words))? = bench.replay(bench.order(to: "app")).first else {
      throw Bench.Unexpected()
    }
    #expect(words == "app is not an http or https URL" && bench.journal.deliveries.isEmpty)
    #expect(bench.replay(bench.order()).isEmpty)
    guard case .replayed(of: 7, .failed(let reason))? = try bench.message() else { throw Bench.Unexpected() }
    #expect(reason.hasPrefix("it could not be recorded: ") && bench.app.requests.isEmpty)
  }

  @Test("no more than 32 are on their way at once, and one that ends makes room")
  func limit() throws {
    let bench = try Bench(.holds)
    defer { bench.close() }
    for _ in 1...32 { #expect(bench.replay(bench.order()).isEmpty) }
    guard case .replayed(of: 7, .failed(let words))? = bench.replay(bench.order()).first else {
      throw Bench.Unexpected()
    }
    #expect(words.hasPrefix("32 requests are on their way already"))
    guard case .finished? = bench.batch(1, [bench.order()]).first?.step else { throw Bench.Unexpected() }
    #expect(bench.check(2).last?.endedErrand == 2)
    bench.app.release()
    try bench.messages(32) { if case .replayed = $0 { true } else { false } }
    // What ends a replay tells of it before it makes room.
    while !bench.replay(bench.order()).isEmpty {}
    try bench.messages(1) { if case .replayed = $0 { true } else { false } }
  }

  @Test("several go one after the other, and stop after the one on its way once they are told to")
  func batch() throws {
    let bench = try Bench(.holds)
    defer { bench.close() }
    #expect(bench.batch(3, (1...4).map { _ in bench.order() }).isEmpty)
    try bench.app.waitForRequests(1)
    bench.app.release(1)
    try bench.messages(1) { if case .done(.sent)? = $0.step { true } else { false } }
    try bench.app.waitForRequests(2)
    #expect(bench.journal.deliveries.count == 2)
    bench.errands.stop(3)
    bench.app.release()
    try bench.messages(1) { if case .finished? = $0.step { true } else { false } }
    #expect(bench.app.requests.count == 2)
  }

  @Test("a check tells of each probe and of its end; one that is stopped ends after the probe on its way")
  func check() throws {
    let bench = try Bench(.holds)
    defer { bench.close() }
    #expect(bench.check(4).isEmpty)
    try bench.app.waitForRequests(1)
    bench.errands.stop(4)
    bench.app.release()
    let messages = try bench.messages(2) { if case .checked = $0 { true } else { false } }
    let counts = messages.compactMap {
      if case .checked(let progress) = $0 { progress.report.rows.count } else { nil }
    }
    #expect(counts == [1, 1] && bench.app.requests.count == 1)
    // Whoever has stopped it waits for no end.
    #expect(messages.allSatisfy { $0.endedErrand == nil })
    #expect(bench.check(5).isEmpty)
    let all = try bench.messages(1) { $0.endedErrand == 5 }
    guard case .checked(let progress)? = all.last else { throw Bench.Unexpected() }
    #expect(progress.report.rows.count == progress.exchanges.count && progress.report.rows.count > 10)
  }

  @Test("an app that is gone ends a check, which says so, and a bad URL ends it at once")
  func gone() throws {
    let bench = try Bench(.answers(200))
    bench.app.stop()
    defer { bench.close() }
    #expect(bench.check(6).isEmpty)
    guard case .checked(let progress)? = try bench.messages(1, { $0.endedErrand == 6 }).last else {
      throw Bench.Unexpected()
    }
    #expect(progress.failure == .refused && progress.report.rows.isEmpty)
    #expect(bench.check(7, to: "app").last?.endedErrand == 7)
  }

  @Test("what is on its way when it closes ends as cancelled")
  func closed() throws {
    let bench = try Bench(.holds)
    defer { bench.close() }
    #expect(bench.replay(bench.order()).isEmpty)
    try bench.app.waitForRequests(1)
    bench.errands.close()
    guard case .replayed(of: 7, .sent(sequence: 1, let exchange))? = try bench.message() else {
      throw Bench.Unexpected()
    }
    #expect(exchange.failure == .cancelled)
  }
}

/// Errands with a real app on this machine, and the messages that come of them.
private final class Bench: Sendable {
  struct Unexpected: Error {}
  struct Waited: Error {}

  static let body = Array(#"{"id":"evt_1"}"#.utf8)
  let app: HeldApp
  let journal: Journal
  let errands: Errands
  private let secret: SigningSecret
  private let woken = DispatchSemaphore(value: 0)

  init(_ kind: HeldApp.Kind, recorder: (any Recorder)? = nil) throws {
    let (woken, journal) = (woken, Journal(recorder: recorder))
    app = try HeldApp(kind)
    self.journal = journal
    secret = try SigningSecret("whsec_errands", label: "parlay", provider: .parlay)
    errands = Errands(
      journal: journal, providers: .builtIn, tolerance: 300,
      providing: ProviderErrands(
        access: KnownAPIs(environment: { _ in nil }).access, saved: SavedSecretWatch(nil, providers: .builtIn)
      ),
      mail: Mailbox { woken.signal() })
  }

  func close() {
    errands.close()
    app.stop()
  }

  func order(to url: String? = nil) -> ReplayOrder {
    ReplayOrder(delivery: delivery, url: url ?? app.url, secret: secret)
  }

  private var delivery: Delivery {
    let request = Request(headers: [.init("X-Parlay-Event", "webhook.test")], body: Self.body)
    return Delivery(
      sequence: 7, receivedAt: .now(), request: request, envelope: Envelope(provider: .parlay),
      verdict: Verdict(.noHeader), isDuplicate: false, attempt: 1, answer: nil)
  }

  func replay(_ order: ReplayOrder) -> [Message] { errands.replay(order, Keyring([secret])) }

  func batch(_ number: Int, _ replays: [ReplayOrder]) -> [Message] {
    errands.replay(BatchOrder(number: number, replays: replays), Keyring([secret]))
  }

  func check(_ number: Int, to url: String? = nil) -> [Message] {
    errands.check(
      CheckOrder(
        number: number, delivery: delivery, url: url ?? app.url, provider: .parlay, secret: secret))
  }

  /// Waits for the next message.
  func message() throws -> Message? { try messages(1) { _ in true }.first }

  /// Waits until so many messages have come that `isWanted` takes, and gives those.
  @discardableResult
  func messages(_ count: Int, _ isWanted: (Message) -> Bool) throws -> [Message] {
    var found: [Message] = []
    while found.count < count {
      guard woken.wait(timeout: .now() + 20) == .success else { throw Waited() }
      found += errands.takeResults().filter(isWanted)
    }
    return found
  }
}

/// An app that answers at once, or when it is told to.
private final class HeldApp: Sendable {
  enum Kind: Sendable, Equatable {
    case answers(Int)
    case holds
  }

  private struct State {
    var requests: [Request] = []
    var held: [Reply] = []
    /// How many more are answered as soon as they are held: a request is seen before its reply is here.
    var free = 0
    var kind: Kind

    /// Whether a reply waits to be released.
    mutating func hold(_ reply: Reply) -> Bool {
      guard kind == .holds, free == 0 else {
        free = max(0, free - 1)
        return false
      }
      held.append(reply)
      return true
    }
  }

  private struct Service: HTTPService {
    let take: @Sendable (Request) -> AnswerPlan

    func plan(for request: IncomingRequest, at arrival: Moment) -> AnswerPlan { take(request.joined()) }
    func report(_ reason: Incident.Reason, _ detail: String, peer: String, status: Int?) {}
  }

  private final class Box: Sendable {
    let state: Mutex<State>
    let arrived = DispatchSemaphore(value: 0)
    init(_ kind: Kind) { state = Mutex(State(kind: kind)) }

    func plan(for request: Request) -> AnswerPlan {
      defer { arrived.signal() }
      return state.withLock { state in
        state.requests.append(request)
        if case .answers(let status) = state.kind { return .now(Response(status)) }
        return .elsewhere(within: .seconds(30), fallback: Response(504)) { reply in
          let isHeld = self.state.withLock { $0.hold(reply) }
          if !isHeld { reply(Response(200)) }
        }
      }
    }
  }

  private let box: Box
  private let server: HTTPServer

  init(_ kind: Kind) throws {
    let box = Box(kind)
    self.box = box
    server = try HTTPServer.start(
      HTTPServer.Configuration(port: 0), service: Service { box.plan(for: $0) })
  }

  var url: String { server.address }
  var requests: [Request] { box.state.withLock { $0.requests } }

  func waitForRequests(_ count: Int) throws {
    while requests.count < count {
      guard box.arrived.wait(timeout: .now() + 20) == .success else { throw Bench.Waited() }
    }
  }

  /// Answers the requests that are held: the first ones, or all, and all that come later.
  func release(_ count: Int = .max) {
    let replies = box.state.withLock { state in
      if count == .max { state.kind = .answers(200) } else { state.free += max(0, count - state.held.count) }
      defer { state.held.removeFirst(min(count, state.held.count)) }
      return state.held.prefix(count)
    }
    for reply in replies { reply(Response(200)) }
  }

  func stop() {
    release()
    server.stop()
  }
}

private struct FullRecorder: Recorder {
  struct Full: Error {}
  func record(_ record: SessionRecord, body: EncodedBody?) throws { throw Full() }
}

extension Message {
  fileprivate var step: BatchStep? { if case .batch(_, let step) = self { step } else { nil } }
}

extension Journal {
  /// All that is kept, oldest first.
  fileprivate var deliveries: [Delivery] { deliveries(from: 0, atMost: .max) }

  /// What came of sending a delivery to an app.
  fileprivate func exchanges(of sequence: UInt64) -> [Exchange] {
    var cursor = Cursor()
    return read(after: &cursor).outcomes.filter { $0.sequence == sequence }.flatMap(\.outcomes.exchanges)
  }
}
