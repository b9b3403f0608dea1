import Foundation
import JSON
import NIOCore
import NIOEmbedded
import Synchronization
import Testing
import Webhooks

@testable import Sender

/// Exchanges that were made, in the order in which they ended.
private final class Results: Sendable {
  private let state = Mutex<[Exchange]>([])
  var all: [Exchange] { state.withLock { $0 } }
  func add(_ exchange: Exchange) { state.withLock { $0.append(exchange) } }

  /// Waits until so many have ended.
  func wait(for count: Int) async throws {
    while all.count < count { try await Task.sleep(for: .milliseconds(2)) }
  }
}

private func delivery(
  _ body: [UInt8] = Array("{}".utf8), target: String = "/", headers: Headers = [],
  provider: Provider? = .parlay
) -> Delivery {
  Delivery(
    sequence: 1, receivedAt: .now(),
    request: Request(target: ByteString(target), headers: headers, body: body),
    envelope: Envelope(provider: provider), verdict: Verdict(.ok), isDuplicate: false, attempt: 1, answer: nil
  )
}

/// Forwards deliveries to one URL until `body` is done.
private func forwarding(
  to url: String, timeout: Double = 20, limits: AppQueue.Limits = .init(),
  _ body: (Forwarder, Results) async throws -> Void
) async throws {
  let rule = Forwarder.Rule(provider: nil, url: try #require(AppURL(url)))
  let forwarder = Forwarder([rule], filter: nil, timeout: timeout, limits: limits)
  let results = Results()
  do {
    try await body(forwarder, results)
  } catch {
    forwarder.close()
    throw error
  }
  forwarder.close()
}

@Suite("An exchange with an app", .timeLimit(.minutes(2)))
struct AppExchangeTests {
  @Test("the app gets the target, the fields and the body as they were received, and its response is kept")
  func exact() async throws {
    let server = LoopbackServer(
      .answer("HTTP/1.1 201 Made\r\nX-A: 1\r\nx-a: 2\r\ncontent-length: 2\r\n\r\nok"))
    defer { server.stop() }
    let target = #"/a%2Fb|c"d?x=%zz&y[]=1\"#
    try await forwarding(to: "http://127.0.0.1:\(server.port)") { forwarder, results in
      let headers: Headers = [
        .init("X-B", "1"), .init("x-a", "é"), .init("X-B", "2"), .init("hooktop-target", "/evil"),
      ]
      for _ in 1...2 {
        forwarder.forward(delivery(Array("{\"ü\":1}".utf8), target: target, headers: headers), results.add)
      }
      try await results.wait(for: 2)
      let due =
        "POST \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nX-B: 1\r\nx-a: é\r\nX-B: 2\r\n"
        + "hooktop-target: /evil\r\nContent-Length: 8\r\n\r\n{\"ü\":1}"
      #expect(server.requests == [due, due])
      let exchange = try #require(results.all.first)
      #expect(exchange.url == "http://127.0.0.1:\(server.port)" + target)
      #expect(exchange.failure == nil && exchange.purpose == .forward)
      let headersDue: Headers = [.init("X-A", "1"), .init("x-a", "2"), .init("content-length", "2")]
      #expect(exchange.response == .init(status: 201, headers: headersDue, body: Array("ok".utf8)))
      let times = exchange.milliseconds
      #expect(
        times.connect ?? .infinity <= times.firstByte ?? 0 && times.firstByte ?? .infinity <= times.total)
    }
  }

  @Test("what is not UTF-8 in the target and the fields goes byte by byte, as does what is")
  func bytes() async throws {
    let server = LoopbackServer()
    defer { server.stop() }
    let rest = Array(UInt8(0x80)...0xFF)
    let request = Request(
      target: ByteString(Array("/é?".utf8) + rest),
      headers: [.init("X-A", ByteString(rest)), .init("X-B", "é漢")], body: rest)
    let app = try #require(AppURL("http://127.0.0.1:\(server.port)"))
    let client = AppClient(connections: 1)
    defer { client.close() }
    for _ in 1...2 {
      let exchange = await client.exchange(AppRequest(request, to: app), for: .replay, at: .now(), within: 20)
      #expect(exchange.status == 200)
    }
    let due =
      Data("POST /é?".utf8) + rest + Data(" HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nX-A: ".utf8) + rest
      + Data("\r\nX-B: é漢\r\nContent-Length: 128\r\n\r\n".utf8) + rest
    #expect(server.bytes.map { Array($0) } == [due, due])
  }

  @Test(
    "a field that would end the head, or the line, is not sent", arguments: ["a\r\nX-C: 1", "a\nb", "a\0"])
  func unsendable(value: String) async throws {
    let server = LoopbackServer()
    defer { server.stop() }
    let app = try #require(AppURL(server.url))
    let client = AppClient(connections: 1)
    defer { client.close() }
    let request = Request(headers: [.init("X-A", value)], body: [1])
    let exchange = await client.exchange(AppRequest(request, to: app), for: .replay, at: .now(), within: 20)
    #expect(exchange.failure == .notHTTP && server.requests.isEmpty)
  }

  @Test("no more of a body is kept than the limit, and all of it is counted")
  func large() async throws {
    let size = 1 << 20
    let server = LoopbackServer(
      .answer("HTTP/1.1 200 OK\r\ncontent-length: \(size)\r\n\r\n" + String(repeating: "x", count: size)))
    defer { server.stop() }
    try await forwarding(to: server.url) { forwarder, results in
      forwarder.forward(delivery(), results.add)
      try await results.wait(for: 1)
      let response = try #require(results.all[0].response)
      #expect(response.body.count == Exchange.Response.bodyLimit && response.bodySize == size)
      #expect(results.all[0].failure == nil)
    }
  }

  @Test("a redirect is the app's answer, and is not followed")
  func redirect() async throws {
    let server = LoopbackServer(.answer("HTTP/1.1 307 X\r\nlocation: /there\r\ncontent-length: 0\r\n\r\n"))
    defer { server.stop() }
    try await forwarding(to: server.url) { forwarder, results in
      forwarder.forward(delivery(), results.add)
      try await results.wait(for: 1)
      #expect(results.all[0].status == 307 && server.requests.count == 1)
    }
  }

  @Test(
    "each way to fail has its word, and what had come is kept",
    arguments: [
      ("nothing listens", nil, .refused, nil), ("no such host", nil, .unreachable, nil),
      ("not tls", .blurt("HTTP/1.1 400 X\r\n\r\n"), .tls, nil), ("hang up", .hangUp, .reset, nil),
      ("silence", .silence, .timeout, nil),
      ("garbage", .answer("garbage\r\n\r\n"), .notHTTP, nil),
      (
        "cut off", .steps([.send(Array("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf".utf8)), .close]),
        .reset,
        .init(status: 200, headers: [.init("content-length", "9")], body: Array("half".utf8))
      ),
      (
        "a body that stops", .answer("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"), .timeout,
        .init(status: 200, headers: [.init("content-length", "9")], body: Array("half".utf8))
      ),
      (
        "a head of 65 KiB",
        .answer("HTTP/1.1 200 OK\r\na: \(String(repeating: "x", count: 65 << 10))\r\n\r\n"),
        .tooLarge, nil
      ),
      (
        "a head of 1 MiB", .answer("HTTP/1.1 200 OK\r\na: \(String(repeating: "x", count: 1 << 20))\r\n\r\n"),
        .tooLarge, nil
      ),
    ] as [(String, LoopbackServer.Behaviour?, Exchange.Failure, Exchange.Response?)])
  func failures(
    name: String, behaviour: LoopbackServer.Behaviour?, due: Exchange.Failure, response: Exchange.Response?
  ) async throws {
    let server = LoopbackServer(behaviour ?? LoopbackServer.ok)
    defer { server.stop() }
    if name == "nothing listens" { server.stop() }
    let url =
      switch name {
      case "no such host": "http://no-such-host.invalid/"
      case "not tls": "https://127.0.0.1:\(server.port)"
      default: server.url
      }
    try await forwarding(to: url, timeout: due == .timeout ? 0.5 : 20) { forwarder, results in
      forwarder.forward(delivery(), results.add)
      try await results.wait(for: 1)
      #expect(results.all[0].failure == due)
      #expect(results.all[0].response == response)
    }
  }

  @Test(
    "whatever a server answers, an exchange ends once, with a status or a failure",
    arguments: HostileServer.all)
  func hostile(server: HostileServer) async throws {
    let loopback = LoopbackServer(.steps(server.steps))
    defer { loopback.stop() }
    try await forwarding(to: loopback.url, timeout: 1) { forwarder, results in
      for _ in 1...2 { forwarder.forward(delivery(), results.add) }
      try await results.wait(for: 2)
      for exchange in results.all {
        #expect(exchange.failure != nil || exchange.response != nil)
        #expect(exchange.response?.body.count ?? 0 <= Exchange.Response.bodyLimit)
      }
    }
  }
}

