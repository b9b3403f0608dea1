import Testing
import Webhooks

@testable import Monitor

@Suite struct AlarmTests {
  private let refusal = Incident(
    receivedAt: Timestamp(microseconds: Fixture.start.microseconds + 500_000), reason: .notStored,
    detail: "a delivery could not be stored: s.ndjson can't be written: No space left on device",
    peer: "127.0.0.1:4", status: 503)

  @Test("what can't be stored takes the top line, through keys, until a delivery is stored again")
  func banner() throws {
    var app = try App(source: .receiver(address: "http://127.0.0.1:4747", record: "s.ndjson"))
    try app.receive([try Fixture.parlay()])
    app.receive(refusal)
    let due = " ✗ a delivery could not be stored: s.ndjson can't be written: No space left on device"
    #expect(app.frame.first == due)
    app.type("j<Esc>")
    #expect(app.frame.first == due)
    try app.receive([try Fixture.parlay(id: "evt_2")])
    #expect(app.frame.first?.contains("http://127.0.0.1:4747") == true)
    #expect(app.frame.first?.contains("2 received") == true)
  }

  @Test("the top line says that a session is recorded, and where to as far as there is room")
  func recording() throws {
    let source = Source.receiver(address: "http://127.0.0.1:4747", record: "s.ndjson")
    #expect(try App(columns: 120, source: source).frame[0].contains("4747  recording to s.ndjson"))
    #expect(try App(columns: 50, rows: 20, source: source).frame[0].contains("recording"))
  }
}
