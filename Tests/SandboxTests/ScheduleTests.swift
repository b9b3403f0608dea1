import JSON
import Receiver
import Sender
import Testing
import Webhooks

@testable import Sandbox

/// When attempts are made, and with what.
struct ScheduleTests {
  /// The seconds from each attempt to the next, where all are answered with a status at once.
  private func gaps(_ bench: inout Bench, _ status: Int) -> [Double] {
    var (gaps, last): ([Double], Timestamp?) = ([], nil)
    while true {
      for departure in bench.wait() {
        if let last { gaps.append(bench.now.seconds - last.seconds) }
        last = bench.now
        bench.settle(departure, status)
      }
      guard let due = bench.core.state.nextDue, gaps.count < 20 else { return gaps }
      bench.now = max(bench.now, due)
    }
  }

  private func parlayGaps(_ status: Int, _ adjust: (inout SandboxRules) -> Void = { _ in }) throws -> [Double]
  {
    var bench = Bench(adjust)
    let (id, _) = try bench.register()
    #expect(bench.call("POST", "/v1/webhooks/\(id)/test").status == 202)
    return gaps(&bench, status)
  }

  @Test(
    "Parlay retries after 1 min, 5 min, 25 min, 2 hr and 8 hr, and what its documentation leaves open is a rule",
    arguments: [500, 503, 400, 410, 301])
  func parlay(status: Int) throws {
    let all = [60.0, 300, 1500, 7200, 28800]
    #expect(try parlayGaps(status) == all)
    #expect(try parlayGaps(status) { $0.timeScale = 60 } == all.map { $0 / 60 })
    #expect(try parlayGaps(status) { $0.parlayAttempts = 5 } == Array(all.dropLast()))
    #expect(try parlayGaps(status) { $0.parlayAttempts = 1 } == [])
    #expect(try parlayGaps(status) { $0.retries4xx = false } == ((400..<500).contains(status) ? [] : all))
  }

