import Screen
import Testing
import Webhooks

@testable import Monitor

@Suite("Marks on the screen")
struct MarkTests {
  private func app(_ count: Int = 4, keeping limit: Int = 100) throws -> App {
    var app = try App(keeping: limit)
    try app.receive(try (1...count).map { try Fixture.parlay(id: "\($0)") })
    return app
  }

  @Test("m marks the selected delivery with a sign, and unmarks it")
  func toggle() throws {
    var app = try app()
    app.type("jm")
    #expect(app.model.marked == [3] && app.frame.last?.contains("#3 is marked") == true)
    #expect(app.frame.count { $0.contains("* ") && $0.contains(" 3 ") } == 1)
    #expect(app.frame[0].contains("1 marked"))
    app.type("m")
    #expect(app.model.marked.isEmpty && app.frame.last?.contains("#3 is no longer marked") == true)
    #expect(!app.frame[0].contains("marked"))
  }

  @Test("M shows only marked ones, with the other filters, and U takes all marks and that filter away")
  func filter() throws {
    var app = try app()
    app.type("M")
    #expect(app.frame.last?.contains("Nothing is marked: m marks a delivery") == true)
    app.type("jmjjmM")
    #expect(app.model.list.rowCount == 2 && app.screen.contains("marked"))
    app.type("fseq:>2<Enter>")
    #expect(app.model.list.rowCount == 1)
    app.type("<Esc>M")
    #expect(app.model.list.rowCount == 2 || app.model.list.rowCount == 4)
    app.type("fseq:<9<Enter>U")
    #expect(app.model.marked.isEmpty && app.model.list.rowCount == 4)
    #expect(app.frame.last?.contains("2 deliveries unmarked") == true)
    app.type("U")
    #expect(app.frame.last?.contains("Nothing is marked") == true)
  }

  @Test("a marked delivery stays when all around it is evicted, and its row with it")
  func eviction() throws {
    var app = try app(6, keeping: 6)
    app.type("jjm")
    try app.receive(try (7...30).map { try Fixture.parlay(id: "\($0)") })
    #expect(app.model.list.kept.map(\.sequence) == [4, 26, 27, 28, 29, 30])
    #expect(app.model.list.rowCount == 6 && app.model.list.selected == 4)
    #expect(app.model.list.delivery(atRow: 5).sequence == 4)
    app.type("M")
    #expect(app.model.list.rowCount == 1)
    app.type("MU")
    try app.receive([try Fixture.parlay(id: "31")])
    #expect(app.model.list.kept.map(\.sequence) == [26, 27, 28, 29, 30, 31])
    #expect(app.model.list.outcomes.marked.isEmpty)
  }

  @Test("more than half of the ring is refused, and what to do is said in a line")
  func refused() throws {
    var app = try app(4, keeping: 4)
    app.type("mjmjm")
    #expect(app.model.marked == [3, 4])
    #expect(
      app.frame.last
        == " Not marked: at most half of the ring, 2; unmark some with U, or start with a larger --keep")
    app.type("jjm")
    #expect(app.model.marked == [3, 4])
  }

  @Test("that a delivery is marked is said once the ring has marked it, and one evicted before is told")
  func order() throws {
    var app = try app()
    let effects = app.model.update(.key(.character("m")), at: Fixture.start)
    #expect(app.model.notice == nil)
    guard case .mark(let sequences, true)? = effects.first else {
      Issue.record("\(effects)")
      return
    }
    // The ring says that it keeps no such delivery by marking nothing.
    _ = app.model.update(.marked(sequences, true, nil), at: Fixture.start)
    #expect(app.frame.last?.contains("#4 is not marked: it was evicted") == true)
    app.type("m")
    #expect(app.frame.last?.contains("#4 is marked") == true)
  }

  @Test("counts and diagnoses leave an evicted delivery also where an older one is marked")
  func counts() throws {
    var app = try app(6, keeping: 6)
    app.type("Gma")
    let failed = try Fixture.parlay(id: "f", header: "t=1,v1=00")
    try app.receive([failed])
    #expect(app.model.diagnoses[7] != nil)
    try app.receive(try (8...30).map { try Fixture.parlay(id: "\($0)") })
    #expect(app.model.diagnoses[7] == nil)
    let panel = try #require(app.model.panels.top as? SummaryPanel)
    #expect(panel.tally?.count == 6)
  }

  @Test("the sign and the count have their place", arguments: [(80, 24), (120, 36)])
  func frame(columns: Int, rows: Int) throws {
    var app = try App(columns: columns, rows: rows)
    try app.receive(try Fixture.mixed())
    app.type("jmjjm<Esc>g")
    expectFrame(app, "marked-\(columns)x\(rows)")
  }
}
