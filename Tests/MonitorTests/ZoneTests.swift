import TestSupport
import Testing
import Webhooks

@testable import Monitor

/// Moments are shown in one zone, which is named, with the offset that it had then.
@Suite struct ZoneTests {
  /// New York in 2025: EDT until the second of November, 6:00 UTC, then EST.
  private let newYork = Zone { moment in
    moment.seconds < 1_762_063_200
      ? .init(offset: -14_400, name: "EDT") : .init(offset: -18_000, name: "EST")
  }

  private func arrival(at seconds: Double) throws -> Arrival {
    let request = try Fixture.parlay()
    return Arrival(
      receivedAt: Timestamp(seconds: seconds), request: request, envelope: Envelope(reading: request),
      verdict: Verdict(.ok), answer: Answer(status: 200, milliseconds: 0))
  }

  @Test("a moment has the offset of its own day, over a change to winter time")
  func offsets() {
    let before = Timestamp(seconds: 1_762_063_199)
    let after = Timestamp(seconds: 1_762_063_200)
    #expect(newYork.full(before) == "2025-11-02 01:59:59 EDT")
    #expect(newYork.full(after) == "2025-11-02 01:00:00 EST")
    #expect(newYork.text(before, today: after) == "01:59:59")
    #expect(newYork.text(before, today: Timestamp(seconds: 1_762_150_000)) == "2025-11-02 01:59:59")
  }

  @Test("the list, the titles and the signature pane show the user's zone, and no time of UTC beside it")
  func oneZone() throws {
    var app = try App(zone: newYork)
    try app.receive([try Fixture.parlay()])
    #expect(app.frame[2].contains("time EDT"))
    #expect(app.frame[3].contains("14:13:17") && !app.frame[3].contains("04-24"))
    #expect(app.screen.contains("2025-04-24 14:13:17 EDT"))
    #expect(!app.screen.contains(" 18:13:17") && !app.screen.contains("UTC"))
  }

  @Test("where what is kept is not all of today, the list shows dates, and a title shows its delivery's")
  func dates() throws {
    var app = try App(columns: 200, rows: 60, zone: newYork)
    let start = Fixture.start.seconds
    try app.receive([try arrival(at: start - 86_400), try arrival(at: start)])
    #expect(app.frame[3].contains("04-24 14:13:17") && app.frame[4].contains("04-23 14:13:17"))
    app.type("j")
    #expect(app.screen.contains("  2025-04-23 14:13:17 "))
  }

  @Test("a filter by time takes the times of the list")
  func filter() throws {
    var app = try App(zone: newYork)
    try app.receive([try Fixture.parlay(), try Fixture.parlay(id: "evt_2")])
    for (value, count) in [("14:13", 2), ("14:13:18", 1), (">14:13:18", 0), ("18:13", 0), ("04-24", 2)] {
      app.type("f<C-u>time:\(value)<Enter>")
      #expect(app.model.list.rowCount == count, "\(value)")
    }
    app.type("f<C-u>dup time:14:60<Enter>")
    let line = try #require(app.frame.firstIndex { $0.contains("two digits of minutes") })
    #expect(app.frame[line].hasPrefix(" expected two digits of minutes, from 00 to 59"))
    #expect(app.frame[(line + 1)...].contains { $0 == "                     ^" }, "\(app.screen)")
  }

  @Test("an incident of another day shows its date")
  func incident() throws {
    var app = try App(zone: newYork)
    app.receive(
      Incident(
        receivedAt: Timestamp(seconds: Fixture.start.seconds - 86_400), reason: .timeout, detail: "late",
        peer: "127.0.0.1:1", status: 408))
    app.type("I")
    #expect(app.screen.contains("2025-04-23 14:13:17  408"))
  }
}
