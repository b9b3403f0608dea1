import Screen
import Testing
import Webhooks

@testable import Monitor

@Suite struct FrameTests {
  private func mixed(_ columns: Int, _ rows: Int, charset: Charset = .utf8) throws -> App {
    var app = try App(columns: columns, rows: rows, charset: charset)
    try app.receive(try Fixture.mixed())
    app.receive(
      Incident(
        receivedAt: Fixture.start, reason: .wrongMethod, detail: "GET /", peer: "127.0.0.1:9", status: 405))
    return app
  }

  @Test("four panes from 100 columns on", arguments: [(100, 30), (120, 36), (200, 60)])
  func wide(columns: Int, rows: Int) throws {
    expectFrame(try mixed(columns, rows), "wide-\(columns)x\(rows)")
  }

  @Test("a list and tabs below 100 columns", arguments: [(80, 24), (60, 20), (40, 8)])
  func narrow(columns: Int, rows: Int) throws {
    expectFrame(try mixed(columns, rows), "narrow-\(columns)x\(rows)")
  }

  @Test(
    "every popup and mode",
    arguments: [
      ("help", "?"), ("palette", ":fold"), ("types", "T "), ("incidents", "I"), ("summary", "a"),
      ("filter-error", "fnope:1<Enter>"),
      ("failed", "ee"), ("maximised-body", "jj3<Enter>"), ("hex", "3b"), ("headers", "4"),
      ("filtered", "sL"),
      ("frozen", "="), ("stale", "Gs"),
    ])
  func mode(name: String, keys: String) throws {
    var app = try mixed(120, 36)
    app.type(keys)
    expectFrame(app, "mode-\(name)")
  }

  @Test("without UTF-8, borders and signs are ASCII")
  func ascii() throws {
    let app = try mixed(120, 36, charset: .ascii)
    #expect(app.screen.utf8.allSatisfy { $0 < 0x80 })
    expectFrame(app, "ascii-120x36")
  }

  @Test("an empty screen says what to do")
  func empty() throws {
    expectFrame(try App(columns: 80, rows: 24), "empty-80x24")
  }
}
