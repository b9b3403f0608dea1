import Glibc
import JSON
import NIOCore
import NIOEmbedded
import Synchronization
import Testing
import Webhooks

@testable import Receiver

/// Large answers to a peer that asks for many at once, and reads them slowly or not at all.
@Suite("Answers that are not read", .timeLimit(.minutes(1)))
struct UnreadAnswersTests {
  private let service = LargeAnswers()
  private let peer = SlowPeer()

  private func channel() throws -> EmbeddedChannel {
    try Samples.channel(service, outermost: [peer])
  }

  private func requests(_ count: Int, last fields: String = "") -> [UInt8] {
    let request = "GET /large HTTP/1.1\r\nHost: a\r\n"
    return Array((String(repeating: request + "\r\n", count: count - 1) + request + fields + "\r\n").utf8)
  }

  @Test("requests of one read are asked about as their peer reads, and all are answered in order")
  func inTurn() throws {
    let channel = try channel()
    try channel.receive(requests(20, last: "Connection: close\r\n"))
    channel.embeddedEventLoop.run()
    #expect(service.asked == 1)
    for count in 2...20 {
      peer.read(channel)
      #expect(service.asked == count)
    }
    #expect(statuses(try channel.written()) == Array(repeating: 200, count: 20))
    #expect(service.reports.isEmpty)
  }

  @Test("nothing is read before all that came is answered")
  func reading() throws {
    let channel = try channel()
    try channel.receive(requests(2))
    let before = peer.reads
    channel.read()
    peer.read(channel)
    #expect(service.asked == 2 && peer.reads == before)
    peer.read(channel)
    #expect(peer.reads == before + 1)
  }

