import DequeModule
import JSON
import Screen
import TestSupport
import Testing
import Webhooks

@testable import Monitor

@Suite struct SummaryTests {
  private func opened(keeping limit: Int = 10_000, _ requests: [Request]? = nil) throws -> App {
    var app = try App(keeping: limit)
    try app.receive(try requests ?? Fixture.mixed())
    app.type("a")
    return app
  }

  /// The count of a row with that name; nil if none is shown.
  private func count(_ name: String, _ app: App) -> Int? { app.counts.first { $0.name == name }?.count }

  @Test("counts by verdict, type and cause stand beside rates, times and the last arrival")
  func counts() throws {
    let app = try opened()
    #expect(app.screen.contains("Summary  7 kept"))
    #expect(app.screen.contains("deliveries a minute: 7 now, 7 at most; 7 in the last hour"))
    #expect(
      app.screen.contains("time to verdict: half in 0.42 ms, 99 % in 0.42 ms, all in 0.42 ms"))
    #expect(app.screen.contains("last arrival: under 1 s ago"))
    for (name, due) in [
      ("✓ ok", 4), ("✗ mismatch", 1), ("✗ malformed", 1), ("✗ missing", 1), ("analysis.completed", 2),
      ("webhook.test", 1), ("(no type)", 1),
    ] { #expect(count(name, app) == due, "\(name)") }
    #expect(app.screen.contains("cause of failure"))
  }

