import JSON
import Receiver
import Sender
import Synchronization
import Testing
import Webhooks

@testable import Sandbox

/// The sandbox over real HTTP: its server, and the posting of its deliveries.
@Suite(.timeLimit(.minutes(1)))
struct ServerTests {
  /// A sandbox on a free port, ended with the test.
  private func withSandbox(
    timeScale: Double = 3600, largestCall: Int = 1 << 20, journal: Lines? = nil,
    _ body: (Peer) async throws -> Void
  ) async throws {
    var rules = SandboxRules(seed: 1)
    (rules.rate, rules.timeScale, rules.limits.call) = (0, timeScale, largestCall)
    let news = News()
    let server = try SandboxServer.start(
      host: "127.0.0.1", port: 0, rules: rules, journal: journal, tell: { news.add($0) })
    defer { server.stop() }
    try await body(Peer(server, news))
  }

  @Test("an event goes from a call to the app, and what became of it is told, without a secret")
  func delivery() async throws {
    let app = try Receiving(answers: [500, 200])
    defer { app.stop() }
    try await withSandbox { peer in
      let made = try await peer.register(app)
      let secret = try #require(made.text("signing_secret"))
      let happened = try await peer.call("POST", "/v1/events", #"{"event":"analysis.completed"}"#)
      #expect(happened.status == 202)
      let requests = try await app.requests(2)
      let verifier = Verifier(
        keyring: Keyring([try SigningSecret(secret, label: "parlay", provider: .parlay)]))
      for request in requests {
        #expect(verifier.verify(request, provider: .parlay, at: .now()).status == .valid)
        #expect(request.method == "POST" && request.target == "/hook?x=1")
      }
      let lines = try await peer.news.lines { $0.contains(#""status":200"#) && $0.contains("delivery") }
      #expect(!lines.joined().contains(secret) && !lines.joined().contains(peer.key))
      #expect(lines.contains { $0.contains(#""kind":"call""#) && $0.contains("/v1/events") })
    }
  }

  @Test("a body that is too large is 413 in words")
  func tooLarge() async throws {
    try await withSandbox(largestCall: 1000) { peer in
      let large = String(repeating: " ", count: 1000) + "{}"
      let answer = try await peer.call("POST", "/v1/webhooks", large)
      #expect(answer.error == "413 payload_too_large null")
      let after = try await peer.call("GET", "/v1/webhooks")
      #expect(after.status == 200)
    }
  }

  @Test("calls are answered by method, path, key and type over HTTP as in the core")
  func errors() async throws {
    try await withSandbox { peer in
      var errors: [String] = []
      errors.append(try await peer.call("PUT", "/v1/webhooks").error)
      errors.append(try await peer.call("GET", "/nothing").error)
      errors.append(try await peer.call("GET", "/v1/webhooks", key: "x").error)
      errors.append(try await peer.call("POST", "/v1/webhooks", "{}", type: "text/plain").error)
      errors.append(try await peer.call("POST", "/v1/webhooks", "{").error)
      #expect(
        errors == [
          "405 method_not_allowed null", "404 not_found null", "401 unauthorized null",
          "415 unsupported_media_type Content-Type", "422 invalid_json null",
        ])
    }
  }

  @Test("what the end of the sandbox breaks off has not failed")
  func stopped() async throws {
    let app = try Receiving(answers: [0])
    defer { app.stop() }
    let journal = Lines()
    try await withSandbox(journal: journal) { peer in
      _ = try await peer.register(app)
      _ = try await peer.call("POST", "/v1/events", #"{"event":"analysis.completed"}"#)
      _ = try await app.requests(1)
    }
    let lines = journal.all.map { String(decoding: $0, as: UTF8.self) }
    #expect(lines.last?.contains("deliveries") == true && !lines.contains { $0.contains("failed") })
  }

  @Test("no attempt is lost or repeated where many webhooks get many events")
  func many() async throws {
    let app = try Receiving(answers: [])
    defer { app.stop() }
    try await withSandbox { peer in
      for _ in 0..<20 { _ = try await peer.register(app) }
      for _ in 0..<50 {
        _ = try await peer.call("POST", "/v1/events", #"{"event":"analysis.completed"}"#)
      }
      let requests = try await app.requests(1000)
      let ids = requests.map { $0.headers.first("X-Parlay-Delivery")?.text ?? "" }
      #expect(Set(ids).count == 1000)
      _ = try await peer.call("GET", "/v1/webhooks")
      #expect(app.count == 1000)
    }
  }

  @Test("what can't be read is refused at the start, and nothing of it is lost")
  func unreadable() throws {
    let journal = Lines()
    #expect(throws: SandboxError.unreadableState(line: 2)) {
      try SandboxServer.start(
        host: "127.0.0.1", port: 0, rules: SandboxRules(seed: 1),
        restoring: [Array(#"{"changes":[]}"#.utf8), Array("else".utf8)], journal: journal, tell: { _ in })
    }
    #expect(journal.all.isEmpty)
  }
}

/// A client of a sandbox.
private struct Peer {
  let news: News
  let key: String
  private let address: String

  init(_ server: SandboxServer, _ news: News) {
    self.news = news
    key = server.apiKey
    address = server.address
  }

  func call(
    _ method: String, _ target: String, _ json: String = "", key: String? = nil,
    type: String = "application/json"
  ) async throws -> Response {
    var headers: Headers = [.init("Authorization", "Bearer \(key ?? self.key)")]
    if !json.isEmpty { headers.append(.init("Content-Type", type)) }
    let request = Request(
      method: method, target: ByteString(target), headers: headers, body: Array(json.utf8))
    let exchange = await AppSender().send(request, to: try #require(AppURL(address)), for: .check)
    let response = try #require(exchange.response, "\(String(describing: exchange.failure))")
    return Response(response.status, body: response.body)
  }

  func register(_ app: Receiving) async throws -> Response {
    let made = try await call(
      "POST", "/v1/webhooks", #"{"url":"\#(app.url)","enabled_events":["analysis.completed"]}"#)
    #expect(made.status == 201)
    return made
  }
}

/// What a sandbox has told, as lines.
private final class News: Sendable {
  private let all = Mutex<[String]>([])

  func add(_ news: SandboxNews) {
    all.withLock { $0.append(String(decoding: news.json, as: UTF8.self)) }
  }

  /// All lines, once there is one that fits.
  func lines(_ fits: (String) -> Bool) async throws -> [String] {
    while true {
      let lines = all.withLock { $0 }
      if lines.contains(where: fits) { return lines }
      try await Task.sleep(for: .milliseconds(5))
    }
  }
}

/// An app that receives: it answers with one status after the other, and then with 200; with 0 it hangs.
private final class Receiving: HTTPService {
  private let state: Mutex<(requests: [Request], answers: ArraySlice<Int>)>
  private let server = Mutex<HTTPServer?>(nil)

  init(answers: [Int]) throws {
    state = Mutex(([], answers[...]))
    let started = try HTTPServer.start(.init(port: 0), service: self)
    server.withLock { $0 = started }
  }

  var url: String { server.withLock { ($0?.address ?? "") + "/hook?x=1" } }
  var count: Int { state.withLock { $0.requests.count } }

  func stop() { server.withLock { _ = $0?.stop() } }

  /// The requests so far, once there are so many.
  func requests(_ count: Int) async throws -> [Request] {
    while true {
      let requests = state.withLock { $0.requests }
      if requests.count >= count { return requests }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  func plan(for request: IncomingRequest, at arrival: Moment) -> AnswerPlan {
    let request = request.joined()
    return state.withLock { state in
      state.requests.append(request)
      let status = state.answers.popFirst() ?? 200
      return status == 0 ? .later(nil, after: .seconds(60)) : .now(Response(status))
    }
  }

  func report(_ reason: Incident.Reason, _ detail: String, peer: String, status: Int?) {}
}
