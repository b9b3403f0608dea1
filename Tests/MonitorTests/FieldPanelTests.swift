import Screen
import Synchronization
import TestSupport
import Testing
import Webhooks

@testable import Monitor

@Suite("One field over time")
struct FieldPanelTests {
  private func app(columns: Int = 120, rows: Int = 36) throws -> App {
    var app = try App(columns: columns, rows: rows)
    let values = [#""eu""#, #""eu""#, "1.50", "null", #"{"a":1,"b":[]}"#, #""eu""#]
    try app.receive(
      values.enumerated().map { try Fixture.parlay(id: "evt_\($0)", data: #"{"region":\#($1)}"#) })
    try app.receive([
      try Fixture.parlay(id: "evt_6", data: #"{"other":1}"#),
      try Fixture.parlay("webhook.test", id: "evt_7", data: #"{"region":"us"}"#),
      try Fixture.request(.parlay, "analysis.completed", delivery: "d", body: Array("{".utf8)),
      try Fixture.parlay(id: "evt_8", data: #"{"region":"us"}"#),
    ])
    return app
  }

  @Test(
    "every value stands with its count, the newest first, and what changed last", arguments: [80, 120, 200])
  func values(columns: Int) throws {
    var app = try app(columns: columns, rows: columns / 3)
    app.type("1G3/region<Enter>H")
    let screen = app.screen
    #expect(screen.contains(".data.region over analysis.completed"))
    let listed = app.frame
      .compactMap { $0.firstMatch(of: #/│ (\d)  (#\d+) \S+ +(now  )?(\S.*?)(?: {2}| ?│)/#) }
      .map { "\($0.1) \($0.2)\($0.3 == nil ? "" : " now") \($0.4)" }
    #expect(
      listed == [
        #"1 #10 now "us""#, "1 #7 (missing)", #"3 #6 "eu""#, "1 #5 {a, b}", "1 #4 null", "1 #3 1.50",
      ], "\(screen)")
    #expect(screen.contains("6 values in 9 deliveries, 1 not JSON"))
    #expect(screen.contains("Changed 6 times, last at #10"))
    #expect(screen.contains("first #1 "))
  }

  @Test("Enter goes to the newest delivery with the value, and says so where the filter leaves it out")
  func going() throws {
    var app = try app()
    app.type("1G3/region<Enter>Hjj<Enter>")
    #expect(app.model.panels.isEmpty && app.model.list.selected == 6)
    app.type("1<Esc><Esc>gt3/region<Enter>Hjjj<Enter>")
    #expect(app.model.list.selected == 5)
    app.type("1fseq:10<Enter>3/region<Enter>Hjjj<Enter>")
    #expect(app.screen.contains("The filter leaves #5 out"))
  }

  @Test("what arrives is counted, and the selected value stays selected")
  func arrivals() throws {
    var app = try app()
    app.type("1G3/region<Enter>Hj")
    try app.receive([try Fixture.parlay(id: "evt_9", data: #"{"region":"eu"}"#)])
    #expect(app.screen.contains("last at #11"))
    app.type("<Enter>")
    #expect(app.model.list.selected == 7)
  }

  @Test("the read goes on in slices, and ends with the panel")
  func slices() throws {
    let app = try app()
    var model = app.model
    for key in Key.keys(in: "1G3/region<Enter>") { _ = model.update(.key(key), at: Fixture.start) }
    var effects = model.update(.key(.character("H")), at: Fixture.start)
    var count = 0
    // A clock that passes the pause at each look.
    let clock = Steps()
    while let job = effects.lazy.compactMap({
      if case .run(let job) = $0, job.key == .field { job } else { nil }
    })
    .first {
      count += 1
      effects = model.update(job.work(clock.read), at: Fixture.start)
      #expect(count < 40)
    }
    #expect(count > 5)
    guard let panel = model.panels.top as? FieldPanel else { return }
    #expect(panel.awaited.isEmpty)
    effects = model.update(.key(.escape), at: Fixture.start)
    #expect(model.panels.isEmpty)
  }

  @Test("without JSON at the cursor the key says why")
  func unavailable() throws {
    var app = try App()
    try app.receive([try Fixture.request(.parlay, "a", delivery: "d", body: Array("a=1".utf8))])
    app.type("3H")
    #expect(app.screen.contains("Only the body of JSON has values"))
  }

  @Test("in a presentation the values are masked")
  func presentation() throws {
    var app = try app()
    app.type("1G3/region<Enter>*<C-u>$.data.region<Enter>3jjjjjjH")
    #expect(app.model.panels.top is FieldPanel)
    #expect(!app.screen.contains("\"eu\"") && app.screen.contains("[redacted]"))
  }
}

/// A clock that is a second later at each look.
private final class Steps: Sendable {
  private let seconds = Atomic<UInt64>(0)
  @Sendable func read() -> UInt64 { seconds.wrappingAdd(1, ordering: .relaxed).newValue * 1_000_000_000 }
}
