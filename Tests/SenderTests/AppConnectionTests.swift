import Foundation
import JSON
import NIOCore
import NIOEmbedded
import NIOPosix
import NIOSSL
import NIOTLS
import Synchronization
import Testing
import Webhooks

@testable import Sender

/// Exchanges, in the order in which they ended.
private final class Ended: Sendable {
  private let state = Mutex<[Exchange]>([])
  var all: [Exchange] { state.withLock { $0 } }
  var results: [String] { all.map(\.result) }

  func exchange(_ url: String = "http://127.0.0.1:9", method: String = "POST", limit: Double = 30) throws
    -> PendingExchange
  {
    let request = Request(method: method, headers: [.init("X-A", "1")], body: Array("{}".utf8))
    return PendingExchange(
      request: AppRequest(request, to: try #require(AppURL(url))), purpose: .forward, time: .now(),
      limit: .seconds(limit)
    ) { exchange, _ in self.state.withLock { $0.append(exchange) } }
  }

  func wait(for count: Int) async throws {
    while all.count < count { try await Task.sleep(for: .milliseconds(2)) }
  }
}

@Suite("A connection to an app")
struct AppConnectionTests {
  private let channel = EmbeddedChannel()
  private let queue = AppQueue(AppConnector())
  private let ended = Ended()
  private let connection: AppConnection

  init() throws {
    connection = AppConnection(of: queue, on: channel.embeddedEventLoop)
    channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 9), promise: nil)
  }

  private func open(_ url: String = "http://127.0.0.1:9") throws {
    let standing = channel.eventLoop.makeSucceededFuture(channel as any Channel)
    connection.open(try ended.exchange(url), on: standing)
  }

  private func come(_ text: String) throws { try channel.writeInbound(ByteBuffer(string: text)) }

  private func sent() throws -> String? {
    try channel.readOutbound(as: ByteBuffer.self).map { String(buffer: $0) }
  }

  private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

  @Test("a request is one piece, and the next one follows once the response is whole")
  func order() throws {
    try open()
    let due = "POST / HTTP/1.1\r\nHost: 127.0.0.1:9\r\nX-A: 1\r\nContent-Length: 2\r\n\r\n{}"
    #expect(try sent() == due)
    try come(String(Self.ok.dropLast()))
    #expect(ended.all.isEmpty)
    try come("k")
    #expect(ended.results == ["200"] && channel.isActive)
    connection.make(try ended.exchange())
    #expect(try sent() == due)
    try come("HTTP/1.1 103 X\r\n\r\n" + Self.ok)
    #expect(ended.results == ["200", "200"] && channel.isActive)
  }

  @Test(
    "a connection is closed behind what leaves it in doubt",
    arguments: [
      ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "200"),
      ("HTTP/1.1 204 No\r\n\r\nmore", "204"), ("garbage\r\n", "not-http"), ("HTTP/1.1 101 X\r\n\r\n", "101"),
    ])
  func closes(text: String, due: String) throws {
    try open()
    try come(text)
    #expect(ended.results == [due] && !channel.isActive)
  }

  @Test("a connection is closed where the response ends before all of the request is sent")
  func early() throws {
    try open()
    channel.isWritable = false
    try come(Self.ok)
    #expect(ended.results == ["200"] && !channel.isActive)
  }

  @Test("bytes that nobody has asked for close a connection that is not used")
  func unasked() throws {
    try open()
    try come(Self.ok)
    try come("HTTP/1.1 200 OK\r\n")
    #expect(!channel.isActive && ended.results == ["200"])
  }

  @Test("it is kept for some seconds after each response, and no longer")
  func idle() throws {
    try open()
    for _ in 1...3 {
      try come(Self.ok)
      channel.embeddedEventLoop.advanceTime(by: .milliseconds(3900))
      #expect(channel.isActive)
      connection.make(try ended.exchange())
    }
    try come(Self.ok)
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(4000))
    #expect(!channel.isActive && ended.results == ["200", "200", "200", "200"])
  }

  @Test("an exchange is given up at its time, and takes what has come with it")
  func timeout() throws {
    try open()
    try come("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
    channel.embeddedEventLoop.advanceTime(to: .now() + .seconds(29))
    #expect(ended.all.isEmpty && channel.isActive)
    channel.embeddedEventLoop.advanceTime(to: .now() + .seconds(31))
    #expect(ended.results == ["timeout"] && !channel.isActive)
    #expect(ended.all.first?.response?.body == Array("half".utf8))
  }

  @Test("an app whose connection does not stand within 5 s is unreachable", arguments: [true, false])
  func connecting(isInTime: Bool) throws {
    let opening = channel.eventLoop.makePromise(of: (any Channel).self)
    connection.open(try ended.exchange(), on: opening.futureResult)
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(isInTime ? 4900 : 5000))
    opening.succeed(channel)
    #expect(ended.results == (isInTime ? [] : ["unreachable"]))
    #expect(channel.isActive == isInTime)
    // Once it stands, the limit of the exchange counts.
    channel.embeddedEventLoop.advanceTime(by: .seconds(10))
    #expect(ended.all.count == (isInTime ? 0 : 1))
    connection.cancel()
    #expect(ended.results == [isInTime ? "cancelled" : "unreachable"])
  }

  @Test(
    "the end of the connection is the end of a body without a length, over TLS in whatever words, and else a reset",
    arguments: [("", "200"), ("Content-Length: 9\r\n", "reset")])
  func end(field: String, due: String) throws {
    try open()
    try come("HTTP/1.1 200 OK\r\n\(field)\r\nall")
    channel.pipeline.fireErrorCaught(NIOSSLError.uncleanShutdown)
    #expect(ended.all.isEmpty)
    channel.pipeline.fireChannelInactive()
    #expect(ended.results == [due] && ended.all.first?.response?.body == Array("all".utf8))
  }

  @Test("over TLS the request waits for the end of the handshake")
  func handshake() throws {
    try open("https://127.0.0.1:9")
    #expect(try sent() == nil)
    channel.pipeline.fireUserInboundEventTriggered(TLSUserEvent.handshakeCompleted(negotiatedProtocol: nil))
    #expect(try sent()?.isEmpty == false)
    try come(Self.ok)
    #expect(ended.results == ["200"] && ended.all.first?.milliseconds.connect != nil)
  }
}

