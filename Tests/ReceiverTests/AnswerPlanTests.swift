import Dispatch
import NIOCore
import NIOEmbedded
import Synchronization
import Testing
import Webhooks

@testable import Receiver

@Suite("When a request is answered")
struct AnswerPlanTests {
  private let service = PlannedService()

  private func channel() throws -> EmbeddedChannel { try Samples.channel(service) }

  private func advance(_ channel: EmbeddedChannel, seconds: Int64) {
    channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
  }

  @Test("after a delay, and what came behind it after that, in order")
  func later() throws {
    let channel = try channel()
    service.plan(1, .later(Response(500), after: .seconds(70)))
    try channel.receive(
      Samples.post([1]) + Samples.post([2]) + Array("PUT / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
    advance(channel, seconds: 69)
    #expect(try channel.written() == "")
    #expect(service.asked == [1])
    advance(channel, seconds: 1)
    #expect(statuses(try channel.written()) == [500, 200, 405])
    #expect(service.asked == [1, 2])
  }

  @Test("later than it came: what waits for its turn is told when its last byte came")
  func arrivals() throws {
    let time = Mutex(Samples.moment)
    let channel = try Samples.channel(service, clock: { time.withLock { $0 } })
    service.plan(1, .later(Response(200), after: .seconds(70)))
    try channel.receive(Samples.post([1]) + Samples.post([2]))
    let later = Moment(wall: Timestamp(seconds: Samples.arrival.seconds + 70), steady: .now())
    time.withLock { $0 = later }
    advance(channel, seconds: 70)
    try channel.receive(Samples.post([3]))
    #expect(service.asked == [1, 2, 3])
    #expect(service.arrivals == [Samples.arrival, Samples.arrival, later.wall])
  }

  @Test("from elsewhere, once; what is said after that counts for nothing")
  func elsewhere() throws {
    let channel = try channel()
    let reply = service.planElsewhere(1, within: .seconds(10))
    try channel.receive(Samples.post([1]) + Samples.post([2]))
    #expect(try channel.written() == "")
    let answer = try #require(reply.value)
    answer(Response(201, body: [0x68, 0x69]))
    answer(Response(500))
    #expect(
      try channel.written()
        == "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nhi"
        + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    advance(channel, seconds: 20)
    #expect(try channel.written() == "")
    #expect(channel.isActive)
  }

  @Test("by the fallback, where elsewhere takes too long")
  func tooLate() throws {
    let channel = try channel()
    let reply = service.planElsewhere(1, within: .seconds(10))
    try channel.receive(Samples.post([1]))
    advance(channel, seconds: 10)
    #expect(statuses(try channel.written()) == [504])
    let answer = try #require(reply.value)
    answer(Response(200))
    #expect(try channel.written() == "")
    try channel.receive(Samples.post([2]))
    #expect(statuses(try channel.written()) == [200])
  }

  @Test("from elsewhere, however long that takes, once it is claimed in time")
  func claimed() throws {
    let channel = try channel()
    let reply = service.planElsewhere(1, within: .seconds(10))
    try channel.receive(Samples.post([1]))
    let answer = try #require(reply.value)
    #expect(answer.claim())
    #expect(!answer.claim())
    advance(channel, seconds: 1000)
    #expect(try channel.written() == "")
    answer(Response(200))
    #expect(statuses(try channel.written()) == [200])
  }

  @Test("from elsewhere, though the fallback is due in the same turn, and each request by its own answer")
  func inTheSameTurn() throws {
    let channel = try channel()
    let first = service.planElsewhere(1, within: .seconds(10))
    let second = service.planElsewhere(2, within: .seconds(10))
    // Fires before the timer of the fallback, and the answer comes after it.
    channel.embeddedEventLoop.scheduleTask(in: .seconds(10)) { first.value?(Response(200)) }
    try channel.receive(Samples.post([1]) + Samples.post([2]))
    advance(channel, seconds: 10)
    #expect(statuses(try channel.written()) == [200])
    let answer = try #require(second.value)
    answer(Response(201))
    #expect(statuses(try channel.written()) == [201])
  }

  @Test("never: the connection is closed without a byte, and nobody is asked about what came behind")
  func drop() throws {
    let channel = try channel()
    service.plan(2, .drop)
    try channel.receive(Samples.post([1]) + Samples.post([2]) + Samples.post([3]))
    #expect(statuses(try channel.written()) == [200])
    #expect(!channel.isActive)
    #expect(service.asked == [1, 2])
  }

  @Test("a sender that waits for its answer is under no deadline, and under one again after it")
  func deadlines() throws {
    let channel = try channel()
    service.plan(1, .later(Response(200), after: .seconds(1000)))
    try channel.receive(Samples.post([1]) + Array("POST / HTTP/1.1\r\nHo".utf8))
    advance(channel, seconds: 999)
    #expect(channel.isActive)
    #expect(service.reasons.isEmpty)
    advance(channel, seconds: 1)
    #expect(statuses(try channel.written()) == [200])
    advance(channel, seconds: 60)
    #expect(!channel.isActive)
  }

  @Test(
    "while an answer is waited for, no more is read than shows that there is more; the rest is read after it",
    arguments: [Samples.post([2]), Array("POST".utf8)])
  func pausesReading(more: [UInt8]) throws {
    let counter = ReadCounter()
    let channel = try Samples.channel(service, outermost: [counter])
    service.plan(1, .later(Response(200), after: .seconds(5)))
    try channel.receive(Samples.post([1]))
    let before = counter.reads
    channel.read()
    #expect(counter.reads == before + 1)
    try channel.receive(more)
    channel.read()
    channel.read()
    #expect(counter.reads == before + 1)
    advance(channel, seconds: 5)
    #expect(counter.reads == before + 2)
    channel.read()
    #expect(counter.reads == before + 3)
  }

  @Test("nothing is read behind the last request of a connection while its answer is waited for")
  func lastRequest() throws {
    let counter = ReadCounter()
    let channel = try Samples.channel(service, outermost: [counter])
    service.plan(1, .later(Response(200), after: .seconds(5)))
    try channel.receive(Samples.post([1], fields: ["Connection: close"]))
    let before = counter.reads
    channel.read()
    #expect(counter.reads == before)
    advance(channel, seconds: 5)
    #expect(counter.reads == before + 1)
  }

  @Test("a peer that has ended its side is still answered, then the connection ends")
  func halfClosed() throws {
    let channel = try channel()
    service.plan(1, .later(Response(200), after: .seconds(5)))
    try channel.receive(Samples.post([1]))
    channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    #expect(channel.isActive)
    advance(channel, seconds: 5)
    #expect(statuses(try channel.written()) == [200])
    #expect(!channel.isActive)
    #expect(service.reasons.isEmpty)
  }

  @Test("a connection that is gone takes no answer; its body counts until nobody holds the reply")
  func gone() throws {
    let bodies = BodyBudget(limit: 10)
    let channel = try Samples.channel(service, bodies: bodies)
    let reply = service.planElsewhere(1, within: .seconds(10))
    try channel.receive(Samples.post([1, 1, 1, 1, 1, 1]) + Samples.post([2, 2]))
    channel.pipeline.fireChannelInactive()
    #expect(!bodies.claim(5))
    #expect(bodies.claim(4))
    reply.answer(Response(200))
    #expect(try channel.written() == "")
    reply.set(nil)
    #expect(bodies.claim(6))
  }

  @Test("a body whose answer comes by the fallback counts until nobody holds the reply, and no longer")
  func overdueBody() throws {
    let bodies = BodyBudget(limit: 10)
    let channel = try Samples.channel(service, bodies: bodies)
    let reply = service.planElsewhere(1, within: .seconds(10))
    try channel.receive(Samples.post([1, 1, 1, 1, 1, 1]))
    advance(channel, seconds: 10)
    try channel.receive(Samples.post([2, 2, 2, 2, 2]))
    #expect(statuses(try channel.written()) == [504, 503])
    reply.set(nil)
    #expect(bodies.claim(10))
  }

  @Test("over a socket, from another thread, pipelined ones in order")
  func socket() throws {
    let server = try HTTPServer.start(.init(port: 0), service: service)
    defer { server.stop() }
    service.plan(1, .later(Response(201), after: .milliseconds(50)))
    service.planOnQueue(2, Response(202))
    service.plan(5, .drop)
    let client = try RawClient(server.port)
    client.send((1...6).flatMap { Samples.post([$0]) })
    #expect(statuses(client.rest()) == [201, 202, 200, 200])
    #expect(service.asked == [1, 2, 3, 4, 5])
  }
}

/// A service that answers each request, known by its body's first byte, as it was told to, or 200.
private final class PlannedService: HTTPService {
  /// Where the reply to a request is put once it was asked about.
  final class Slot: Sendable {
    private let reply = Mutex<Reply?>(nil)
    var value: Reply? { reply.withLock { $0 } }
    func set(_ reply: Reply?) { self.reply.withLock { $0 = reply } }
    func answer(_ response: Response) { value?(response) }
  }

  private struct State {
    var plans: [UInt8: AnswerPlan] = [:]
    var asked: [UInt8] = []
    var arrivals: [Timestamp] = []
    var reasons: [Incident.Reason] = []
  }

  private let state = Mutex(State())

  var asked: [UInt8] { state.withLock { $0.asked } }
  /// When those that were asked about came.
  var arrivals: [Timestamp] { state.withLock { $0.arrivals } }
  var reasons: [Incident.Reason] { state.withLock { $0.reasons } }

  func plan(_ number: UInt8, _ plan: AnswerPlan) { state.withLock { $0.plans[number] = plan } }

  func planElsewhere(_ number: UInt8, within limit: Duration) -> Slot {
    let slot = Slot()
    plan(number, .elsewhere(within: limit, fallback: Response(504)) { slot.set($0) })
    return slot
  }

  func planOnQueue(_ number: UInt8, _ response: Response) {
    plan(
      number,
      .elsewhere(within: .seconds(10), fallback: Response(504)) { reply in
        DispatchQueue.global().async { reply(response) }
      })
  }

  func refusal(of head: RequestHead) -> Refusal? { Samples.intake(Journal()).refusal(of: head) }

  func plan(for request: IncomingRequest, at arrival: Moment) -> AnswerPlan {
    state.withLock { state in
      let number = request.joined().body.first ?? 0
      state.asked.append(number)
      state.arrivals.append(arrival.wall)
      return state.plans[number] ?? .now(Response(200))
    }
  }

  func report(_ reason: Incident.Reason, _ detail: String, peer: String, status: Int?) {
    guard reason != .wrongMethod else { return }
    state.withLock { $0.reasons.append(reason) }
  }
}

/// Counts how often the socket is to be read.
private final class ReadCounter: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer

  private(set) var reads = 0

  func read(context: ChannelHandlerContext) {
    reads += 1
    context.read()
  }
}
