import JSON
import Receiver
import Sender
import Testing
import Webhooks

@testable import Sandbox

/// A call that comes again with its Idempotency-Key.
struct IdempotencyTests {
  private static let body = #"{"url":"http://127.0.0.1:1","enabled_events":["webhook.test"]}"#

  @Test("the same key with the same body gives the same response, the secret included, and does nothing")
  func again() throws {
    var bench = Bench()
    let first = bench.call("POST", "/v1/webhooks", Self.body, idempotent: "a")
    let second = bench.call("POST", "/v1/webhooks", Self.body, idempotent: "a")
    #expect(first == second && first.status == 201)
    #expect(bench.call("GET", "/v1/webhooks").object?["data"]?.elements?.count == 1)
    let id = try #require(first.text("id"))
    let test = bench.call("POST", "/v1/webhooks/\(id)/test", idempotent: "b")
    #expect(bench.call("POST", "/v1/webhooks/\(id)/test", idempotent: "b") == test)
    #expect(bench.wait().count == 1)
    let rotated = bench.call("POST", "/v1/webhooks/\(id)/rotate", idempotent: "c")
    #expect(bench.call("POST", "/v1/webhooks/\(id)/rotate", idempotent: "c") == rotated)
    #expect(bench.call("DELETE", "/v1/webhooks/\(id)", idempotent: "d").status == 204)
    #expect(bench.call("DELETE", "/v1/webhooks/\(id)", idempotent: "d").status == 204)
    #expect(bench.call("DELETE", "/v1/webhooks/\(id)", idempotent: "e").status == 404)
  }

  @Test("the same key with another body, or for another call, is 409 and does nothing")
  func other() throws {
    var bench = Bench()
    let (id, _) = try bench.register()
    #expect(bench.call("PATCH", "/v1/webhooks/\(id)", #"{"paused":true}"#, idempotent: "a").status == 200)
    let conflict = "409 idempotency_conflict Idempotency-Key"
    #expect(
      bench.call("PATCH", "/v1/webhooks/\(id)", #"{"paused":false}"#, idempotent: "a").error == conflict)
    #expect(bench.call("POST", "/v1/webhooks/\(id)/test", idempotent: "a").error == conflict)
    #expect(bench.shown(id).object?["paused"]?.bool == true && bench.wait().isEmpty)
  }

  @Test("a call that failed can be put right under its key, and a wrong API key comes first")
  func failed() throws {
    var bench = Bench()
    #expect(bench.call("POST", "/v1/webhooks", "{", idempotent: "a").status == 422)
    #expect(bench.call("POST", "/v1/webhooks", Self.body, idempotent: "a").status == 201)
    #expect(bench.call("POST", "/v1/webhooks", Self.body, key: "x", idempotent: "a").status == 401)
    let long = String(repeating: "k", count: 256)
    #expect(
      bench.call("POST", "/v1/webhooks", Self.body, idempotent: long).error
        == "422 invalid_field Idempotency-Key")
  }

  @Test("a key is known for 24 hours of the sandbox's time")
  func expiry() {
    var bench = Bench { $0.timeScale = 60 }
    let first = bench.call("POST", "/v1/webhooks", Self.body, idempotent: "a")
    bench.now = bench.now.adding(1439)
    #expect(bench.call("POST", "/v1/webhooks", Self.body, idempotent: "a") == first)
    bench.now = bench.now.adding(2)
    #expect(bench.call("POST", "/v1/webhooks", Self.body, idempotent: "a") != first)
  }

  @Test("the number of kept answers is bounded, the oldest going first")
  func bounded() {
    var limits = SandboxRules.Limits()
    limits.answers = 2
    var answers = KeptAnswers(life: 1000, limits: limits)
    let now = Bench.start
    for (place, key) in ["a", "b", "a", "c"].enumerated() {
      answers.keep(
        KeptAnswer(
          key: .init(key), fingerprint: [], status: place, body: [], at: now.adding(Double(place))))
    }
    #expect(answers.find("a", at: now)?.status == 2)
    #expect(answers.find("b", at: now) == nil)
    #expect(answers.all.map(\.status) == [2, 3])
    limits.answerBytes = 100
    answers = KeptAnswers(life: 1000, limits: limits)
    for (key, size) in [("a", 90), ("b", 5), ("c", 60), ("d", 200)] {
      answers.keep(
        KeptAnswer(
          key: .init(key), fingerprint: [], status: size, body: [UInt8](repeating: 0, count: size), at: now))
      #expect(answers.all.map(\.status) == ["a": [90], "b": [90, 5], "c": [5, 60], "d": [200]][key])
    }
  }
}
