import JSON
import Receiver
import Sender
import Testing
import Webhooks

@testable import Sandbox

/// What a later run goes on from.
struct StateTests {
  /// A sandbox that has gone on from the lines of another one.
  private func restored(_ bench: Bench, _ lines: [[UInt8]]? = nil) throws -> Bench {
    var other = Bench()
    let lines = lines ?? bench.lines
    for line in lines { other.core.restore(try #require(Change.changes(in: line))) }
    other.journal.replace(with: lines.map { $0 + [UInt8(ascii: "\n")] })
    other.now = bench.now
    return other
  }

  /// A sandbox in which there is something of every kind.
  private func busy() throws -> (bench: Bench, id: String) {
    var bench = Bench()
    let (id, _) = try bench.register()
    let (paused, _) = try bench.register(["webhook.test"])
    let (gone, _) = try bench.register()
    try bench.openParable()
    _ = bench.call("PATCH", "/v1/webhooks/\(paused)", #"{"paused":true,"name":"é\u202e"}"#)
    for target in [id, paused, gone, paused] {
      _ = bench.call("POST", "/v1/webhooks/\(target)/test", idempotent: "key of \(target)")
    }
    _ = bench.call("POST", "/v1/events", #"{"event":"capture.processed"}"#)
    for departure in bench.wait() { bench.settle(departure, departure.endpoint == id ? 500 : 200) }
    _ = bench.call("DELETE", "/v1/webhooks/\(gone)")
    return (bench, id)
  }

  @Test("the lines of a run make the same sandbox again, and so do those that it is written anew with")
  func roundTrip() throws {
    var (bench, id) = try busy()
    let whole = Array(bench.core.lines)
    var again = try restored(bench)
    #expect(Array(again.core.lines) == whole)
    let compact = try restored(bench, whole.map { Array($0.dropLast()) })
    #expect(Array(compact.core.lines) == whole)
    #expect(again.call("GET", "/v1/webhooks").object?["data"]?.elements?.count == 2)
    #expect(again.core.state.bytes == bench.core.state.bytes)
    let old = bench.call("POST", "/v1/webhooks/\(id)/test", idempotent: "key of \(id)")
    #expect(again.call("POST", "/v1/webhooks/\(id)/test", idempotent: "key of \(id)") == old)
    #expect(try #require(again.wait(60).first { $0.endpoint == id }).attempt == 2)
  }

  @Test("a file that has grown is written anew, and holds the same sandbox")
  func overgrown() throws {
    var bench = Bench()
    let (id, _) = try bench.register()
    for _ in 0..<700 {
      _ = bench.call("POST", "/v1/webhooks/\(id)/test")
      for departure in bench.wait() { bench.settle(departure, 204) }
    }
    #expect(bench.lines.count < 1000)
    let again = try restored(bench)
    #expect(Array(again.core.lines) == Array(bench.core.lines))
  }

  @Test("a file that takes nothing more is written anew for the next change, and holds it")
  func bounded() throws {
    var bench = Bench()
    let (id, _) = try bench.register()
    bench.journal.bound = 8
    for _ in 0..<20 {
      #expect(bench.call("POST", "/v1/webhooks/\(id)/test").status == 202)
      for departure in bench.wait() { bench.settle(departure, 204) }
      #expect(bench.lines.count <= 8)
    }
    #expect(Array(try restored(bench).core.lines) == Array(bench.core.lines))
  }

  @Test("an attempt that was on its way is made again, with the same number")
  func running() throws {
    var bench = Bench()
    let (id, _) = try bench.register()
    _ = bench.call("POST", "/v1/webhooks/\(id)/test")
    let sent = bench.wait()
    var again = try restored(bench)
    let resent = again.wait()
    #expect(resent.map(\.eventID) == sent.map(\.eventID) && resent.map(\.attempt) == [1])
  }

  @Test("queues live on over a restart, and their 24 hours go on")
  func queues() throws {
    var bench = Bench()
    let (id, _) = try bench.register()
    _ = bench.call("PATCH", "/v1/webhooks/\(id)", #"{"paused":true}"#)
    _ = bench.call("POST", "/v1/webhooks/\(id)/test")
    #expect(bench.wait(80_000).isEmpty)
    var again = try restored(bench)
    #expect(again.shown(id).number("queue_length") == 1)
    #expect(again.wait(7_000).isEmpty)
    #expect(again.shown(id).number("dropped") == 1)
    var third = try restored(again)
    #expect(third.shown(id).number("dropped") == 1 && third.shown(id).number("queue_length") == 0)
  }

  @Test(
    "a line that is none is told from one",
    arguments: [
      "", "{}", "[]", #"{"changes":[{}]}"#, #"{"changes":[{"held":1}]}"#,
      #"{"changes":[{"endpoint":{"id":"x"}}]}"#,
      #"{"changes":[{"event":{"number":1,"provider":"nobody","type":"a","id":"b"},"deliveries":[]}]}"#,
      #"{"changes":[{"api_key":"k"}"#, failures(.max), failures(1 << 32),
    ])
  func unreadable(line: String) {
    #expect(Change.changes(in: Array(line.utf8)) == nil)
  }

  @Test("as many failures as there can be are read")
  func read() { #expect(Change.changes(in: Array(Self.failures(1 << 31).utf8)) != nil) }

  private static func failures(_ count: UInt64) -> String {
    #"{"changes":[{"event":{"number":1,"provider":"parlay","type":"a","id":"b","body":"e30="},"deliveries":["#
      + #"{"number":1,"endpoint":"e","chain":"c","failures":\#(count),"due":0}]}]}"#
  }

  @Test("hostile values of a state file are taken for what they are, and end nothing")
  func hostile() throws {
    var bench = Bench()
    for line in [
      #"{"changes":[{"ended":7,"dropped":true},{"failed":9,"due":9223372036854},{"held":1,"since":0}]}"#,
      #"{"changes":[{"closed":"nobody"},{"capture":{"sequence":5,"id":"c","document":"e30="}}]}"#,
      #"{"changes":[{"capture":{"sequence":9,"id":"d","document":"e30="}}]}"#,
    ] { bench.core.restore(try #require(Change.changes(in: Array(line.utf8)))) }
    #expect(bench.wait(10).isEmpty)
    #expect(bench.call("GET", "/api/v1/captures/c").status == 200)
    #expect(bench.call("GET", "/api/v1/captures/d").status == 404)
  }
}
