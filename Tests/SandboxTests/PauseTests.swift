import Receiver
import Sender
import Testing
import Webhooks

@testable import Sandbox

/// A paused webhook and its queue.
struct PauseTests {
  private func pause(_ bench: inout Bench, _ id: String, _ isPaused: Bool = true) {
    #expect(bench.call("PATCH", "/v1/webhooks/\(id)", #"{"paused":\#(isPaused)}"#).status == 200)
  }

  @Test("a paused webhook queues events, and gets all of them in order once it is resumed")
  func queue() throws {
    var bench = Bench()
    let (id, _) = try bench.register()
    pause(&bench, id)
    let ids = (0..<3).map { _ in
      bench.call("POST", "/v1/events", #"{"event":"analysis.completed"}"#).text("id")
    }
    #expect(bench.shown(id).number("queue_length") == 3)
    #expect(bench.wait(3600).isEmpty)
    #expect(bench.shown(id).number("queue_length") == 3)
    pause(&bench, id, false)
    #expect(bench.shown(id).number("queue_length") == 0)
    for id in ids {
      let sent = bench.wait()
      #expect(sent.map(\.eventID) == [id])
      bench.settle(sent[0], 200)
    }
  }

  @Test("a retry that is due meanwhile joins the queue, and keeps its place in the schedule")
  func retry() throws {
    var bench = Bench()
    let (id, _) = try bench.register()
    _ = bench.call("POST", "/v1/webhooks/\(id)/test")
    let first = try #require(bench.wait().first)
    pause(&bench, id)
    bench.settle(first, 500)
    #expect(bench.wait(60).isEmpty)
    #expect(bench.shown(id).number("queue_length") == 1)
    pause(&bench, id, false)
    let second = try #require(bench.wait().first)
    #expect(second.attempt == 2)
    let due = bench.settle(second, 500).next
    #expect(due == bench.now.adding(300))
  }

  @Test("what is ready and not begun goes into the queue")
  func ready() throws {
    var bench = Bench { $0.limits.runningPerWebhook = 1 }
    let (id, _) = try bench.register()
    for _ in 0..<3 { _ = bench.call("POST", "/v1/webhooks/\(id)/test") }
    let sent = bench.wait()
    pause(&bench, id)
    #expect(sent.count == 1 && bench.shown(id).number("queue_length") == 2)
    bench.settle(sent[0], 200)
    #expect(bench.wait().isEmpty)
  }

  @Test("after 24 hours of the sandbox's time what is queued is dropped and counted, each in its turn")
  func dropped() throws {
    var bench = Bench { $0.timeScale = 60 }
    let (id, _) = try bench.register()
    pause(&bench, id)
    _ = bench.call("POST", "/v1/webhooks/\(id)/test")
    #expect(bench.wait(100).isEmpty)
    _ = bench.call("POST", "/v1/webhooks/\(id)/test")
    #expect(bench.wait(1339).isEmpty)
    #expect(bench.shown(id).number("queue_length") == 2 && bench.shown(id).number("dropped") == 0)
    bench.now = bench.now.adding(1)
    #expect(bench.core.step(at: bench.now, wall: bench.now).dropped == [id])
    #expect(bench.shown(id).number("queue_length") == 1 && bench.shown(id).number("dropped") == 1)
    #expect(bench.wait(100).isEmpty)
    #expect(bench.shown(id).number("queue_length") == 0 && bench.shown(id).number("dropped") == 2)
    pause(&bench, id, false)
    #expect(bench.wait().isEmpty)
  }

  @Test("a queue that was released and paused again begins its 24 hours anew")
  func again() throws {
    var bench = Bench { $0.limits.runningPerWebhook = 1 }
    let (id, _) = try bench.register()
    pause(&bench, id)
    _ = bench.call("POST", "/v1/webhooks/\(id)/test")
    #expect(bench.wait(80_000).isEmpty)
    pause(&bench, id, false)
    let sent = try #require(bench.wait().first)
    pause(&bench, id)
    bench.settle(sent, 500)
    #expect(bench.wait(100).isEmpty)
    #expect(bench.wait(9_900).isEmpty)
    #expect(bench.shown(id).number("queue_length") == 1)
  }

  @Test("pausing and resuming again and again leaves no timers behind, and takes none that is needed")
  func timers() throws {
    var bench = Bench()
    let (id, _) = try bench.register()
    let (other, _) = try bench.register(["webhook.test"])
    pause(&bench, id)
    for _ in 0..<50 { _ = bench.call("POST", "/v1/webhooks/\(id)/test") }
    _ = bench.call("POST", "/v1/webhooks/\(other)/test")
    bench.settle(try #require(bench.wait().first), 500)
    for _ in 0..<2 { _ = bench.call("POST", "/v1/webhooks/\(other)/test") }
    #expect(bench.wait().count == 1)
    for _ in 0..<100 {
      pause(&bench, id, false)
      pause(&bench, id)
    }
    #expect(bench.core.state.timerCount <= 4 * 53 + 1024)
    #expect(bench.wait(0.2).isEmpty && bench.wait(0.05).map(\.endpoint) == [other])
    #expect(bench.wait(60).map(\.attempt) == [2])
    #expect(bench.wait(86_000).isEmpty && bench.shown(id).number("queue_length") == 50)
    _ = bench.wait(400)
    #expect(bench.shown(id).number("dropped") == 50)
  }
}
