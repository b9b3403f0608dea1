import TestSupport
import Screen
import Testing
import Webhooks

@testable import Monitor

@Suite struct ListTests {
  private func filled(_ count: Int) throws -> App {
    var app = try App()
    try app.receive((1...count).map { try Fixture.parlay(id: "evt_\($0)") })
    return app
  }

  @Test("following keeps the newest selected until the user moves away")
  func follow() throws {
    var app = try filled(5)
    #expect(app.model.list.selected == 5)
    app.type("j")
    #expect(app.model.list.selected == 4)
    #expect(!app.model.list.follows)
    try app.receive([try Fixture.parlay(id: "evt_9")])
    #expect(app.model.list.selected == 4)
    app.type("F")
    #expect(app.model.list.selected == 6)
  }

  @Test("arrivals move neither the selection nor the rows around it")
  func steady() throws {
    var app = try filled(80)
    app.type("<C-d>jj")
    let selected = app.model.list.selected
    let before = app.frame.filter { $0.contains("evt") || $0.contains("analysis") }.first { $0.contains("▸") }
    let row = app.frame.firstIndex { $0.contains("▸") }
    try app.receive((0..<200).map { try Fixture.parlay(id: "new_\($0)") })
    #expect(app.model.list.selected == selected)
    #expect(app.frame.firstIndex { $0.contains("▸") } == row)
    #expect(before != nil)
  }

  @Test("an incident that does not fit its row can be read whole below the list", arguments: [40, 80, 120])
  func wholeIncident(columns: Int) throws {
    var app = try filled(1)
    let reason = "the sender broke the handshake off, as one does that does not trust it: make it known there"
    for detail in ["short", reason] {
      app.receive(
        Incident(
          receivedAt: Fixture.start, reason: .notHTTP, detail: detail, peer: "127.0.0.1:5000", status: nil))
    }
    app.resize(columns, 24)
    app.type("I")
    #expect(app.screen.contains("known"))
    app.type("j")
    #expect(app.screen.contains("known") == (columns == 120))
  }

  private func receive(incidents count: Int, in app: inout App) {
    for number in 0..<count {
      app.receive(
        Incident(
          receivedAt: Fixture.start, reason: .aborted, detail: "number \(number)", peer: "p", status: nil))
    }
  }

  @Test("the selected incident stays selected and where it is, whatever comes", arguments: [0, 1, 40])
  func selectedIncident(moves: Int) throws {
    var app = try App(columns: 80, rows: 24)
    for number in 1...60 { app.receive(incident("number \(number).")) }
    app.type("I" + String(repeating: "j", count: moves))
    let expected = "number \(60 - moves)."
    let row = try #require(app.frame.firstIndex { $0.contains(expected) })
    for number in 61...63 { app.receive(incident("number \(number).")) }
    #expect(app.frame.firstIndex { $0.contains(expected) } == row)
    let panel = try #require(app.model.panels.top as? IncidentsPanel)
    #expect(panel.viewport.cursor.line == moves + 3)
    app.type("g")
    #expect(app.screen.contains("number 63."))
  }

  @Test("what happened outside is told in the bottom line until the next key")
  func noticed() throws {
    var app = try App()
    app.take(.noticed("session.ndjson was removed"))
    #expect(app.frame.last == " session.ndjson was removed")
    app.type("j")
    #expect(app.frame.last != " session.ndjson was removed")
  }

  private func incident(_ detail: String) -> Incident {
    Incident(receivedAt: Fixture.start, reason: .timeout, detail: detail, peer: "", status: 408)
  }

  @Test("where more incidents came than are listed, their list says so")
  func manyIncidents() throws {
    var app = try filled(1)
    receive(incidents: 1001, in: &app)
    app.type("I")
    #expect(app.screen.contains("Incidents  1,001, the newest 1,000 listed"))
    #expect(app.screen.contains("number 1000"))
  }

  @Test("freezing holds the view, counts what waits, and loses nothing")
  func freeze() throws {
    var app = try filled(3)
    app.type("=")
    try app.receive([try Fixture.parlay(id: "a"), try Fixture.parlay(id: "b")])
    #expect(app.model.list.rowCount == 3)
    #expect(app.screen.contains("frozen +2 new"))
    app.type("=")
    #expect(app.model.list.rowCount == 5)
  }

  @Test("where all of a frozen view has been pushed out, it says so and how to go on")
  func lostFrozen() throws {
    var app = try filled(2)
    app.type("=")
    var batch = Journal.Batch()
    batch.deliveries = try (3...4).map { try #require(app.model.list.kept.last).with(sequence: UInt64($0)) }
    batch.firstKept = 3
    app.take(.arrived(batch))
    #expect(app.screen.contains("Every delivery in the frozen view has been evicted."))
    app.type("=")
    #expect(app.model.list.rowCount == 2)
  }

  @Test("a list of incidents that is longer than its box says where in it the selected one stands")
  func incidentPosition() throws {
    var app = try filled(1)
    receive(incidents: 60, in: &app)
    app.type("Ijj")
    #expect(app.screen.contains(" 3/60 "))
  }

  @Test("e and E walk the failed signatures only")
  func failed() throws {
    var app = try App()
    try app.receive(try Fixture.mixed())
    app.type("e")
    #expect(app.model.list.selection?.verdict.reason == .spaceAroundKey)
    app.type("e")
    #expect(app.model.list.selection?.verdict.reason == .noV1Matches)
    app.type("e")
    #expect(app.frame.last == " No failed signature below")
    app.type("EE")
    #expect(app.model.list.selection?.verdict.status == .missing)
  }

  @Test("a selected delivery that is pushed out hands over to its nearest neighbour")
  func evicted() throws {
    var app = try App()
    let ring = Journal(limits: .init(deliveries: 3))
    var cursor = Journal.Cursor()
    for index in 1...6 {
      let request = try Fixture.parlay(id: "evt_\(index)")
      try! ring.append(
        Arrival(
          receivedAt: Fixture.start, request: request, envelope: Envelope(reading: request),
          verdict: Verdict(.ok), answer: Answer(status: 200, milliseconds: 0)))
      app.take(.arrived(ring.read(after: &cursor)))
      if index == 3 { app.type("G") }
    }
    #expect(app.model.list.selected == 4)
    #expect(app.model.list.rowCount == 3)
    #expect(app.model.counts.evicted == 3)
  }
}
