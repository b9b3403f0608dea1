import DequeModule
import JSON
import TestSupport
import Testing
import Webhooks

@testable import Monitor

@Suite("What is copied and exported from the screen")
struct CopyTests {
  private func app() throws -> App {
    var app = try App()
    try app.receive([
      try Fixture.parlay(id: "evt_9", data: #"{"a b":[1,{"note":"x\u0041"}],"n":1.50}"#)
    ])
    return app
  }

  private func order(_ app: App) throws -> CopyOrder {
    guard case .copy(let order)? = app.orders.last else { throw NothingOrdered() }
    return order
  }

  private func text(_ app: App) throws -> String {
    guard case .bytes(let bytes) = try order(app).content else { throw NothingOrdered() }
    return String(decoding: bytes, as: UTF8.self)
  }

  private struct NothingOrdered: Error {}

  @Test("Y copies the body as it was sent, and says so once it is done")
  func body() throws {
    var app = try app()
    app.type("Y")
    let order = try order(app)
    #expect(try text(app).hasPrefix(#"{"id":"evt_9","event":"analysis.completed""#))
    app.take(.copied(order, .given(bytes: 412, body: nil)))
    #expect(app.frame.last == " Copied the body of #1, 412 B")
    app.take(.copied(order, .given(bytes: 412, body: "/tmp/x")))
    #expect(app.frame.last == " Copied the body of #1, 412 B; it takes the body from /tmp/x")
    app.take(.copied(order, .written(path: "/tmp/x", bytes: 5)))
    #expect(app.frame.last == " The clipboard can't take the body of #1, 5 B: it is in /tmp/x")
    app.take(.copied(order, .failed("no room")))
    #expect(app.frame.last == " Nothing was copied: no room")
  }

  @Test("the name of the file that took a copy can be read on 80 columns, above the bottom line")
  func longNotice() throws {
    var app = try app()
    app.resize(80, 24)
    app.type("Y")
    let path = "/tmp/hooktop-zzNq2w/1-body"
    app.take(.copied(try order(app), .written(path: path, bytes: 81_234)))
    #expect(app.frame[23].hasSuffix(path) && app.frame[22].hasSuffix("it is in"))
    #expect(app.frame[22].hasPrefix(" The clipboard can't take"))
    app.take(.copied(try order(app), .written(path: "/" + String(repeating: "long", count: 90), bytes: 1)))
    #expect(app.frame.last?.hasSuffix("…") == true && app.frame[21].hasPrefix(" The clipboard"))
    app.type("j")
    #expect(!app.screen.contains("The clipboard"))
  }

  @Test("the menu copies headers, id, curl and diagnosis, by letter or by row")
  func menu() throws {
    var app = try app()
    app.type("yh")
    #expect(try text(app).hasPrefix("Host: 127.0.0.1:4747\nContent-Type: application/json\nX-Parlay-Event: "))
    #expect(app.model.panels.isEmpty)
    app.type("yi")
    #expect(try text(app) == "evt_9")
    app.type("yG<Enter>")
    #expect(
      try text(app).hasPrefix(
        "## #1 `analysis.completed`: valid\n\nReceived 2025-04-24T18:13:17.000000Z from Parlay.\n\n```\n✓ valid"
      ))
    app.type("yc")
    guard case .curl(let command) = try order(app).content else { throw NothingOrdered() }
    #expect(command.text().starts(with: "curl -X POST http://127.0.0.1:4747/ \\\n".utf8))
    app.type("yb")
    #expect(try order(app).what == "the body of #1" && order(app).fileName == "1-body")
  }

  @Test("the command for a receiver that signed its own certificate does not check it")
  func selfSigned() throws {
    var app = try App(source: .receiver(address: "https://127.0.0.1:4747", record: nil), fingerprint: "00")
    try app.receive([try Fixture.parlay()])
    app.type("yc")
    guard case .curl(let command) = try order(app).content else { throw NothingOrdered() }
    #expect(command.text().starts(with: "curl -X POST --http1.1 --insecure https://127.0.0.1:4747/ ".utf8))
  }

  @Test("the value at the body's cursor and its path are those of the line, in each view")
  func value() throws {
    var app = try app()
    app.type("3/note<Enter>yv")
    #expect(try text(app) == "xA")
    app.type("yp")
    #expect(try text(app) == #".data["a b"][1].note"#)
    app.type("<Esc>/1.50<Enter>yv")
    #expect(try text(app) == "1.50")
    app.type("<Esc>gyp")
    #expect(try text(app) == ".")
    app.type("b/note<Enter>yp")
    #expect(try text(app).hasPrefix("."))
  }

