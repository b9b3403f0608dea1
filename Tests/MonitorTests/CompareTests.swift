import JSON
import Screen
import TestSupport
import Testing
import Webhooks

@testable import Monitor

@Suite("Comparing deliveries on the screen")
struct CompareTests {
  private func app(_ columns: Int = 120, _ rows: Int = 36) throws -> App {
    var app = try App(columns: columns, rows: rows)
    try app.receive([
      try Fixture.parlay(id: "1", data: #"{"amount":1.0,"note":"test","tags":["a","b","c"],"old":true}"#),
      try Fixture.parlay(
        id: "2", data: #"{"note":"te\u0073t","amount":1,"tags":["c","a","b"],"new":{"x":[1]}}"#),
    ])
    return app
  }

  @Test("D compares the marked delivery with the selected one", arguments: ["mjD", "jmkD", "mjmD"])
  func marked(keys: String) throws {
    var app = try app()
    app.type(keys)
    #expect(app.screen.contains("Compare #1 with #2"))
    #expect(app.screen.contains("moved .data.note") || app.screen.contains("moved .data.amount"))
    app.type("<Esc>")
    #expect(app.model.panels.isEmpty)
  }

  @Test("where the only marked one is selected another is asked for")
  func alone() throws {
    var app = try app()
    app.type("mD")
    #expect(app.model.panels.isEmpty)
    #expect(app.frame.last?.contains("#2 is the marked one: select another to compare with it") == true)
  }

  @Test("where none is marked the two newest of the chain are compared, and one that is alone says so")
  func chain() throws {
    var app = try App()
    try app.receive(try (1...3).map { try Fixture.parlay(id: "same", data: "\($0)") })
    try app.receive([try Fixture.parlay(id: "other")])
    app.type("GD")
    #expect(app.screen.contains("Compare #2 with #3") && app.screen.contains("~ changed .data"))
    app.type("<Esc>gD")
    #expect(app.screen.contains("No other delivery of its event is kept: mark another with m first."))
  }

  @Test("a replay whose original was evicted says so, whatever else of its event is kept")
  func replayAlone() throws {
    var app = try App(keeping: 3)
    try app.receive([try Fixture.parlay(id: "same"), try Fixture.parlay(id: "same")])
    try app.replay(try Fixture.parlay(id: "same"), of: 1)
    app.type("gD")
    #expect(app.screen.contains("Compare #1 with #3"))
    app.type("<Esc>")
    try app.receive([try Fixture.parlay(id: "same")])
    app.type("gjD")
    #expect(app.screen.contains("#1, which was replayed as #3, is not kept: mark another with m first."))
  }

  @Test("both sides stand beside each other from 120 columns, else one below the other")
  func sides() throws {
    for (columns, isBeside) in [(120, true), (119, false)] {
      var app = try app(columns, 36)
      app.type("mjD")
      #expect(app.frame.contains { $0.contains("1.0 ") && $0.contains("  1 ") } == isBeside)
      // What was laid out for one width is laid out anew for another.
      app.resize(isBeside ? 119 : 120, 36)
      #expect(app.frame.contains { $0.contains("1.0 ") && $0.contains("  1 ") } != isBeside)
    }
  }

  @Test("is drawn", arguments: [(80, 24), (120, 36)])
  func frame(columns: Int, rows: Int) throws {
    var app = try app(columns, rows)
    app.type("mjD")
    expectFrame(app, "compare-\(columns)x\(rows)")
  }

  @Test("what is the same says so")
  func same() throws {
    var app = try App()
    try app.receive(try (1...2).map { _ in try Fixture.parlay(id: "same") })
    app.type("D")
    #expect(app.screen.contains("Nothing differs: request line, headers and body are the same."))
  }

  @Test(
    "no received text reaches the screen unpictured, and every row fits",
    arguments: [80, 120], [Charset.utf8, .ascii])
  func hostile(columns: Int, charset: Charset) throws {
    var app = try App(columns: columns, rows: 36, charset: charset)
    let texts = [
      "\u{1B}[2J\u{7}\u{202E}evil", String(repeating: "\u{301}", count: 3000),
      String(repeating: "\u{6F22}", count: 3000), String(repeating: "\t", count: 100), "\u{9B}31m",
    ]
    for (index, text) in texts.enumerated() {
      let body =
        Array("{\"\(text)\":\"\(text)\(index)\",\"x\":\"".utf8) + [0xFF, 0xC0] + Array("\"}".utf8)
      try app.receive([try Fixture.request(.parlay, text, delivery: text, body: body)])
    }
    for index in 1..<texts.count {
      app.type("UgmjD")
      for _ in 0..<3 {
        let screen = app.screen
        #expect(screen.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0x7F })
        #expect(!screen.unicodeScalars.contains("\u{202E}") && !screen.unicodeScalars.contains("\u{9B}"))
        app.type("<PgDn>")
      }
      app.type("<Esc>" + String(repeating: "j", count: index))
    }
  }

  @Test("of bodies with many keys, of depth and of a MiB in a line a bounded part is laid out")
  func large() throws {
    let keys = { (seed: Int) in
      "{" + (0..<5000).map { "\"k\(($0 * 7919 + seed) % 5000)\":\($0)" }.joined(separator: ",") + "}"
    }
    let line = { (end: String) in "\"" + String(repeating: "x", count: 1 << 20) + end + "\"" }
    let deep = { (end: String) in
      String(repeating: "[", count: 9000) + end + String(repeating: "]", count: 9000)
    }
    for (left, right) in [(keys(0), keys(1)), (line("a"), line("b")), (deep("1"), deep("2"))] {
      var app = try App()
      try app.receive([try Fixture.parlay(id: "1", data: left), try Fixture.parlay(id: "2", data: right)])
      app.type("mj")
      let effects = app.model.update(.key(.character("D")), at: Fixture.start)
      var message = Message.ticked
      for case .run(let job) in effects where job.key == .difference { message = job.work { 0 } }
      app.take(message)
      let panel = try #require(app.model.panels.top as? ComparePanel)
      #expect((1..<10 * Differences.limit).contains(panel.content(app.model).rowCount))
      app.type("<PgDn>G")
      #expect(app.frame.count == 36 && app.screen.contains("Body bytes"))
    }
  }

  @Test("the comparison of a panel that was closed is not taken for that of the next one")
  func stale() throws {
    var app = try app()
    app.type("mj")
    let first = app.model.update(.key(.character("D")), at: Fixture.start)
    app.type("<Esc>k")
    _ = app.model.update(.key(.character("U")), at: Fixture.start)
    app.type("U")
    _ = app.model.update(.key(.character("D")), at: Fixture.start)
    for case .run(let job) in first where job.key == .difference { app.take(job.work { 0 }) }
    #expect(app.screen.contains("Comparing the two."))
  }

  @Test("work that there is no room for, or that takes too long, says so")
  func refused() throws {
    for (message, words) in [
      (Message.refused(.difference), "Not compared: too much other work is waiting."),
      (.overran(.difference), "Not compared: it took longer than 20 s."),
    ] {
      var app = try app()
      app.type("mj")
      _ = app.model.update(.key(.character("D")), at: Fixture.start)
      app.take(message)
      #expect(app.screen.contains(words))
    }
  }
}
