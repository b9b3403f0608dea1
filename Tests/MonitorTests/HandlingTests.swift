import DequeModule
import Screen
import Testing
import Webhooks

@testable import Monitor

@Suite("Recording, clearing and the mouse")
struct HandlingTests {
  private func app(_ count: Int = 4, columns: Int = 120, rows: Int = 36, losesDeliveries: Bool = true) throws
    -> App
  {
    var app = try App(columns: columns, rows: rows, losesDeliveries: losesDeliveries)
    try app.receive(try (1...count).map { try Fixture.parlay(id: "\($0)") })
    return app
  }

  @Test("W asks for a file, says that it records, and W again stops")
  func record() throws {
    var app = try app()
    app.type("W")
    #expect(app.screen.contains("Record to: session.ndjson"))
    app.type("<C-u>/tmp/s.ndjson<Enter>")
    guard case .record("/tmp/s.ndjson")? = app.orders.last else {
      Issue.record("\(app.orders)")
      return
    }
    app.take(.recording(.failed("/tmp/s.ndjson is being recorded to by another program")))
    #expect(app.frame.last?.contains("Not recording: /tmp/s.ndjson is being") == true)
    #expect(!app.frame[0].contains("recording"))
    app.type("W")
    #expect(app.screen.contains("Record to: /tmp/s.ndjson"))
    app.type("<Esc>")
    app.take(.recording(.began(path: "/tmp/s.ndjson")))
    #expect(app.frame[0].contains("recording to s.ndjson"))
    app.type("W")
    guard case .record(nil)? = app.orders.last else {
      Issue.record("\(app.orders)")
      return
    }
    app.take(.recording(.ended))
    #expect(app.frame.last?.contains("Stopped recording to /tmp/s.ndjson") == true)
    app.type("W")
    #expect(app.screen.contains("Record to: /tmp/s.ndjson"))
  }

  @Test("only what came while nothing was recorded is lost when quitting")
  func unrecorded() throws {
    var app = try app(3)
    app.take(.recording(.began(path: "s")))
    try app.receive([try Fixture.parlay(id: "9")])
    app.type("q")
    #expect(app.screen.contains("3 deliveries received and not recorded: quitting loses them."))
    #expect(app.model.summary == "4 received, 0 failed, 3 not recorded")
    var recorded = try App(source: .receiver(address: "http://a", record: "s"), losesDeliveries: true)
    try recorded.receive([try Fixture.parlay()])
    recorded.type("q")
    #expect(recorded.model.isFinished && recorded.model.summary == "1 received, 0 failed")
  }

  @Test("z clears the list after a question, and marked deliveries stay")
  func clear() throws {
    var app = try app()
    app.type("jmz")
    #expect(app.screen.contains("y drops 3 deliveries from the ring buffer."))
    #expect(app.screen.contains("3 of them are recorded nowhere, and lost"))
    #expect(app.screen.contains("1 marked delivery will stay."))
    app.type("<Esc>")
    #expect(app.model.list.kept.count == 4)
    app.type("zy")
    #expect(app.model.list.kept.map(\.sequence) == [3] && app.model.list.rowCount == 1)
    #expect(app.frame.last?.contains("The list was cleared; 1 marked one left") == true)
    #expect(app.frame[0].contains("4 received") && app.frame[0].contains("0 evicted"))
    app.type("Uzy")
    #expect(app.model.list.kept.isEmpty && app.model.inspection == nil)
    app.type("z")
    #expect(app.frame.last?.contains("There is nothing to clear") == true)
    try app.receive([try Fixture.parlay(id: "5")])
    #expect(app.model.list.kept.map(\.sequence) == [5] && app.model.list.selected == 5)
    #expect(app.model.summary == "5 received, 0 failed, 1 not recorded")
  }

  @Test("a recorded session is neither cleared nor recorded")
  func session() throws {
    var app = try App(source: .session(name: "s.ndjson"))
    try app.receive([try Fixture.parlay()])
    app.type("z")
    #expect(app.frame.last?.contains("read-only") == true && app.model.panels.isEmpty)
    app.type("W")
    #expect(app.frame.last?.contains("recorded session already") == true && app.model.panels.isEmpty)
  }

  private func place(of text: String, in app: App) throws -> Point {
    let row = try #require(app.frame.firstIndex { $0.contains(text) })
    let start = try #require(app.frame[row].firstRange(of: text)?.lowerBound)
    return Point(column: app.frame[row].distance(from: app.frame[row].startIndex, to: start), row: row)
  }

  @Test("% turns the mouse on and off")
  func toggle() throws {
    var app = try app()
    for isOn in [true, false] {
      app.type("%")
      guard case .mouse(isOn)? = app.orders.last else {
        Issue.record("\(app.orders)")
        return
      }
      #expect(app.frame.last?.contains(isOn ? "hold Shift" : "Mouse off") == true)
    }
  }

  @Test(
    "a click selects the row of a delivery, focuses a pane and its line, and the wheel moves what it is over")
  func panes() throws {
    var app = try app(60)
    let rows = app.model.layout.inside(.deliveries)
    app.take(.mouse(Mouse(.press, at: Point(column: rows.column + 3, row: rows.row + 4))))
    #expect(app.model.list.selected == 57 && app.model.focus == .deliveries)
    app.take(.mouse(Mouse(.press, at: Point(column: rows.column, row: rows.row))))
    #expect(app.model.list.selected == 57)
    app.take(.mouse(Mouse(.wheelDown, at: rows.origin)))
    #expect(app.model.list.selected == 54)
    let body = app.model.layout.inside(.body)
    app.take(.mouse(Mouse(.press, at: Point(column: body.column + 2, row: body.row + 3))))
    #expect(app.model.focus == .body && app.model.inspection?.parts[.body]?.viewport.cursor.line == 3)
    app.take(.mouse(Mouse(.wheelUp, at: rows.origin)))
    #expect(app.model.list.selected == 57 && app.model.focus == .body)
    for column in stride(from: 0, to: app.model.size.columns, by: 13) {
      for row in 0..<app.model.size.rows {
        var other = app
        other.take(.mouse(Mouse(.wheelDown, at: Point(column: column, row: row))))
        #expect(other.model.list.rowCount == 60)
      }
      app.take(.mouse(Mouse(.press, at: Point(column: 500 + column, row: 900))))
    }
  }

  @Test(
    "a click on a hint does what its key does, on a tab shows its pane, and on a popup's row selects that")
  func others() throws {
    var app = try app(5, columns: 80, rows: 24)
    app.take(.mouse(Mouse(.press, at: try place(of: "Headers", in: app))))
    #expect(app.model.detail == .headers && app.model.focus == .headers)
    app.take(.mouse(Mouse(.press, at: try place(of: "? help", in: app))))
    #expect(app.model.panels.top is HelpPanel)
    app.take(.mouse(Mouse(.wheelDown, at: Point(column: 40, row: 10))))
    #expect((app.model.panels.top as? HelpPanel)?.viewport.top.line == 3)
    app.type("<Esc>y")
    app.take(.mouse(Mouse(.press, at: try place(of: "headers", in: app))))
    app.type("<Enter>")
    guard case .copy(let order)? = app.orders.last else {
      Issue.record("\(app.orders)")
      return
    }
    #expect(order.what == "the headers of #5")
    // Where a notice stands, there is no hint.
    app.take(.noticed("a notice"))
    app.take(.mouse(Mouse(.press, at: Point(column: 2, row: 23))))
    #expect(app.model.panels.isEmpty && app.model.notice == nil)
  }
}