  @Test("an answer is waited for as long as documented: 30 s by Parlay, 10 s by Parable")
  func patience() throws {
    var bench = Bench()
    try bench.openParable()
    let (id, _) = try bench.register()
    _ = bench.call("POST", "/v1/webhooks/\(id)/test")
    _ = bench.call("POST", "/v1/events", #"{"event":"capture.processed"}"#)
    let (test, capture) = (bench.wait(), bench.wait(60))
    #expect(test.map(\.limit) == [30] && capture.map(\.limit) == [10])
  }

  @Test("a response counts by its head, unless the rest of it takes too long; without one the failure counts")
  func outcomes() {
    func result(_ status: Int?, _ failure: Exchange.Failure?) -> AttemptResult {
      let response = status.map { Exchange.Response(status: $0) }
      return AttemptOutcome(
        Exchange(
          at: Bench.start, url: "http://a", response: response, failure: failure,
          milliseconds: .init(total: 1))
      ).result
    }
    #expect(result(200, nil) == .status(200))
    #expect(result(204, .reset) == .status(204))
    #expect(result(200, .timeout) == .failure(.timeout))
    #expect(result(nil, .refused) == .failure(.refused))
    #expect(result(nil, nil) == .failure(.reset))
  }

  @Test("a 2xx ends it, whichever", arguments: [200, 201, 204, 299])
  func accepted(status: Int) throws {
    #expect(try parlayGaps(status) == [])
  }

  @Test("Parable retries after 1m, 5m, 15m, 1h, 6h and 24h on any non-2xx, whatever the rules for Parlay")
  func parable() throws {
    var bench = Bench {
      $0.retries4xx = false
      $0.parlayAttempts = 1
    }
    try bench.openParable()
    #expect(bench.call("POST", "/v1/events", #"{"event":"capture.processed"}"#).number("queued") == 1)
    #expect(gaps(&bench, 404) == [60, 300, 900, 3600, 21600, 86400])
  }

  @Test(
    "each attempt is signed anew with a delivery id of its own, or repeats the first signature with --resign no",
    arguments: [true, false])
  func signing(signsAnew: Bool) throws {
    var bench = Bench { $0.signsAnew = signsAnew }
    let (id, secret) = try bench.register()
    #expect(bench.call("POST", "/v1/webhooks/\(id)/test").status == 202)
    let first = try #require(bench.wait().first)
    bench.settle(first, 500)
    let second = try #require(bench.wait(60).first)
    #expect(second.body == first.body && second.deliveryID != first.deliveryID && second.attempt == 2)
    #expect(first.deliveryID.wholeMatch(of: #/[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}/#) != nil)
    let verifier = try verifier(secret)
    #expect(verifier.verify(first.request, provider: .parlay, at: Bench.start).status == .valid)
    let fields = second.request.headers
    #expect(
      fields.map(\.name.text) == [
        "Content-Type", "User-Agent", "X-Parlay-Event", "X-Parlay-Delivery", "X-Parlay-Signature",
      ])
    #expect(
      fields.first("User-Agent") == "parlay-webhook/1" && fields.first("X-Parlay-Event") == "webhook.test")
    let verdict = verifier.verify(second.request, provider: .parlay, at: bench.now)
    #expect(verdict.status == .valid && verdict.ageSeconds.map { Int($0) } == (signsAnew ? 0 : 60))
  }

  private func verifier(_ secret: String) throws -> Verifier {
    Verifier(keyring: Keyring([try SigningSecret(secret, label: "parlay", provider: .parlay)]))
  }

  @Test("a rotated secret signs from the next attempt on, and the old one signs nothing more")
  func rotation() throws {
    var bench = Bench()
    let (id, old) = try bench.register()
    #expect(bench.call("POST", "/v1/webhooks/\(id)/test").status == 202)
    bench.settle(try #require(bench.wait().first), 500)
    let new = try #require(bench.call("POST", "/v1/webhooks/\(id)/rotate").text("signing_secret"))
    let request = try #require(bench.wait(60).first).request
    #expect(try verifier(new).verify(request, provider: .parlay, at: bench.now).status == .valid)
    #expect(try verifier(old).verify(request, provider: .parlay, at: bench.now).status == .mismatch)
  }

  @Test(
    "a deleted webhook gets nothing more, what is on its way ends unseen, and a changed URL counts at once")
  func deleted() throws {
    var bench = Bench { $0.limits.waitingInOrder = 0 }
    let (id, _) = try bench.register()
    for _ in 0..<2 { #expect(bench.call("POST", "/v1/webhooks/\(id)/test").status == 202) }
    let sent = bench.wait()
    bench.settle(sent[0], 500)
    _ = bench.call("PATCH", "/v1/webhooks/\(id)", #"{"url":"http://127.0.0.1:2/other"}"#)
    let again = bench.wait(60)
    #expect(again.map(\.url.text) == ["http://127.0.0.1:2/other"])
    #expect(bench.call("DELETE", "/v1/webhooks/\(id)").status == 204)
    let lines = bench.lines.count
    bench.settle(sent[1], 500)
    bench.settle(again[0], 500)
    #expect(bench.lines.count == lines)
    #expect(bench.wait(100_000).isEmpty && bench.core.running == 0 && bench.core.state.shipments.isEmpty)
    #expect(bench.core.state.bytes == 0)
  }

  @Test("one webhook that hangs keeps no other one waiting, and no more attempts begin than there may be")
  func turns() throws {
    var bench = Bench {
      ($0.limits.running, $0.limits.runningPerWebhook, $0.limits.waitingInOrder) = (5, 2, 0)
    }
    let (slow, _) = try bench.register()
    let (other, _) = try bench.register(["webhook.test"])
    for _ in 0..<9 { _ = bench.call("POST", "/v1/webhooks/\(slow)/test") }
    #expect(bench.wait().map(\.endpoint) == [slow, slow])
    for _ in 0..<4 { _ = bench.call("POST", "/v1/webhooks/\(other)/test") }
    let sent = bench.wait()
    #expect(sent.map(\.endpoint) == [other, other])
    bench.settle(sent[0], 200)
    #expect(bench.wait().map(\.endpoint) == [other])
    #expect(bench.wait().isEmpty)
  }

  @Test("a few deliveries go one after the other, and side by side where one takes long or many wait")
  func order() throws {
    var bench = Bench()
    let (id, _) = try bench.register()
    for _ in 0..<3 { _ = bench.call("POST", "/v1/webhooks/\(id)/test") }
    let first = bench.wait()
    #expect(first.count == 1 && bench.wait().isEmpty)
    bench.settle(first[0], 200)
    #expect(bench.wait().count == 1)
    #expect(bench.wait(0.2).isEmpty)
    #expect(bench.wait(0.05).count == 1)
    for _ in 0..<100 { _ = bench.call("POST", "/v1/webhooks/\(id)/test") }
    #expect(bench.wait().count == 10)
  }

  @Test("a webhook that timed out gets few attempts at once until one is answered in time")
  func hanging() throws {
    var bench = Bench {
      ($0.limits.runningPerWebhook, $0.limits.runningToHanging, $0.limits.waitingInOrder) = (3, 1, 0)
    }
    let (id, _) = try bench.register()
    for _ in 0..<9 { _ = bench.call("POST", "/v1/webhooks/\(id)/test") }
    let sent = bench.wait()
    #expect(sent.count == 3)
    for departure in sent {
      _ = bench.core.settle(
        departure, AttemptOutcome(.failure(.timeout), milliseconds: 30_000), at: bench.now)
    }
    let next = bench.wait()
    #expect(next.count == 1)
    bench.settle(next[0], 200)
    #expect(bench.wait().count == 3)
  }

  @Test("the last attempts are shown with their webhook, the newest first")
  func log() throws {
    var bench = Bench { $0.limits.log = 2 }
    let (id, _) = try bench.register()
    for status in [200, 500, 204] {
      _ = bench.call("POST", "/v1/webhooks/\(id)/test")
      for departure in bench.wait() { bench.settle(departure, status) }
    }
    let log = bench.shown(id).object?["last_deliveries"]?.elements?.compactMap(\.object)
    #expect(log?.map { $0["status"]?.integer } == [204, 500])
    #expect(log?[0]["next_attempt_at"]?.isNull == true)
    #expect(log?[1]["next_attempt_at"]?.string == "2026-04-24T18:54:17.867123+00:00")
  }
}

extension Bench {
  /// Provisions Parable's endpoint.
  mutating func openParable() throws {
    let secret = try SigningSecret("whsec_parable", label: "parable", provider: .parable)
    let url = try #require(AppURL("http://127.0.0.1:9/parable"))
    let endpoint = Endpoint(
      id: Endpoint.parableID, url: url, name: nil, events: Provider.parable.events, createdAt: now,
      secret: secret)
    let isKept = core.commit([.opened(endpoint)])
    #expect(isKept)
  }
}
