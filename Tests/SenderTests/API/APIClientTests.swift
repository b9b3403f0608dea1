import Foundation
import Synchronization
import Testing
import Webhooks

@testable import Sender

/// What a provider's API is asked, and what becomes of its answers; the waiting is recorded and not done.
@Suite(.timeLimit(.minutes(1))) struct APIClientTests {
  private static let key = "pk_sandbox_tests0123456789"
  private static let id = APIID("wh_2k4xJzaB".utf8)!

  /// What a call came to, and the pauses that were made for it.
  private struct Result {
    var answer: Swift.Result<APIResponse, APIError>
    var pauses: [Double] = []
    var retries: [APIRetry] = []
    /// Whether the API may have carried it out, before and after each attempt.
    var reached: [Bool] = []

    var error: APIError? { if case .failure(let error) = answer { error } else { nil } }
  }

  private func perform(
    _ call: APICall, at url: String, patience: APIClient.Patience = .init(),
    sleep: @escaping APIClient.Sleep = { _ in }
  ) async throws -> Result {
    let access = try APIAccess(url: url, key: Array(Self.key.utf8))
    let pauses = Mutex<[Double]>([])
    let made = await APIClient.open(
      patience: patience,
      sleep: { seconds in
        pauses.withLock { $0.append(seconds) }
        try await sleep(seconds)
      }
    ) { client in
      var retries: [APIRetry] = []
      var reached: [Bool] = []
      do throws(APIError) {
        let response = try await client.perform(
          call, at: access, retrying: { retries.append($0) }, reaching: { reached.append($0) })
        return Result(answer: .success(response), retries: retries, reached: reached)
      } catch {
        return Result(answer: .failure(error), retries: retries, reached: reached)
      }
    }
    return Result(
      answer: made.answer, pauses: pauses.withLock { $0 }, retries: made.retries, reached: made.reached)
  }

  private func perform(
    _ call: APICall, on server: LoopbackServer, sleep: @escaping APIClient.Sleep = { _ in }
  ) async throws -> Result {
    try await perform(call, at: "http://127.0.0.1:\(server.port)", sleep: sleep)
  }

  private static func answer(_ status: Int, _ body: String = "{}", fields: String = "") -> String {
    "HTTP/1.1 \(status) X\r\ncontent-length: \(body.utf8.count)\r\n\(fields)\r\n\(body)"
  }

  private func field(_ name: String, of request: String) -> String? {
    request.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix("\(name): ") }
      .map { String($0.dropFirst(name.count + 2)) }
  }

  @Test(
    "each call has the documented method, path and body",
    arguments: [
      (.listWebhooks, "GET /v1/webhooks", ""), (.showWebhook(Self.id), "GET /v1/webhooks/wh_2k4xJzaB", ""),
      (.deleteWebhook(Self.id), "DELETE /v1/webhooks/wh_2k4xJzaB", ""),
      (
        .registerWebhook(url: "https://x.test/\"", name: "né", events: ["analysis.completed", "b"]),
        "POST /v1/webhooks",
        #"{"url":"https://x.test/\"","name":"né","enabled_events":["analysis.completed","b"]}"#
      ),
      (.testWebhook(Self.id), "POST /v1/webhooks/wh_2k4xJzaB/test", ""),
      (.rotateWebhook(Self.id), "POST /v1/webhooks/wh_2k4xJzaB/rotate", ""),
      (.pauseWebhook(Self.id, true), "PATCH /v1/webhooks/wh_2k4xJzaB", #"{"paused":true}"#),
      (.pauseWebhook(Self.id, false), "PATCH /v1/webhooks/wh_2k4xJzaB", #"{"paused":false}"#),
      (
        .sendAgain(
          Array(#"{"id":"evt_1","event":"a\u002e","livemode":true,"data":{"n":1.0, "x":"é"}}"#.utf8),
          of: .parlay)!,
        "POST /v1/events", #"{"event":"a.","data":{"n":1.0, "x":"é"},"livemode":true}"#
      ),
      (
        .sendAgain(Array(#"{"event":"b","data":{}}"#.utf8), of: .parable)!, "POST /v1/events",
        #"{"event":"b","data":{}}"#
      ),
      (.listCaptures(after: nil), "GET /api/v1/captures", ""),
      (.listCaptures(after: "a b&c/é"), "GET /api/v1/captures?cursor=a%20b%26c%2F%C3%A9", ""),
      (.showCapture(Self.id), "GET /api/v1/captures/wh_2k4xJzaB", ""),
    ] as [(APICall, String, String)])
  func calls(call: APICall, line: String, body: String) async throws {
    let server = LoopbackServer(.answer(Self.answer(200)))
    defer { server.stop() }
    #expect(try await perform(call, on: server).error == nil)
    let request = try #require(server.requests.first)
    #expect(request.hasPrefix("\(line) HTTP/1.1\r\n"), "\(request)")
    #expect(request.hasSuffix("\r\n\r\n\(body)"), "\(request)")
    #expect(field("authorization", of: request) == "Bearer \(Self.key)")
    #expect((field("content-type", of: request) == "application/json") == !body.isEmpty)
    let key = try #require(field("idempotency-key", of: request))
    #expect(UUID(uuidString: key) != nil)
  }

  @Test(
    "what names no event, or holds no data, can't be sent again",
    arguments: ["", "{}", #"{"event":1,"data":{}}"#])
  func notSentAgain(body: String) { #expect(APICall.sendAgain(Array(body.utf8), of: .parlay) == nil) }

  @Test("a base address with a path keeps it")
  func basePath() async throws {
    let server = LoopbackServer(.answer(Self.answer(200)))
    defer { server.stop() }
    _ = try await perform(.listWebhooks, at: "http://127.0.0.1:\(server.port)/base/")
    #expect(server.requests[0].hasPrefix("GET /base/v1/webhooks HTTP"))
  }

  @Test(
    "what may pass is tried three times more with one Idempotency-Key", arguments: [429, 500, 503])
  func retries(status: Int) async throws {
    let server = LoopbackServer(.answer(Self.answer(status, #"{"error":{"message":"busy"}}"#)))
    defer { server.stop() }
    let result = try await perform(.rotateWebhook(Self.id), on: server)
    #expect(result.pauses == [0.5, 1, 2])
    #expect(
      result.retries.map(\.words) == [
        "answered \(status); trying again in 0.5 s (1 of 3)",
        "answered \(status); trying again in 1 s (2 of 3)",
        "answered \(status); trying again in 2 s (3 of 3)",
      ])
    let keys = server.requests.map { field("idempotency-key", of: $0) }
    #expect(keys.count == 4 && Set(keys).count == 1 && keys[0] != nil)
    #expect(result.error?.description.hasPrefix("Parlay's API answered \(status): busy") == true)
  }

  @Test("whether the API may have carried a call out is known from what has come of its attempts")
  func reached() async throws {
    let busy = LoopbackServer(.answers([Self.answer(429), Self.answer(503), Self.answer(429)]))
    defer { busy.stop() }
    let mixed = try await perform(.rotateWebhook(Self.id), on: busy)
    #expect(mixed.reached.prefix(6) == [true, false, true, true, true, true])
    let refused = try await perform(.rotateWebhook(Self.id), at: "http://127.0.0.1:1")
    #expect(refused.reached == [true, false, true, false, true, false, true, false])
    let broken = LoopbackServer(.hangUp)
    defer { broken.stop() }
    let result = try await perform(.rotateWebhook(Self.id), on: broken)
    #expect(result.reached == Array(repeating: true, count: 8))
  }

  @Test("it stops as soon as an answer comes, and another call has another key")
  func recovery() async throws {
    let server = LoopbackServer(.answers([Self.answer(503), Self.answer(202, "")]))
    defer { server.stop() }
    let result = try await perform(.testWebhook(Self.id), on: server)
    #expect(try result.answer.get().status == 202)
    #expect(result.pauses == [0.5] && server.requests.count == 2)
    _ = try await perform(.testWebhook(Self.id), on: server)
    let keys = server.requests.map { field("idempotency-key", of: $0) }
    #expect(keys[0] == keys[1] && keys[1] != keys[2])
  }

  @Test("Retry-After is kept to, and one that is too long is said")
  func retryAfter() async throws {
    let server = LoopbackServer(
      .answers([
        Self.answer(429, fields: "Retry-After: 7\r\n"), Self.answer(503, fields: "retry-after: 0\r\n"),
        Self.answer(429, fields: "Retry-After: 3600\r\n"),
      ]))
    defer { server.stop() }
    let result = try await perform(.testWebhook(Self.id), on: server)
    #expect(result.pauses == [7, 1] && server.requests.count == 3)
    #expect(result.error?.description == "Parlay's API answered 429; try again in 1 h")
  }

  @Test("a Retry-After beyond all numbers is said, too")
  func retryAfterNever() async throws {
    let nines = String(repeating: "9", count: 400)
    let server = LoopbackServer(.answers([Self.answer(429, fields: "Retry-After: \(nines)\r\n")]))
    defer { server.stop() }
    let result = try await perform(.testWebhook(Self.id), on: server)
    #expect(result.error?.description == "Parlay's API answered 429; try again in over 100,000 d")
  }

  @Test(
    "Retry-After is read as seconds or as a date",
    arguments: [
      ("7", 7), ("0", 0), ("Sat, 21 Nov 2026 18:03:11 GMT", 60), ("Sat, 21 Nov 2026 18:00:00 GMT", 0),
      ("soon", nil), ("-1", nil), ("", nil), ("Sat, 21 Foo 2026 18:03:11 GMT", nil),
    ] as [(String, Double?)])
  func retryAfterForms(text: String, seconds: Double?) {
    let now = Timestamp("2026-11-21T18:02:11Z")!
    #expect(RetryAfter.seconds(text, now: now) == seconds)
  }

  @Test("what is refused for good is not tried again", arguments: [400, 401, 404, 409, 422, 301])
  func refusals(status: Int) async throws {
    let server = LoopbackServer(.answer(Self.answer(status, fields: "location: http://127.0.0.1:1/\r\n")))
    defer { server.stop() }
    let result = try await perform(.testWebhook(Self.id), on: server)
    #expect(result.pauses.isEmpty && server.requests.count == 1)
    guard case .refused(_, status, nil, nil)? = result.error else {
      Issue.record("\(String(describing: result.error))")
      return
    }
  }

  @Test(
    "an error carries the API's own words, on one line and without the key",
    arguments: [
      (
        #"{"error":{"code":"not_found","message":"no webhook wh_x","field":null}}"#,
        "no webhook wh_x (not_found)"
      ),
      (#"{"error":{"code":"bad_url","message":"no","field":"url"}}"#, "no (bad_url, field url)"),
      (#"{"message":"a\nb"}"#, "a b"), (#"{"detail":"Not Found"}"#, "Not Found"),
      (#"{"error":"gone"}"#, "gone"),
      ("plain words", "plain words"), ("<html>x", nil), ("", nil), ("[1]", nil),
      (#"{"message":"bad key \#(key)\u0301"}"#, "bad key (the API key)\u{301}"),
      (#"{"message":"\#(String(repeating: "é", count: 500))"}"#, String(repeating: "é", count: 150)),
    ] as [(String, String?)])
  func words(body: String, words: String?) async throws {
    let server = LoopbackServer(.answer(Self.answer(404, body)))
    defer { server.stop() }
    let result = try await perform(.testWebhook(Self.id), on: server)
    #expect(
      result.error?.description == "Parlay's API answered 404" + (words.map { ": \($0)" } ?? ""))
  }

  @Test("a connection that fails is tried again, and then named")
  func noConnection() async throws {
    let server = LoopbackServer()
    let url = "http://127.0.0.1:\(server.port)"
    server.stop()
    let start = ContinuousClock.now
    var result = try await perform(.testWebhook(Self.id), at: url)
    // The listener closes on its own thread, so that a connection may still be taken, and cut.
    while result.retries.last?.reason != "nothing listens there", start.duration(to: .now) < .seconds(10) {
      result = try await perform(.testWebhook(Self.id), at: url)
    }
    #expect(result.pauses == [0.5, 1, 2])
    #expect(
      result.error?.description == "no connection to \(url) (nothing listens there): check --api-url")
  }

  @Test("where the answer is lost, it is said that the call may have been carried out")
  func lostAnswer() async throws {
    let server = LoopbackServer(.hangUp)
    defer { server.stop() }
    let result = try await perform(.rotateWebhook(Self.id), on: server)
    #expect(server.requests.count == 4)
    #expect(
      result.error?.description
        == "no answer from http://127.0.0.1:\(server.port) (the connection was closed): "
        + "the call may have been carried out; look before you repeat it")
  }

  @Test("an API that never answers is given up after the time-out")
  func silence() async throws {
    let server = LoopbackServer(.silence)
    defer { server.stop() }
    var patience = APIClient.Patience()
    (patience.answer, patience.pauses) = (1, [])
    let url = "http://127.0.0.1:\(server.port)"
    let result = try await perform(.showCapture(Self.id), at: url, patience: patience)
    #expect(result.error?.description == "no answer from \(url) (timed out): try again later")
  }

  private static let endless: [LoopbackServer.Step] = [
    .send(Array("HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n".utf8)),
    .slowly([UInt8](repeating: 0x20, count: 99_999)),
  ]

  @Test("an answer that does not end is given up as one that does not begin")
  func endless() async throws {
    let server = LoopbackServer(.steps(Self.endless))
    defer { server.stop() }
    var patience = APIClient.Patience()
    (patience.answer, patience.pauses) = (1, [])
    let result = try await perform(
      .showCapture(Self.id), at: "http://127.0.0.1:\(server.port)", patience: patience)
    #expect(result.error?.description.contains("(timed out)") == true, "\(result)")
  }

  @Test("it can be cancelled while an answer comes")
  func cancelledAnswer() async throws {
    let server = LoopbackServer(.steps(Self.endless))
    defer { server.stop() }
    let url = "http://127.0.0.1:\(server.port)"
    let task = Task { try await perform(.showCapture(Self.id), at: url) }
    while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    task.cancel()
    #expect(try await task.value.error == .cancelled)
  }

  @Test("an answer that is too large is not read to its end")
  func large() async throws {
    let server = LoopbackServer(.answer(Self.answer(200, String(repeating: " ", count: 1000))))
    defer { server.stop() }
    var patience = APIClient.Patience()
    patience.largestAnswer = 999
    let result = try await perform(
      .showCapture(Self.id), at: "http://127.0.0.1:\(server.port)", patience: patience)
    #expect(
      result.error?.description
        == "Parable's API answered something unexpected (it is too large): check --api-url")
    #expect(server.requests.count == 1)
  }

  @Test("what is cancelled while it waits ends at once, as cancelled")
  func cancelled() async throws {
    let server = LoopbackServer(.answer(Self.answer(503)))
    defer { server.stop() }
    let result = try await perform(.testWebhook(Self.id), on: server) { _ in throw CancellationError() }
    #expect(result.error == .cancelled && server.requests.count == 1)
  }

  @Test("what is not HTTP, or not UTF-8, is no answer", arguments: ["SSH-2.0-x\r\n", answer(200, "")])
  func garbage(head: String) async throws {
    let bytes: [UInt8] = head.hasPrefix("SSH") ? [] : [0xFF]
    let text = head.replacing("length: 0", with: "length: 1")
    let server = LoopbackServer(.steps([.send(Array(text.utf8) + bytes), .close]))
    defer { server.stop() }
    let result = try await perform(.showCapture(Self.id), on: server)
    guard case .unreadable? = result.error else {
      Issue.record("\(String(describing: result.error))")
      return
    }
  }
}