  @Test("the times of an app's responses stand beside those of the verdicts, and leave with their deliveries")
  func appTimes() throws {
    var app = try App(keeping: 2, forward: "127.0.0.1:3000")
    app.type("a")
    for number in 1...3 {
      let delivery = try app.hold(try Fixture.parlay("a.b", id: "\(number)"))
      if number == 1 { #expect(!app.screen.contains("response of the app")) }
      try app.settle(
        delivery,
        Exchange(
          at: Fixture.start, purpose: .forward, url: "http://127.0.0.1:3000", response: .init(status: 200),
          failure: nil, milliseconds: .init(total: number == 1 ? 900 : 20)))
      let longest = number < 3 ? "918" : "20"
      #expect(app.screen.contains("all in \(longest) ms"), "\(app.screen)")
    }
    #expect(app.screen.contains("response of the app: half in 20 ms, 99 % in 20 ms, all in 20 ms"))
  }

  @Test("a replay, which nobody was answered for, counts for no time to verdict")
  func replay() throws {
    var app = try App()
    let request = try Fixture.parlay()
    try app.receive([
      Arrival(
        receivedAt: Fixture.start, request: request, envelope: Envelope(reading: request),
        verdict: Verdict(.ok),
        answer: Answer(status: nil, milliseconds: 0), origin: .replay(of: 1))
    ])
    app.type("a")
    #expect(app.screen.contains("Summary  1 kept") && !app.screen.contains("time to verdict"))
  }

  @Test("what arrives and what is evicted while it is open changes the counts, down to none")
  func eviction() throws {
    var app = try opened(
      keeping: 3, [try Fixture.parlay("a.b", id: "1"), try Fixture.parlay("a.b", id: "2")])
    #expect(count("a.b", app) == 2)
    for number in 3...5 { try app.receive([try Fixture.parlay("c.d", id: "\(number)", header: "x")]) }
    app.take(.ticked)
    #expect(count("a.b", app) == nil)
    #expect(count("c.d", app) == 3)
    #expect(count("✗ malformed", app) == 3)
    #expect(count("✓ ok", app) == nil)
    #expect(app.screen.contains("Summary  3 kept"))
    #expect(app.screen.contains("5 in the last hour"))
  }

  @Test(
    "Enter on a count filters by it: the list shows as many",
    arguments: ["✓ ok", "✗ mismatch", "✗ missing", "analysis.completed", "(no type)", "malformed-header"])
  func filters(name: String) throws {
    var app = try opened()
    let due = try #require(count(name, app))
    for _ in 0..<30 where !app.isSelected(name) { app.type("j") }
    #expect(app.isSelected(name))
    app.type("<Enter>")
    #expect(app.model.panels.isEmpty)
    #expect(app.model.list.rowCount == due)
  }

  @Test("deliveries are counted by endpoint once there are several, and Enter shows those of one")
  func endpoints() throws {
    var app = try App(columns: 120, rows: 50, keeping: 4)
    let (staging, production) = (Endpoint("staging", provider: .parlay), Endpoint("production"))
    try app.receive(Fixture.parlay(id: "1"), at: staging)
    app.type("a")
    #expect(app.counts.contains { $0.name == "staging" } == false)
    try app.receive(Fixture.parlay(id: "2"), at: production)
    try app.receive(Fixture.parlay(id: "3"), at: staging)
    try app.receive([try Fixture.parlay(id: "4")])
    app.take(.ticked)
    #expect(count("staging", app) == 2 && count("production", app) == 1 && count("(no endpoint)", app) == 1)
    try app.receive([try Fixture.parlay(id: "5")])
    app.take(.ticked)
    #expect(count("staging", app) == 1 && count("(no endpoint)", app) == 2)
    for (name, due) in [("(no endpoint)", 2), ("production", 1)] {
      for _ in 0..<30 where !app.isSelected(name) { app.type("j") }
      app.type("<Enter>")
      #expect(app.model.list.rowCount == due, "\(name)")
      app.type("a")
    }
  }

  @Test("Enter on a heading filters nothing and says why")
  func heading() throws {
    var app = try opened()
    app.type("<Home><Enter>")
    #expect(app.screen.contains("Select a count to filter by it"))
    #expect(app.model.list.rowCount == 7)
  }

  @Test("the selection stays on its count when others overtake it")
  func selection() throws {
    var app = try opened([try Fixture.parlay("a.b", id: "1"), try Fixture.parlay("c.d", id: "2")])
    for _ in 0..<9 where !app.isSelected("a.b") { app.type("j") }
    for number in 3...4 { try app.receive([try Fixture.parlay("c.d", id: "\(number)")]) }
    app.take(.ticked)
    #expect(app.isSelected("a.b"))
  }

  @Test("what happens to deliveries while they are counted is not lost")
  func pending() throws {
    var app = try App()
    try app.receive([try Fixture.parlay(header: "x")])
    let model = app.model
    var later = model
    let effects = later.update(.key(.character("a")), at: Fixture.start)
    var batch = Journal.Batch()
    batch.firstKept = 1
    batch.outcomes = [
      .init(sequence: 1, outcomes: [.diagnosed([.init(cause: "found-later", level: "proven")])])
    ]
    _ = later.update(.arrived(batch), at: Fixture.start)
    for case .run(let job) in effects { _ = later.update(job.work { 0 }, at: Fixture.start) }
    app.model = later
    #expect(count("found-later", app) == 1)
  }

  @Test("a sender that makes up types has the most frequent ones listed, and the others counted")
  func manyTypes() {
    let counts = (0..<5000).map { number in
      (Tally.Subject.type(ByteString("t\(number)")), number < 3 ? 10 - number : 1)
    }
    let greatest = Tally.greatest(100, of: counts)
    #expect(greatest.count == 100)
    #expect(greatest.prefix(3).map(\.count) == [10, 9, 8])
    #expect(greatest.allSatisfy { $0.count > 0 })
  }

  @Test("minutes are counted where they belong, also those that come late or go back")
  func minutes() {
    func moment(_ minute: Int64) -> Timestamp { Timestamp(microseconds: (29_000_000 + minute) * 60_000_000) }
    var minutes = MinuteCounts()
    minutes.add(2, at: moment(0))
    minutes.add(3, at: moment(2))
    minutes.add(1, at: moment(1))
    #expect(minutes.counts(until: moment(3)).suffix(5) == [0, 2, 1, 3, 0])
    #expect(minutes.latest.suffix(3) == [2, 1, 3])
    minutes.add(5, at: moment(61))
    #expect(minutes.counts(until: moment(61)).first == 3)
    #expect(minutes.counts(until: moment(61)).reduce(0, +) == 8)
    minutes.add(7, at: moment(0))
    #expect(minutes.counts(until: moment(61)).reduce(0, +) == 8)
    minutes.add(1, at: moment(10_000))
    #expect(minutes.latest.reduce(0, +) == 1)
    #expect(minutes.counts(until: moment(20_000)).reduce(0, +) == 0)
  }

  @Test("a time is told to within an eighth, and never as shorter than it is")
  func times() throws {
    for value in [0.001, 0.02, 0.4, 1, 3.3, 250, 99_999] {
      var spread = TimeSpread()
      spread.add(value, 1)
      let told = try #require(spread.time(of: 0.5))
      #expect(told >= value && told <= value * 1.13, "\(value): \(told)")
      spread.add(value, -1)
      #expect(spread.time(of: 0.5) == nil)
    }
    var odd = TimeSpread()
    for value in [-.infinity, .nan, -1, 0, 1e300] { odd.add(value, 1) }
    #expect(odd.time(of: 1) != nil)
  }
}

extension App {
  /// The counts that the summary shows, and which of them is the selected one.
  fileprivate var counts: [(name: String, count: Int, isSelected: Bool)] {
    let canvas = view(model)
    return (0..<canvas.size.rows).compactMap { row in
      let cells = canvas.row(row).dropFirst(24).prefix(72)
      let text = cells.map(\.text).joined()
      guard let match = text.wholeMatch(of: /\ *(\d+)  (\S.*?)\ */), let count = Int(match.1) else {
        return nil
      }
      return (String(match.2), count, cells.allSatisfy(\.style.isSelected))
    }
  }

  fileprivate func isSelected(_ name: String) -> Bool { counts.contains { $0.name == name && $0.isSelected } }
}