@Suite("What waits for an app", .timeLimit(.minutes(1)))
struct AppQueueTests {
  @Test("so many run at once, so many wait, and the rest is turned away at once")
  func bounds() async throws {
    let server = LoopbackServer(.silence)
    defer { server.stop() }
    let limits = AppQueue.Limits(running: 2, waiting: 3)
    try await forwarding(to: server.url, timeout: 1, limits: limits) { forwarder, results in
      for _ in 0..<10 { forwarder.forward(delivery(), results.add) }
      try await results.wait(for: 5)
      #expect(results.all.prefix(5).allSatisfy { $0.failure == .queueFull })
      try await results.wait(for: 10)
      #expect(results.all.suffix(5).allSatisfy { $0.failure == .timeout })
      // Those that waited were given up in time, and never sent.
      #expect(server.requests.count == 2)
    }
  }

  @Test("large bodies fill the queue by their size")
  func bytes() async throws {
    let server = LoopbackServer(.silence)
    defer { server.stop() }
    let limits = AppQueue.Limits(running: 1, waiting: 100, waitingBytes: 250)
    try await forwarding(to: server.url, timeout: 1, limits: limits) { forwarder, results in
      for _ in 0..<4 { forwarder.forward(delivery([UInt8](repeating: 0x20, count: 100)), results.add) }
      try await results.wait(for: 1)
      #expect(results.all.map(\.failure) == [.queueFull])
      try await results.wait(for: 4)
    }
  }

