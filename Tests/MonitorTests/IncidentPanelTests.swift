import Screen
import TestSupport
import Testing
import Webhooks

@testable import Monitor

/// An incident, opened: what went wrong, and the bytes that came.
@Suite struct IncidentPanelTests {
  private static let refused =
    "PUT /hooks?a=1 HTTP/1.1\r\nHost: 127.0.0.1:4747\r\nContent-Type: application/json\r\nContent-Length: 26\r\n\r\n"
    + #"{"event":"a.b","data":[1]}"#

  private func incident(
    _ bytes: [UInt8]?, of count: Int = 0, _ reason: Incident.Reason = .wrongMethod,
    detail: String = "PUT /hooks?a=1: webhooks are sent with POST", status: Int? = 405
  ) -> Incident {
    Incident(
      receivedAt: Fixture.start, reason: reason, detail: detail, peer: "127.0.0.1:9", status: status,
      received: bytes.map { Incident.Received($0, of: count) })
  }

  private func opened(_ incident: Incident, columns: Int = 120, rows: Int = 36) throws -> App {
    var app = try App(columns: columns, rows: rows)
    app.receive(incident)
    app.type("I<Enter>")
    return app
  }

  @Test("a frame of a request that is refused, as text and in hex", arguments: [(120, 36), (80, 24)])
  func frames(columns: Int, rows: Int) throws {
    var app = try opened(incident(Array(Self.refused.utf8)), columns: columns, rows: rows)
    expectFrame(app, "incident-text-\(columns)x\(rows)")
    app.type("b")
    expectFrame(app, "incident-hex-\(columns)x\(rows)")
  }

  @Test("what is no text is shown in hex at first, and can be read as text, safely")
  func bytes() throws {
    var app = try opened(
      incident([0x16, 0x03, 0x01, 0x1B, 0x5B, 0x41], .notHTTP, detail: "noise", status: nil))
    #expect(app.screen.contains("00000000  16 03 01 1b 5b 41"))
    #expect(app.screen.contains("answer   none: the connection was closed without one"))
    app.type("b")
    #expect(app.screen.contains("^V^C^A^[[A"))
    #expect(!app.screen.contains("\u{1B}"))
  }

  @Test("hostile bytes of a head and of a detail drive nothing")
  func hostile() throws {
    let head = "GET /\u{1B}[2J\u{202E} HTTP/1.1\r\nX: \u{9B}1m\r\n\r\n"
    let app = try opened(incident(Array(head.utf8), detail: "\u{1B}]0;x\u{7}\u{202E}"))
    #expect(!app.screen.unicodeScalars.contains { [0x1B, 0x9B, 0x7, 0x202E].contains($0.value) })
    #expect(app.screen.contains("\\u{202E}"))
  }

  @Test("how much came is said, and how much of it is kept")
  func count() throws {
    #expect(try opened(incident(Array("GET".utf8), of: 1)).screen.contains("3 bytes received:"))
    let large = incident([UInt8](repeating: 0x61, count: 5000), of: 12_000)
    #expect(try opened(large).screen.contains("The first 4,096 of 12,000 bytes received:"))
  }

  @Test("a line of a head that ends with a line feed alone says so")
  func lineFeeds() throws {
    let app = try opened(incident(Array("GET / HTTP/1.1\r\nHost: a\nX: b\r\n".utf8)))
    #expect(app.screen.contains("Host: a  LF alone"))
    #expect(!app.screen.contains("X: b  LF") && !app.screen.contains("1.1  LF"))
  }

  @Test("an incident without bytes opens, and b says why there are none to see")
  func none() throws {
    var app = try opened(incident(nil, .tooManyConnections, detail: "256 connections are open", status: nil))
    #expect(app.screen.contains("No bytes are kept"))
    app.type("b")
    #expect(app.frame.last == " No bytes are kept of this incident")
    app.type("<Esc>")
    #expect(app.model.panels.top is IncidentsPanel)
  }

  @Test("Enter opens the one that is selected, which stays open when others come")
  func selected() throws {
    var app = try App()
    for number in 1...3 {
      app.receive(incident(Array("n\(number)".utf8), detail: "number \(number)"))
    }
    app.type("Ij<Enter>")
    #expect(app.screen.contains("detail   number 2"))
    app.receive(incident(nil, detail: "number 4"))
    #expect(app.screen.contains("detail   number 2"))
    app.type("<Esc>g<Enter>")
    #expect(app.screen.contains("detail   number 4"))
  }

  @Test("J and K show the next and the previous one, which the list below then has selected")
  func steps() throws {
    var app = try App()
    for number in 1...3 { app.receive(incident(nil, detail: "number \(number)")) }
    app.type("I<Enter>J")
    #expect(app.screen.contains("detail   number 2"))
    // A newer one comes above it.
    app.receive(incident(nil, detail: "number 4"))
    app.type("]")
    #expect(app.screen.contains("detail   number 1"))
    app.type("J")
    #expect(app.screen.contains("detail   number 1"))
    #expect(app.frame.last == " No older incident is listed")
    app.type("KK")
    #expect(app.screen.contains("detail   number 3"))
    app.type("<Esc><Enter>")
    #expect(app.screen.contains("detail   number 3"))
    app.type("[K")
    #expect(app.screen.contains("detail   number 4") && app.frame.last == " No newer incident is listed")
  }

  @Test("where there is none, and for a line that could not be read, Enter says why it opens nothing")
  func nothing() throws {
    var app = try App()
    app.type("I<Enter>")
    #expect(app.frame.last == " There is no incident to open")
    app = try App(source: .session(name: "a"))
    app.receive(incident(nil, detail: "number 1"))
    var loading = Loading()
    loading.skip(.init(number: 7, error: .notJSON(at: 0)))
    app.take(.loading(loading))
    app.type("I<Enter>")
    #expect(app.frame.last == " There is nothing more to see of a line that could not be read")
    app.type("j<Enter>")
    #expect(app.screen.contains("detail   number 1"))
  }

  @Test("each reason has a sentence of its own", arguments: Incident.Reason.allCases)
  func reasons(reason: Incident.Reason) throws {
    let app = try opened(incident(nil, reason))
    #expect(app.frame.contains { $0.contains("│ what     ") && $0.contains(". ") })
    #expect(app.screen.contains("Incident  \(reason.rawValue)  18:13:17"))
  }
}