  @Test("where the body is no JSON, there is no value, and why is said")
  func noValue() throws {
    var app = try App()
    try app.receive([Request(headers: [.init("Host", "a")], body: Array("a=1".utf8))])
    app.type("yv")
    #expect(app.frame.last?.contains("Only the body of JSON has values") == true && app.orders.isEmpty)
    app.type("<Esc>yi")
    #expect(app.frame.last?.contains("Nothing was copied: there is no id of the event") == true)
  }

  @Test("no secret is in what is copied or exported")
  func secrets() throws {
    var app = try App()
    try app.receive([
      Request(
        headers: [.init("Host", "a"), .init("X", "whsec_monitor_test")],
        body: Array("whsec_monitor_test".utf8))
    ])
    app.type("Y")
    #expect(try text(app) == "[secret]")
    app.type("yh")
    #expect(try text(app) == "Host: a\nX: [secret]")
    app.type("yc")
    guard case .curl(let command) = try order(app).content else { throw NothingOrdered() }
    #expect(command.text().index(of: Array("whsec_".utf8)) == nil)
    for form in ExportForm.allCases {
      var exporter = app.model.exporter(form)
      let text = exporter.text(of: app.model.list.kept[0])
      #expect(text.index(of: Array("monitor_test".utf8)) == nil && !text.isEmpty, "\(form)")
      // In base64 neither.
      #expect(text.index(of: Base64.encoded(Array("whsec_monitor_test".utf8))) == nil)
    }
  }

  @Test("no secret is in the ids of an exported delivery, nor in what an app has printed of it")
  func secretsElsewhere() throws {
    let secret = "whsec_monitor_test"
    var app = try App()
    try app.receive([try Fixture.parlay(secret, id: secret)])
    let exchange = Exchange(
      at: Fixture.start, url: "http://app/?s=\(secret)",
      response: .init(
        status: 500, headers: [.init("X-Debug", "key \(secret)")], body: Array(secret.utf8)),
      milliseconds: .init(total: 1))
    var exporter = app.model.exporter(.ndjson)
    let lines = [
      exporter.text(of: app.model.list.kept[0]), exporter.text(of: exchange, sequence: 1),
    ]
    for line in lines {
      #expect(line.index(of: Array(secret.utf8)) == nil, "\(String(decoding: line, as: UTF8.self))")
      #expect(line.index(of: Array("[secret]".utf8)) != nil)
    }
    #expect(lines[1].index(of: Base64.encoded(Array("[secret]".utf8))) != nil)
    #expect(lines[1].index(of: Base64.encoded(Array(secret.utf8))) == nil)
  }

  @Test("no attempt is predicted after a saved request, of whose answer nothing is known")
  func noAnswer() throws {
    var app = try App(source: .session(name: "saved.har"))
    for (id, answer) in [
      ("1", Answer(status: nil, milliseconds: 0)), ("2", Answer(status: 500, milliseconds: 0)),
    ] {
      try app.receive([
        Arrival(
          receivedAt: Fixture.start, request: try Fixture.parlay(id: id),
          envelope: Envelope(provider: .parlay),
          verdict: Verdict(.ok), answer: answer)
      ])
      #expect(app.screen.contains("next attempt due") == (answer.status == 500))
    }
  }

  @Test("a token that a sender sends along is in nothing that leaves, be it known or not")
  func token() throws {
    var app = try App()
    let request = Request(
      headers: [
        .init("Host", "a"), .init("X-Gitlab-Event", "Push Hook"),
        .init("x-gitlab-token", "unknown-to-hooktop"),
      ], body: Array("{}".utf8))
    try app.receive([
      Arrival(
        receivedAt: Fixture.start, request: request, envelope: Envelope(provider: .gitLab),
        verdict: Verdict(.noSecret), answer: Answer(status: 200, milliseconds: 1))
    ])
    for form in ExportForm.allCases {
      var exporter = app.model.exporter(form)
      let text = exporter.text(of: app.model.list.kept[0])
      #expect(text.index(of: Array("unknown-to".utf8)) == nil && !text.isEmpty, "\(form)")
    }
    app.type("yh")
    #expect(try text(app).hasSuffix("x-gitlab-token: [secret]"))
    app.type("yc")
    guard case .curl(let command) = try order(app).content else { throw NothingOrdered() }
    #expect(command.text().index(of: Array("unknown-to".utf8)) == nil)
  }

