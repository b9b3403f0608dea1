import JSON
import Screen
import TestSupport
import Testing
import Webhooks

@testable import Monitor

@Suite("What the developer's app answered, on the screen")
struct AppPaneTests {
  private func exchange(
    _ status: Int?, _ failure: Exchange.Failure? = nil, took: Double = 12.1, body: String = "ok",
    purpose: Exchange.Purpose = .forward
  ) -> Exchange {
    let headers: Headers = [.init("Content-Type", "text/plain"), .init("X-\u{1B}[2J", "a\u{202E}b")]
    return Exchange(
      at: Fixture.start, purpose: purpose, url: "http://127.0.0.1:3000/hook",
      response: status.map { .init(status: $0, headers: headers, body: Array(body.utf8)) }, failure: failure,
      milliseconds: .init(connect: 0.3, firstByte: status == nil ? nil : took - 0.3, total: took))
  }

  private func app(columns: Int = 120, rows: Int = 36) throws -> App {
    try App(columns: columns, rows: rows, forward: "127.0.0.1:3000")
  }

  private func row(_ app: App, _ number: Int) -> String? {
    app.frame.first { $0.dropFirst(2).drop { $0 == " " }.hasPrefix("\(number) ") && $0.contains(" parlay ") }
  }

  @Test("the list says that the app is asked, then what it said and in what time")
  func column() throws {
    var app = try app()
    let delivery = try app.hold(try Fixture.parlay("a.b", id: "1"))
    #expect(row(app, 1)?.contains("\u{2713} ok        \u{2026}") == true, "\(app.screen)")
    #expect(app.screen.contains("answer  none yet: the app is asked"))
    try app.settle(delivery, exchange(200))
    #expect(row(app, 1)?.contains("\u{2713} ok        200 13ms") == true, "\(app.screen)")
    #expect(app.screen.contains("answer  200, Parlay takes it as delivered"))
    #expect(app.screen.contains("took    12.1 ms: connect 0.3, first byte 11.8"))
    #expect(app.frame[0].contains("\u{2192} 127.0.0.1:3000"))
  }

  @Test("one whose sender was answered at once is shown as asked until the app answers")
  func asked() throws {
    var app = try app()
    try app.receive([try Fixture.parlay("a.b", id: "1")])
    #expect(app.model.list.rowCount == 1 && row(app, 1)?.contains("\u{2026}") == false)
    app.happen(.asked, to: 1)
    #expect(row(app, 1)?.contains("\u{2713} ok        \u{2026}") == true, "\(app.screen)")
    app.type("fapp:none<Enter>")
    #expect(app.model.list.rowCount == 0)
    app.type("\\5<Enter>")
    #expect(app.screen.contains("The app has not answered yet."))
    app.happen(.exchanged(exchange(200)), to: 1)
    app.type("<Esc>")
    #expect(row(app, 1)?.contains("\u{2713} ok        200 13ms") == true, "\(app.screen)")
  }

  @Test(
    "what went wrong stands in the list by its name, and in the pane in words",
    arguments: Exchange.Failure.allCases)
  func failures(failure: Exchange.Failure) throws {
    var app = try app(columns: 200, rows: 60)
    try app.settle(try app.hold(try Fixture.parlay("a.b", id: "1")), exchange(nil, failure))
    #expect(row(app, 1)?.contains(" \(failure.rawValue) ") == true)
    #expect(app.screen.contains("\u{2717} \(failure.rawValue): "))
    #expect(app.screen.contains("answer  \(exchange(nil, failure).gatewayStatus), Parlay tries again"))
  }