  @Test("small answers that were held up go out at once")
  func sent() throws {
    let channel = try channel()
    try channel.receive(requests(1) + Array("GET /small HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
    channel.embeddedEventLoop.run()
    peer.read(channel)
    #expect(service.asked == 2)
    #expect(statuses(try channel.written()) == [200, 200])
  }

  @Test("who never reads is closed when its time is up, whatever it is still owed")
  func never() throws {
    let channel = try channel()
    try channel.receive(requests(20))
    channel.embeddedEventLoop.advanceTime(by: .seconds(59))
    #expect(channel.isActive)
    channel.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(!channel.isActive)
    #expect(service.asked == 1)
    #expect(service.reports == [.timeout])
  }

  @Test("who ends its side and reads on gets all answers, and then the end")
  func halfClosed() throws {
    let channel = try channel()
    try channel.receive(requests(3))
    channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    for _ in 0..<2 {
      peer.read(channel)
      #expect(channel.isActive)
    }
    peer.read(channel)
    #expect(!channel.isActive)
    #expect(statuses(try channel.written()) == [200, 200, 200])
    #expect(service.reports.isEmpty)
  }

  @Test("who ends its side and never reads is closed when its time is up")
  func halfClosedNever() throws {
    let channel = try channel()
    try channel.receive(requests(3))
    channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    channel.embeddedEventLoop.advanceTime(by: .seconds(60))
    #expect(!channel.isActive)
    #expect(service.reports == [.timeout])
  }

  @Test("an answer that comes later is waited for under no deadline, also behind those that were held up")
  func later() throws {
    let channel = try channel()
    try channel.receive(requests(1) + Array("GET /later HTTP/1.1\r\nHost: a\r\n\r\n".utf8) + requests(1))
    peer.read(channel)
    channel.embeddedEventLoop.advanceTime(by: .seconds(999))
    #expect(channel.isActive && service.asked == 2)
    channel.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(service.asked == 3)
    #expect(statuses(try channel.written()) == [200, 202, 200])
    // No deadline has passed meanwhile: it is as open as before.
    peer.read(channel)
    try channel.receive("GET /small HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(statuses(try channel.written()) == [200])
    #expect(service.reports.isEmpty)
  }

  @Test("over a socket hardly more is asked for than the system takes, and all of it once it is read")
  func socket() throws {
    let server = try HTTPServer.start(.init(port: 0), service: service)
    defer { server.stop() }
    let client = try RawClient(server.port)
    client.send(requests(400, last: "Connection: close\r\n"))
    let start = try #require(client.receive())
    #expect(service.asked < 200)
    #expect(start.count + client.rest().utf8.count > 400 * LargeAnswers.body.count)
    #expect(service.asked == 400)
  }

  /// Begins to ask for 200 large answers over TLS.
  private func ask(_ limits: HTTPServer.Limits = .init()) throws -> (HTTPServer, TLSClient) {
    let identity = try TLSIdentity.selfSigned(host: "127.0.0.1")
    let server = try HTTPServer.start(.init(port: 0, limits: limits, tls: identity), service: service)
    let client = try TLSClient(server.port)
    try client.send(requests(200))
    return (server, client)
  }

  @Test("over TLS hardly more is asked for than the system takes, and all of it once it is read")
  func encrypted() throws {
    let (server, client) = try ask()
    defer { server.stop() }
    var count = try #require(try client.receive())
    #expect(service.asked < 150)
    while count < 200 * LargeAnswers.body.count, let more = try client.receive() { count += more }
    #expect(count >= 200 * LargeAnswers.body.count && service.asked == 200)
  }

  @Test("over TLS who never reads is closed when its time is up, whatever it is still owed")
  func encryptedNever() throws {
    var limits = HTTPServer.Limits()
    limits.idleDeadline = .seconds(1)
    let (server, client) = try ask(limits)
    defer { server.stop() }
    let start = ContinuousClock.now
    while service.reports.isEmpty, start.duration(to: .now) < .seconds(10) { usleep(2000) }
    #expect(service.reports == [.timeout] && service.asked < 150)
    var count = 0
    while let bytes = client.socket.receive() { count += bytes.count }
    #expect(!client.socket.hasWaitedInVain && count < 150 * LargeAnswers.body.count)
  }
}

/// Answers with 100 kB, but for `/small` and `/later`.
private final class LargeAnswers: HTTPService {
  static let body = [UInt8](repeating: 0x61, count: 100_000) + Array("\r\n\r\n".utf8)

  private let state = Mutex((asked: 0, reports: [Incident.Reason]()))

  var asked: Int { state.withLock { $0.asked } }
  var reports: [Incident.Reason] { state.withLock { $0.reports } }

  func plan(for request: IncomingRequest, at arrival: Moment) -> AnswerPlan {
    state.withLock { $0.asked += 1 }
    return switch request.head.target {
    case "/small": .now(Response(200))
    case "/later": .later(Response(202), after: .seconds(1000))
    default: .now(Response(200, body: Self.body))
    }
  }

  func report(_ reason: Incident.Reason, _ detail: String, peer: String, status: Int?) {
    state.withLock { $0.reports.append(reason) }
  }
}

/// A peer, and the buffer before it, that takes what is flushed until there are 64 KiB, and reads when it is told to.
///
/// What is written and not flushed counts for nothing, as behind TLS.
private final class SlowPeer: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer

  private var written = 0
  private var unread = 0
  private(set) var reads = 0
  private var finished: [EventLoopPromise<Void>] = []

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    written += unwrapOutboundIn(data).readableBytes
    context.write(data, promise: nil)
    if let promise { finished.append(promise) }
  }

  func flush(context: ChannelHandlerContext) {
    unread += written
    written = 0
    context.flush()
    tell(context.channel)
  }

  func read(context: ChannelHandlerContext) {
    reads += 1
    context.read()
  }

  // The embedded channel would close both sides.
  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode == .output else { return context.close(mode: mode, promise: promise) }
    promise?.succeed(())
  }

  /// Reads all that is there.
  func read(_ channel: EmbeddedChannel) {
    unread = 0
    tell(channel)
    channel.embeddedEventLoop.run()
    guard unread == 0 else { return }
    for promise in finished { promise.succeed(()) }
    finished = []
  }

  private func tell(_ channel: any Channel) {
    let isWritable = unread <= 64 << 10
    guard let channel = channel as? EmbeddedChannel, channel.isWritable != isWritable else { return }
    channel.isWritable = isWritable
    channel.pipeline.fireChannelWritabilityChanged()
  }
}