  @Test("Markdown in received text means nothing, and no fence in it ends the code")
  func markdown() throws {
    var app = try App()
    try app.receive([
      try Fixture.parlay("a`</details>\u{1B}[2J", data: #"{"x":"\n````\n# heading <script>"}"#),
      Request(headers: [.init("Host", "a")], body: Array("```\n# x\n`````\n".utf8)),
    ])
    let exporter = app.model.exporter(.markdown)
    for delivery in app.model.list.kept {
      var one = exporter
      let text = String(decoding: one.text(of: delivery), as: UTF8.self)
      #expect(!text.contains("\u{1B}"))
      var fence: Substring?
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        let ticks = line.prefix { $0 == "`" }
        if let open = fence {
          if ticks.count >= open.count, ticks.count == line.count { fence = nil }
        } else if ticks.count >= 3 {
          fence = ticks
        } else {
          let parts = line.split(separator: "`", omittingEmptySubsequences: false)
          #expect(parts.count % 2 == 1 && !line.hasPrefix("# "), "\(line)")
          // What stands between two backquotes is code, too.
          for place in stride(from: 0, to: parts.count, by: 2) { #expect(!parts[place].contains("<")) }
        }
      }
      #expect(fence == nil)
    }
  }
}

@Suite("The export popup")
struct ExportPanelTests {
  private func app(_ count: Int = 4) throws -> App {
    var app = try App()
    try app.receive(try (1...count).map { try Fixture.parlay(id: "\($0)") })
    return app
  }

  private func order(_ app: App) throws -> ExportOrder {
    guard case .export(let order)? = app.orders.last else { throw NothingOrdered() }
    return order
  }

  private struct NothingOrdered: Error {}

  @Test("x exports the selected one in the chosen form to the named file")
  func selected() throws {
    var app = try app()
    app.type("jxj<Enter>")
    #expect(app.screen.contains("Export to: hooktop-3.har"))
    app.type("<C-u>/tmp/a.har<Enter>")
    let order = try order(app)
    #expect(order.deliveries.map(\.sequence) == [3] && order.path == "/tmp/a.har" && !order.overwrites)
    #expect(order.exporter.form == .har)
    #expect(app.screen.contains("0 of 1 written; Esc stops the export."))
    app.take(.exported(number: order.number, .written(path: "/tmp/a.har", bytes: 900)))
    #expect(app.model.panels.isEmpty && app.frame.last == " Exported to /tmp/a.har, 900 B")
    #expect(app.orders.count == 1)
  }

  @Test("a name that can't be written is offered again, to be corrected, for the same deliveries and form")
  func failed() throws {
    var app = try app()
    app.type("x<Enter><C-u>/none/a.ndjson<Enter>")
    app.take(.exported(number: try order(app).number, .failed("/none/a.ndjson can't be written")))
    #expect(app.frame.last == " Nothing was exported: /none/a.ndjson can't be written")
    app.type("<Enter>")
    #expect(app.screen.contains("Export to: /none/a.ndjson"))
    app.type("<Esc>j<Enter>")
    #expect(app.screen.contains("Export to: hooktop-4.har"))
    app.type("<Esc>ks<Enter>")
    #expect(app.screen.contains("Export to: hooktop-shown.ndjson"))
  }

  @Test("the end of a line that is pasted with the file's name is no part of it")
  func pasted() throws {
    var app = try app()
    app.type("x<Enter><C-u>")
    app.paste("/tmp/a b.ndjson\r\n")
    app.type("<Enter>")
    #expect(try order(app).path == "/tmp/a b.ndjson")
  }

  @Test("marked ones come first where there are any, s goes on to all shown")
  func choices() throws {
    var app = try app()
    app.type("mjjmx<Enter><Enter>")
    #expect(try order(app).deliveries.map(\.sequence) == [2, 4])
    app.type("<Esc>fseq:>1<Enter>xs<Enter>")
    #expect(app.screen.contains("hooktop-shown.ndjson"))
    app.type("<Enter>")
    #expect(try order(app).deliveries.map(\.sequence) == [2, 3, 4])
    app.type("<Esc>Uxs")
    #expect(app.screen.contains("3 deliveries: shown"))
    app.type("s")
    #expect(app.screen.contains("1 delivery: the selected one"))
  }

  @Test("a file that exists is overwritten only when told to, and Esc stops an export")
  func exists() throws {
    var app = try app()
    app.type("xo")
    #expect(app.frame.last?.contains("There is nothing to overwrite") == true)
    app.type("<Enter><Enter>")
    let first = try order(app)
    app.take(.exported(number: first.number, .exists))
    #expect(app.screen.contains("hooktop-4.ndjson exists: o overwrites it"))
    app.type("o")
    let second = try order(app)
    #expect(second.overwrites && second.number != first.number && second.path == first.path)
    app.take(.exported(number: second.number, .done(1)))
    #expect(app.screen.contains("1 of 1 written"))
    app.type("<Esc>")
    guard case .stop(second.number)? = app.orders.last else {
      Issue.record("\(app.orders)")
      return
    }
    // What comes of it afterwards belongs to nobody.
    app.take(.exported(number: second.number, .done(1)))
    #expect(app.model.panels.isEmpty)
    app.take(.exported(number: 99, .failed("no room")))
    #expect(app.frame.last == " Nothing was exported: no room")
  }
}