  @Test("a disagreement is marked, counted, said in a sentence, and d goes to it", arguments: [true, false])
  func disagreement(isValid: Bool) throws {
    var app = try app()
    let request = try Fixture.parlay("a.b", id: "1", header: isValid ? nil : "t=1,v1=00")
    try app.settle(try app.hold(request), exchange(isValid ? 401 : 200))
    for id in ["2", "3"] { try app.settle(try app.hold(try Fixture.parlay("a.b", id: id)), exchange(200)) }
    #expect(app.frame[0].contains("1 disagree"))
    #expect(row(app, 1)?.contains(isValid ? "401 13ms !" : "200 13ms !") == true, "\(app.screen)")
    app.type("d")
    #expect(app.model.list.selected == 1)
    app.type("5<Enter>")
    #expect(
      app.screen.contains(
        isValid
          ? "Your app refused a valid delivery (401): it may verify a parsed body, or hold another secret."
          : "Your app ACCEPTED a delivery whose signature fails."))
    app.type("d")
    #expect(app.frame.last == " No disagreement below")
    app.type("fdisagree<Enter>")
    #expect(app.model.list.rowCount == 1)
  }

  @Test("the time is held against the sender's patience: a warning from half of it, and a failure beyond")
  func patience() throws {
    for (took, words) in [
      (14_000.0, nil), (15_000, "of the 30 s that Parlay waits"),
      (30_000, "Parlay would have counted this as failed: it waits 30 s"),
    ] as [(Double, String?)] {
      var app = try app(columns: 300, rows: 60)
      try app.settle(try app.hold(try Fixture.parlay("a.b", id: "1")), exchange(200, took: took))
      #expect(app.screen.contains("that Parlay waits") == (took == 15_000))
      #expect(words.map(app.screen.contains) ?? true, "\(app.screen)")
      #expect(row(app, 1)?.contains("200 \(Int(took / 1000))s") == true)
    }
  }

  @Test(
    "the newest exchange comes first and with its body, and nothing that the app sent drives the terminal")
  func several() throws {
    var app = try app(columns: 200, rows: 60)
    let delivery = try app.hold(try Fixture.parlay("a.b", id: "1"))
    try app.settle(delivery, exchange(500))
    try app.settle(delivery, exchange(201, body: "{\"a\":[1,\"\u{202E}x\"]}", purpose: .replay))
    app.type("5<Enter>")
    let lines = app.frame
    let (first, second) = (
      lines.firstIndex { $0.contains("201  replay") }, lines.firstIndex { $0.contains("500") }
    )
    #expect(first.map { one in second.map { one < $0 } ?? false } == true, "\(app.screen)")
    #expect(lines.contains { $0.contains("\"a\": [") })
    #expect(!app.screen.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E })
  }

  @Test(
    "of a large response the first 64 KiB are shown as the whole is laid out, and how much that is",
    arguments: [false, true])
  func large(isCut: Bool) throws {
    var app = try app(columns: 200, rows: 60)
    let body = Array("{\"a\":[\(String(repeating: "1,", count: isCut ? 131_072 : 48_829))1]}".utf8)
    let kept = Array(body.prefix(Exchange.Response.bodyLimit))
    var exchange = exchange(200)
    exchange.response = .init(
      status: 200, headers: [.init("Content-Type", "application/json")], body: kept,
      bodySize: isCut ? 1 << 20 : body.count)
    try app.settle(try app.hold(try Fixture.parlay("a.b", id: "1")), exchange)
    app.type("5<Enter>")
    // What was cut is no JSON any more.
    #expect(app.screen.contains(isCut ? #"{"a":[1,1,1"# : #""a": ["#), "\(app.screen)")
    app.type("G")
    #expect(app.screen.contains("64.0K of \(isCut ? "1.0M" : "95.4K") are shown"), "\(app.screen)")
  }

  @Test("without an app the pane says how to send deliveries on")
  func none() throws {
    var app = try App(columns: 200)
    try app.receive([try Fixture.parlay("a.b", id: "1")])
    app.type("5<Enter>")
    #expect(app.screen.contains("--forward http://127.0.0.1:3000"))
    app.type("<Esc>d")
    #expect(app.frame.last == " No app is configured: start hooktop with --forward")
  }

  @Test("a sentence of the pane is wrapped, and so read whole", arguments: [40, 60, 120])
  func sentence(columns: Int) throws {
    var app = try App(columns: columns, rows: 36)
    try app.receive([try Fixture.parlay()])
    app.type("5")
    let words = app.screen.split { !$0.isLetter }
    #expect(["Start", "send", "each", "delivery", "on", "yours"].allSatisfy { words.contains($0[...]) })
    app.type("$")
    #expect(app.frame.last == " Every line is wrapped here")
  }
}
