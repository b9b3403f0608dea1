import Foundation
import JSON
import Testing
import Diagnosis
import Webhooks

@testable import Sender

@Suite(.timeLimit(.minutes(1))) struct PosterTests {
  /// The lines of a recorded request's head.
  private func head(_ request: String) -> [String] {
    let end = request.range(of: "\r\n\r\n")!
    return request[..<end.lowerBound].components(separatedBy: "\r\n")
  }

  private func body(_ request: String) -> String {
    String(request[request.range(of: "\r\n\r\n")!.upperBound...])
  }

  private func post(_ delivery: OutgoingDelivery, to server: LoopbackServer) async throws -> PostAnswer {
    try await Poster.open { poster in await poster.report(1, delivery, to: server.url).result }.get()
  }

  private func failure(_ delivery: OutgoingDelivery, to url: String, timeouts: PostTimeouts = PostTimeouts())
    async -> PostError?
  {
    await Poster.open(timeouts: timeouts) { poster in
      do throws(PostError) {
        _ = try await poster.post(delivery, to: url)
        return nil
      } catch {
        return error
      }
    }
  }

  @Test("body and header fields arrive as they are, in their order", arguments: SampleCatalogue.kinds)
  func exact(kind: SampleKind) async throws {
    let server = LoopbackServer()
    defer { server.stop() }
    let delivery = Support.delivery(kind.event)
    let answer = try await post(delivery, to: server)
    #expect(answer.status == 200)
    #expect(answer.milliseconds > 0)
    let request = try #require(server.requests.first)
    let lines = head(request)
    #expect(lines.first == "POST /hooks?x=1 HTTP/1.1")
    let own = delivery.headers.map { "\($0.name): \($0.value)" }
    let length = "Content-Length: \(delivery.body.count)"
    #expect(Array(lines.dropFirst()) == ["Host: 127.0.0.1:\(server.port)"] + own + [length])
    #expect(Array(body(request).utf8) == delivery.body)
  }

  @Test("no more than 8 KiB of an answer is kept")
  func answerKept() async throws {
    let text = String(repeating: "x", count: 10_000)
    let server = LoopbackServer(.answer("HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n\(text)"))
    defer { server.stop() }
    let answer = try await post(Support.delivery("webhook.test"), to: server)
    #expect(answer.status == 200 && answer.body.count == 8192)
  }

  @Test(
    "a header that stands twice, or empty, is sent that way", arguments: ["header-repeated", "header-empty"])
  func odd(name: String) async throws {
    let server = LoopbackServer()
    defer { server.stop() }
    let signer = SampleSigner(Support.parlay)
    let broken = try #require(
      Breakage.named(name)?.applied(to: Support.delivery("webhook.test"), signer: signer, at: Support.now))
    _ = try await post(broken, to: server)
    let lines = head(try #require(server.requests.first)).filter { $0.hasPrefix("X-Parlay-Signature:") }
    let values = lines.map { $0.dropFirst(19).trimmingCharacters(in: .whitespaces) }
    #expect(values == broken.headers.all("X-Parlay-Signature").map(\.text))
    #expect(values.count == (name == "header-repeated" ? 2 : 1))
  }

  @Test("fields that belong to an earlier connection are left out")
  func framing() async throws {
    let server = LoopbackServer()
    defer { server.stop() }
    let fields = [
      ("Host", "old.example"), ("Content-Length", "7"), ("transfer-encoding", "chunked"), ("X-Kept", "1"),
    ]
    let delivery = OutgoingDelivery(
      label: "", headers: Headers(fields.map { Headers.Field($0.0, $0.1) }), body: Array("12345".utf8))
    _ = try await post(delivery, to: server)
    let request = try #require(server.requests.first)
    let lines = head(request).dropFirst().map { $0.lowercased() }.sorted()
    #expect(lines == ["content-length: 5", "host: 127.0.0.1:\(server.port)", "x-kept: 1"])
    #expect(body(request) == "12345")
  }

  @Test("one connection serves all deliveries that follow one another")
  func keepAlive() async {
    let server = LoopbackServer()
    defer { server.stop() }
    let tally = await Poster.open { poster in
      await Volley(count: 20, concurrency: 1).run(to: server.url, through: poster) { _ in
        Support.delivery("webhook.test")
      }
    }
    #expect(tally.accepted == 20)
    #expect(server.connectionCount == 1)
  }

  @Test("a status is an answer, and a redirection is not followed", arguments: [301, 401, 503])
  func status(status: Int) async throws {
    let server = LoopbackServer(
      .answer("HTTP/1.1 \(status) X\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"))
    defer { server.stop() }
    #expect(try await post(Support.delivery("webhook.test"), to: server).status == status)
    #expect(server.requests.count == 1)
  }

  @Test("where nothing listens, the error says so at once", arguments: ["127.0.0.1", "localhost"])
  func refused(host: String) async {
    let server = LoopbackServer()
    let port = server.port
    server.stop()
    let url = "http://\(host):\(port)/"
    let start = ContinuousClock.now
    var error = await failure(Support.delivery("webhook.test"), to: url)
    // The listener closes on its own thread, so a connection that was taken before that is cut, not refused.
    while error != .nothingListens(url: url), start.duration(to: .now) < .seconds(10) {
      error = await failure(Support.delivery("webhook.test"), to: url)
    }
    #expect(error == .nothingListens(url: url))
  }

  @Test("a connection that is closed instead of an answer is an error of its own")
  func hangUp() async {
    let server = LoopbackServer(.hangUp)
    defer { server.stop() }
    let error = await failure(Support.delivery("webhook.test"), to: server.url)
    #expect(error == .closedEarly(url: server.url))
  }

  @Test("a receiver that never answers is given up after the time-out")
  func silence() async {
    let server = LoopbackServer(.silence)
    defer { server.stop() }
    let timeouts = PostTimeouts(connect: 1, answer: 1)
    let error = await failure(Support.delivery("webhook.test"), to: server.url, timeouts: timeouts)
    #expect(error == .answerTimedOut(url: server.url, seconds: 1))
  }

  @Test("the status counts where the rest of the answer never comes")
  func unfinishedAnswer() async throws {
    let server = LoopbackServer(.answer("HTTP/1.1 202 Accepted\r\ncontent-length: 9\r\n\r\nhalf"))
    defer { server.stop() }
    let answer = await Poster.open(timeouts: PostTimeouts(connect: 1, answer: 1)) { poster in
      await poster.report(1, Support.delivery("webhook.test"), to: server.url).result
    }
    #expect(try answer.get().status == 202)
  }

  @Test("an answer that is not HTTP is an error")
  func notHTTP() async {
    let server = LoopbackServer(.answer("SSH-2.0-OpenSSH_9.6\r\n\r\n"))
    defer { server.stop() }
    let error = await failure(Support.delivery("webhook.test"), to: server.url)
    #expect(error == .other(url: server.url, detail: "the answer is not HTTP"))
  }

  @Test(
    "what is not a web address is refused before anything is sent",
    arguments: [
      "", "localhost:4747", "ftp://example.com/", "http://", "https:///x", "http+unix://%2Ftmp/x",
      "http://127.0.0.1:65536", "https://[::1]:99999/x", "http://user:word@127.0.0.1:99999",
    ])
  func notAURL(url: String) async {
    #expect(await failure(Support.delivery("webhook.test"), to: url) == .notAURL(url))
  }

  @Test(
    "what can't stand in a URL is escaped, and a fragment is not sent",
    arguments: [
      ("", "/"), ("?a=b c", "/?a=b%20c"), ("/é/\u{1}?x=\"ü\"", "/%C3%A9/%01?x=\"%C3%BC\""),
      ("/a%2Fb#c", "/a%2Fb"),
    ])
  func target(path: String, due: String) async {
    let server = LoopbackServer()
    defer { server.stop() }
    #expect(
      await failure(Support.delivery("webhook.test"), to: "http://127.0.0.1:\(server.port)\(path)") == nil)
    #expect(server.requests.first?.hasPrefix("POST \(due) HTTP/1.1\r\n") == true)
  }

  @Test("an answer without an end is left once it is longer than any")
  func endless() async {
    let server = LoopbackServer(
      .steps([.send(Array("HTTP/1.1 200 OK\r\n\r\n".utf8)), .endless([UInt8](repeating: 0x78, count: 65536))])
    )
    defer { server.stop() }
    // Waiting for the time-out would take longer than this suite may.
    let timeouts = PostTimeouts(connect: 5, answer: 600)
    #expect(await failure(Support.delivery("webhook.test"), to: server.url, timeouts: timeouts) == nil)
  }

  @Test("a host without an address is named as such")
  func unknownHost() async {
    let url = "http://no-such-host.invalid/"
    #expect(await failure(Support.delivery("webhook.test"), to: url) == .unknownHost(url: url))
  }

  @Test("a header that HTTP can't carry is refused", arguments: [("X Y", "v"), ("X-Y", "a\r\nEvil: 1")])
  func unsendable(name: String, value: String) async {
    let server = LoopbackServer()
    defer { server.stop() }
    let delivery = OutgoingDelivery(label: "", headers: Headers([Headers.Field(name, value)]), body: [])
    let error = await failure(delivery, to: server.url)
    guard case .unsendableHeader = error else {
      Issue.record("got \(String(describing: error))")
      return
    }
    #expect(server.requests.isEmpty)
  }

  @Test("https to a port that does not speak TLS is not trusted")
  func plainTextForTLS() async {
    let server = LoopbackServer(.blurt("HTTP/1.1 200 OK\r\n\r\n"))
    defer { server.stop() }
    let error = await failure(Support.delivery("webhook.test"), to: "https://127.0.0.1:\(server.port)/")
    guard case .untrusted = error else {
      Issue.record("got \(String(describing: error))")
      return
    }
  }

  @Test("a certificate that nobody signed is not trusted", arguments: ["127.0.0.1", "localhost"])
  func selfSigned(host: String) async throws {
    let server = try SelfSignedServer()
    defer { server.stop() }
    let error = await failure(Support.delivery("webhook.test"), to: "https://\(host):\(server.port)/")
    guard case .untrusted = error else {
      Issue.record("got \(String(describing: error))")
      return
    }
  }

  @Test("a certificate that is given is trusted at its names, and no other one is")
  func trusting() async throws {
    let (server, other) = (try SelfSignedServer(), try SelfSignedServer())
    defer {
      server.stop()
      other.stop()
    }
    let certificate = try server.certificate
    func result(_ url: String, trusting certificate: [UInt8]) async -> Result<PostAnswer, PostError> {
      await Poster.open(timeouts: PostTimeouts(connect: 10, answer: 1), trusting: certificate) { poster in
        await poster.report(1, Support.delivery("webhook.test"), to: url).result
      }
    }
    for host in ["127.0.0.1", "localhost"] {
      // The server shakes hands, and answers no POST.
      let url = "https://\(host):\(server.port)/"
      guard case .failure(.answerTimedOut) = await result(url, trusting: certificate) else {
        Issue.record("\(url) is not trusted")
        return
      }
    }
    for (port, trusted) in [(other.port, certificate), (server.port, []), (server.port, [1, 2, 3])] {
      let url = "https://127.0.0.1:\(port)/"
      guard case .failure(.untrusted) = await result(url, trusting: trusted) else {
        Issue.record("\(url) is trusted")
        return
      }
    }
  }

  @Test("a cancelled task stops waiting for its answer")
  func cancellation() async throws {
    let server = LoopbackServer(.silence)
    defer { server.stop() }
    let task = Task { await failure(Support.delivery("webhook.test"), to: server.url) }
    while server.requests.isEmpty { await Task.yield() }
    task.cancel()
    #expect(await task.value == .cancelled)
  }
}