@Suite("Connections to an app", .timeLimit(.minutes(1)))
struct AppConnectionsTests {
  /// Makes one exchange after the other, and gives how they ended.
  private func results(_ count: Int, to server: LoopbackServer) async throws -> [String] {
    let (connector, ended) = (AppConnector(), Ended())
    let queue = AppQueue(connector)
    for number in 1...count {
      queue.add(try ended.exchange(server.url))
      try await ended.wait(for: number)
    }
    #expect(connector.close([queue]))
    return ended.results
  }

  @Test(
    "one is used again and again, and another one where the app has closed it",
    arguments: [
      (LoopbackServer.ok, 1),
      (.answer("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"), 4),
    ])
  func reuse(behaviour: LoopbackServer.Behaviour, due: Int) async throws {
    let server = LoopbackServer(behaviour)
    defer { server.stop() }
    #expect(try await results(4, to: server) == ["200", "200", "200", "200"])
    #expect(server.connectionCount == due)
  }

  @Test("one that the app closes between two exchanges is seen, and another one is opened")
  func closedBetween() async throws {
    let server = LoopbackServer(
      .steps([.send(Array("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".utf8)), .close]))
    defer { server.stop() }
    let (connector, ended) = (AppConnector(), Ended())
    let queue = AppQueue(connector)
    for number in 1...3 {
      queue.add(try ended.exchange(server.url))
      try await ended.wait(for: number)
      while !queue.isUnused { try await Task.sleep(for: .milliseconds(2)) }
    }
    #expect(ended.results == ["200", "200", "200"] && server.connectionCount == 3)
    _ = connector.close([queue])
  }

  @Test("no more are open than the limit, whichever threads ask, and idle ones of other threads are used")
  func threads() async throws {
    let server = LoopbackServer()
    defer { server.stop() }
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let (connector, ended) = (AppConnector(usesCallersLoop: true), Ended())
    let queue = AppQueue(connector, limits: .init(running: 1))
    for (number, loop) in [loops.next(), loops.next(), loops.next()].enumerated() {
      let exchange = try ended.exchange(server.url)
      loop.execute { queue.add(exchange) }
      try await ended.wait(for: number + 1)
    }
    #expect(ended.results == ["200", "200", "200"] && server.connectionCount == 1)
    #expect(connector.close([queue]))
    try await loops.shutdownGracefully()
  }

  @Test("an app over TLS is trusted by its certificate, and one without a trusted one is not")
  func tls() async throws {
    let server = try SelfSignedServer()
    defer { server.stop() }
    var trusting = TLSConfiguration.makeClientConfiguration()
    trusting.trustRoots = .certificates([try NIOSSLCertificate(bytes: server.certificate, format: .der)])
    for (tls, due) in [(trusting, "200"), (.makeClientConfiguration(), "tls")] {
      let (connector, ended) = (AppConnector(tls: tls), Ended())
      let queue = AppQueue(connector)
      for host in ["127.0.0.1", "localhost"] {
        queue.add(try ended.exchange("https://\(host):\(server.port)/", method: "GET", limit: 20))
      }
      try await ended.wait(for: 2)
      #expect(ended.results == [due, due])
      #expect(connector.close([queue]))
    }
  }

  @Test("a client forgets apps that it is not connected to, and still ends what is on its way")
  func manyHosts() async throws {
    let silent = LoopbackServer(.silence)
    defer { silent.stop() }
    let (client, ended) = (AppClient(connections: 1), Ended())
    client.begin(try ended.exchange(silent.url))
    while silent.requests.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
    for port in 1...100 {
      client.begin(try ended.exchange("http://127.0.0.1:\(port)"))
      try await ended.wait(for: port)
    }
    #expect(client.knownCount <= 64)
    #expect(client.close())
    #expect(ended.results.last == "cancelled")
  }
}