  @Test("what waits is sent in order, as soon as there is room")
  func order() async throws {
    let server = LoopbackServer()
    defer { server.stop() }
    try await forwarding(to: server.url, limits: .init(running: 1)) { forwarder, results in
      for number in 0..<20 { forwarder.forward(delivery(Array("\(number)".utf8)), results.add) }
      try await results.wait(for: 20)
      #expect(results.all.allSatisfy { $0.status == 200 })
      #expect(server.requests.map { $0.components(separatedBy: "\r\n\r\n").last } == (0..<20).map { "\($0)" })
    }
  }

  @Test("the wait for its turn is a part of what an exchange took, since the sender waited as long")
  func timeOfWaiting() async throws {
    let server = LoopbackServer(.silence)
    defer { server.stop() }
    try await forwarding(to: server.url, timeout: 0.5, limits: .init(running: 1)) { forwarder, results in
      forwarder.forward(delivery(), results.add)
      try await Task.sleep(for: .milliseconds(300))
      // Its turn comes when the first is given up, and 0.3 s are left then.
      forwarder.forward(delivery(), results.add)
      try await results.wait(for: 2)
      let second = results.all[1]
      #expect(server.requests.count == 2 && second.failure == .timeout)
      #expect(second.milliseconds.total >= 500 && second.milliseconds.connect ?? 0 >= 150)
    }
  }

  @Test("an app that hangs takes no place of another one on the same host and port")
  func sharedHost() async throws {
    let server = LoopbackServer(.silence)
    defer { server.stop() }
    let rules = try [Provider.parlay, .parable].map { provider in
      Forwarder.Rule(
        provider: provider, url: try #require(AppURL("http://127.0.0.1:\(server.port)/\(provider.name)")))
    }
    let forwarder = Forwarder(rules, filter: nil, timeout: 20, limits: .init(running: 2))
    defer { forwarder.close() }
    let results = Results()
    for provider in [Provider.parlay, .parlay, .parlay, .parable, .parable] {
      forwarder.forward(delivery(provider: provider), results.add)
    }
    while server.requests.count < 4 { try await Task.sleep(for: .milliseconds(2)) }
    #expect(server.requests.count { $0.hasPrefix("POST /parable ") } == 2)
    #expect(server.requests.count == 4)
  }

  @Test("a wait that has ended holds no timer any more", arguments: [true, false])
  func timer(isSetBefore: Bool) throws {
    final class Token: Sendable {}
    let loop = EmbeddedEventLoop()
    let app = try #require(AppURL("http://a"))
    let wait = Wait(
      PendingExchange(
        request: AppRequest(Request(headers: [], body: []), to: app), purpose: .forward, time: .now(),
        limit: .seconds(30)
      ) { _, _ in })
    weak var held: Token?
    do {
      let token = Token()
      held = token
      let timer = loop.scheduleTask(in: .seconds(30)) { withExtendedLifetime(token) {} }
      if isSetBefore { wait.end(with: timer) }
      #expect(wait.end() != nil)
      if !isSetBefore { wait.end(with: timer) }
    }
    #expect(held == nil && wait.end() == nil)
  }

  @Test("stopping ends what runs and what waits as cancelled, and takes nothing more")
  func stop() async throws {
    let server = LoopbackServer(.silence)
    defer { server.stop() }
    let rule = Forwarder.Rule(provider: nil, url: try #require(AppURL(server.url)))
    let forwarder = Forwarder([rule], filter: nil, timeout: 30, limits: .init(running: 1))
    let results = Results()
    for _ in 0..<3 { forwarder.forward(delivery(), results.add) }
    while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
    forwarder.close()
    forwarder.forward(delivery(), results.add)
    #expect(results.all.map(\.failure) == [.cancelled, .cancelled, .cancelled, .cancelled])
  }
}

@Suite("Which deliveries go on")
struct ForwarderRuleTests {
  @Test(
    "a provider's own app comes first, then that for all; the filter leaves out",
    arguments: [
      (["parlay=http://a", "http://b"], nil, .parlay, true), (["parlay=http://a"], nil, .parable, false),
      (["http://b"], nil, nil, true), (["http://b"], "sig:failed", .parlay, false),
      (["http://b"], "sig:ok", .parlay, true),
    ] as [([String], String?, Provider?, Bool)])
  func takes(rules: [String], filter: String?, provider: Provider?, due: Bool) async throws {
    let rules = try rules.map { text in
      let hasName = text.hasPrefix("parlay=")
      return Forwarder.Rule(
        provider: hasName ? .parlay : nil, url: try #require(AppURL(String(text.dropFirst(hasName ? 7 : 0)))))
    }
    let forwarder = Forwarder(
      rules, filter: try filter.map { try Filter($0, providers: .documented, zone: .utc) })
    #expect(forwarder.takes(delivery(provider: provider)) == due)
    forwarder.close()
  }
}
