import JSON
import Screen
import TestSupport
import Testing
import Webhooks

@testable import Monitor

@Suite("Marks of what sets a body apart from others")
struct ShapingTests {
  private static let usual = #"{"region":"eu","size":1}"#
  private static let odd = #"{"size":"1","zone":2}"#

  private func app(others: Int, columns: Int = 120, rows: Int = 36) throws -> App {
    var app = try App(columns: columns, rows: rows)
    try app.receive((0..<others).map { try Fixture.parlay(id: "evt_\($0)", data: Self.usual) })
    try app.receive([try Fixture.parlay(id: "evt_odd", data: Self.odd)])
    return app
  }

  @Test(
    "keys are held against those of the other deliveries of the type",
    arguments: [(80, 24), (120, 36), (200, 60)])
  func learnt(columns: Int, rows: Int) throws {
    var app = try app(others: 3, columns: columns, rows: rows)
    app.type("3<Enter>")
    let screen = app.screen
    #expect(screen.contains(#""size": "1",  ← string, number in the others"#), "\(screen)")
    #expect(screen.contains(#""zone": 2  ← new key zone"#))
    #expect(screen.contains(#""data": {  ← missing: region"#))
    // The others have nothing that is odd, and a folded node says what is in it.
    app.type("J")
    #expect(!app.screen.contains("←"))
    app.type("K{")
    // On 80 columns the words are cut, and so is the line.
    #expect(
      columns == 80
        ? app.screen.contains("← missing: region; string")
        : app.screen.contains("← missing: region; string, number in the others; new key zone"))
  }

  @Test("too few others tell nothing")
  func few() throws {
    var app = try app(others: 2)
    app.type("3")
    #expect(!app.screen.contains("←"))
  }

  @Test("where the event is documented, the documentation decides, in words of its own")
  func documented() throws {
    var app = try app(others: 3)
    app.model.setting.documented = { envelope in
      envelope.event == "analysis.completed"
        ? [
          Array(#"{"id":"","event":"","livemode":true,"created_at":"","data":{"region":"","size":""}}"#.utf8)
        ] : []
    }
    app.type("3")
    #expect(app.screen.contains("← undocumented key zone") && app.screen.contains("← missing: region"))
    app.type("J")
    #expect(app.screen.contains("← number, documented as string"))
  }

  @Test("only the pretty view has marks, and ASCII an arrow of its own")
  func views() throws {
    var app = try app(others: 3)
    app.type("3b")
    #expect(!app.screen.contains("←"))
    var model = app.model
    model.setting.charset = .ascii
    _ = model.update(.key(.character("b")), at: Fixture.start)
    _ = model.update(.key(.character("b")), at: Fixture.start)
    let canvas = view(model)
    #expect((0..<canvas.size.rows).contains { canvas.text(row: $0).contains("<- new key zone") })
  }
}
