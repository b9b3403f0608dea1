import Diagnosis
import JSON
import Screen
import TestSupport
import Testing
import Webhooks

@testable import Monitor

@Suite("Replay, check and answers on demand")
struct ActingTests {
  private static let url = "http://127.0.0.1:3000/hook"

  private func app(hasApp: Bool = true, source: Source? = nil) throws -> App {
    try App(
      source: source ?? .receiver(address: "http://127.0.0.1:4747"),
      apps: Apps(
        url: { _ in hasApp ? Self.url : nil },
        fault: { $0.hasPrefix("http://127.0.0.1:3") ? nil : "Give an http or https URL" }))
  }

  private func replay(_ app: App) throws -> ReplayOrder {
    guard case .replay(let order)? = app.orders.last, app.orders.count == 1 else {
      throw NotOrdered(orders: app.orders)
    }
    return order
  }

  private struct NotOrdered: Error {
    let orders: [Order]
  }

  @Test("r sends the selected delivery as it was to the app that it goes to")
  func again() throws {
    var app = try app()
    try app.receive([try Fixture.parlay(id: "1"), try Fixture.parlay(id: "2")])
    app.type("jr")
    let order = try replay(app)
    #expect(order.delivery.sequence == 1 && order.url == Self.url && order.secret == nil)
    app.take(.replayed(of: 1, .sent(sequence: 3, Fixture.replay(401))))
    #expect(app.frame.last?.hasPrefix(" #1 was replayed as #3: 401, 12.3 ms") == true)
    app.take(.replayed(of: 1, .failed("it could not be recorded: no space is left")))
    #expect(app.frame.last?.hasPrefix(" #1 was not replayed: it could not be recorded") == true)
  }

  @Test("where no app is known its URL is asked for once, and a wrong one stays to be mended")
  func asked() throws {
    var app = try app(hasApp: false)
    try app.receive([try Fixture.parlay(id: "1")])
    app.type("r")
    #expect(app.orders.isEmpty && app.frame.last?.contains("URL of the app") == true)
    app.type("<C-u>nowhere<Enter>")
    #expect(app.orders.isEmpty && app.screen.contains("Give an http or https URL"))
    app.type("<C-u>http://127.0.0.1:3001<Enter>")
    #expect(try replay(app).url == "http://127.0.0.1:3001")
    app.type("r")
    #expect(app.orders.count == 2)
  }

  @Test("R signs the delivery again, or sends it elsewhere")
  func menu() throws {
    var app = try app()
    try app.receive([try Fixture.parlay(id: "1")])
    app.type("R")
    #expect(app.screen.contains("signed again now") && app.screen.contains("to \(Self.url)"))
    app.type("j<Enter>")
    let order = try replay(app)
    #expect(order.secret?.label == "parlay" && order.url == Self.url)
    app.type("RG<Enter>")
    #expect(app.frame.last?.contains("URL of the app") == true)
    app.type("<C-u>http://127.0.0.1:3002<Enter>")
    guard case .replay(let second)? = app.orders.last else { throw NotOrdered(orders: app.orders) }
    #expect(second.secret?.label == "parlay" && second.url == "http://127.0.0.1:3002")
  }

  @Test("R has the request edited, and sends what became of it as it stands or signed again")
  func edited() throws {
    var app = try app()
    try app.receive([try Fixture.parlay(id: "1")])
    app.editing = { order in
      let text = String(decoding: order.text, as: UTF8.self).replacing("analysis.completed", with: "x.y")
      return (try? order.read(Array((text + "\n").utf8))).map(EditOutcome.edited) ?? .failed("unreadable")
    }
    app.type("Rjj<Enter>")
    let order = try replay(app)
    #expect(order.secret == nil && order.url == Self.url && order.delivery.sequence == 1)
    #expect(order.edited?.headers.first("x-parlay-event") == "x.y")
    #expect(app.frame.last?.contains("without the newline that the editor added at its end") == true)
    app.type("Rjjj<Enter>")
    guard case .replay(let signed)? = app.orders.last else { throw NotOrdered(orders: app.orders) }
    #expect(signed.secret?.label == "parlay" && signed.edited != nil)
  }

  @Test("nothing is sent where nothing was changed, or the editor failed, and that is said")
  func notEdited() throws {
    var app = try app()
    try app.receive([try Fixture.parlay(id: "1")])
    app.type("Rjj<Enter>")
    #expect(app.frame.last?.contains("Nothing was sent: nothing was changed") == true)
    app.editing = { _ in .failed("vi ended with status 1") }
    app.type("Rjj<Enter>")
    #expect(app.frame.last?.contains("Nothing was sent: vi ended with status 1") == true)
    #expect(app.orders.isEmpty && app.model.panels.isEmpty)
  }

  @Test("what has no secret can't be signed, and R says why")
  func unsigned() throws {
    var app = try app()
    try app.receive([Request(headers: Headers([.init("Host", "a")]), body: Array("hello".utf8), peer: "a")])
    app.type("Rj<Enter>")
    #expect(app.orders.isEmpty && app.screen.contains("The provider is not known, so nothing can be signed"))
    app.type("<Esc>C")
    #expect(app.orders.isEmpty && app.screen.contains("The provider is not known, so no probe can be signed"))
  }

  @Test("a recorded session is read-only", arguments: ["r", "R", "C", "A"])
  func readOnly(key: String) throws {
    var app = try app(source: .session(name: "s.ndjson"))
    try app.receive([try Fixture.parlay(id: "1")])
    app.type(key)
    #expect(app.orders.isEmpty && app.frame.last?.contains("A recorded session is read-only") == true)
  }

  @Test("r offers to replay the marked deliveries, oldest first, and shows what comes of each")
  func marked() throws {
    var app = try app()
    try app.receive(try (1...4).map { try Fixture.parlay(id: "\($0)") })
    app.type("mjjmr")
    #expect(app.orders.isEmpty && app.screen.contains("Replay 2 marked deliveries"))
    app.type("<Enter>")
    guard case .replayAll(let order)? = app.orders.last else { throw NotOrdered(orders: app.orders) }
    #expect(order.replays.map(\.delivery.sequence) == [2, 4])
    #expect(order.replays.allSatisfy { $0.url == Self.url && $0.secret == nil })
    app.take(.batch(number: order.number + 1, .done(.failed("of another"))))
    app.take(.batch(number: order.number, .done(.sent(sequence: 5, Fixture.replay(200)))))
    #expect(app.screen.contains("#2  analysis.completed  200, 12.3 ms, as #5"))
    #expect(app.screen.contains("#4  analysis.completed  waiting for the app"))
    #expect(app.screen.contains("1 of 2 sent: 1 accepted, 0 not") && !app.screen.contains("of another"))
    app.take(.batch(number: order.number, .done(.failed("it could not be recorded"))))
    app.take(.batch(number: order.number, .finished))
    #expect(app.screen.contains("2 of 2 sent: 1 accepted, 1 not"))
    // What was sent is not sent twice by the same key.
    app.type("<Enter>")
    #expect(app.orders.count == 1 && app.screen.contains("They were sent already"))
    app.type("<Esc>")
    #expect(app.orders.count == 1 && app.model.panels.isEmpty)
  }

  @Test("marked deliveries can be signed again, or left for the selected one")
  func markedOptions() throws {
    var app = try app()
    try app.receive(try (1...3).map { try Fixture.parlay(id: "\($0)") })
    app.type("mjmjrs<Enter>")
    guard case .replayAll(let order)? = app.orders.last else { throw NotOrdered(orders: app.orders) }
    #expect(order.replays.map(\.secret?.label) == ["parlay", "parlay"])
    app.type("<Esc>")
    guard case .stop(order.number)? = app.orders.last else { throw NotOrdered(orders: app.orders) }
    #expect(app.frame.last?.contains("Stopped after 0 of 2 sent") == true)
    app.type("ro")
    guard case .replay(let single)? = app.orders.last else { throw NotOrdered(orders: app.orders) }
    #expect(single.delivery.sequence == 1 && app.model.panels.isEmpty)
    try app.receive([Request(headers: Headers([.init("Host", "a")]), body: Array("hello".utf8), peer: "a")])
    app.type("gmrs")
    #expect(app.screen.contains("There is no secret to sign #4 with"))
  }

  @Test("where no app is known for a marked one its URL is asked for first")
  func markedAsked() throws {
    var app = try app(hasApp: false)
    try app.receive([try Fixture.parlay(id: "1")])
    app.type("mr<C-u>http://127.0.0.1:3001<Enter>")
    #expect(app.screen.contains("Replay 1 marked delivery"))
    #expect(app.screen.contains("to http://127.0.0.1:3001"))
    app.type("<Enter>")
    guard case .replayAll(let order)? = app.orders.last else { throw NotOrdered(orders: app.orders) }
    #expect(order.replays.map(\.url) == ["http://127.0.0.1:3001"])
  }

  @Test("C orders a check, shows each answer as it comes, and the sum at its end")
  func check() throws {
    var app = try app()
    try app.receive([try Fixture.parlay(id: "1")])
    app.type("C")
    guard case .check(let order)? = app.orders.last else { throw NotOrdered(orders: app.orders) }
    #expect(order.secret.label == "parlay" && order.url == Self.url && order.delivery.sequence == 1)
    #expect(app.screen.contains("Waiting for the app."))
    // Of a check that was closed before.
    app.take(.checked(try Fixture.progress([200], number: order.number + 1)))
    #expect(app.screen.contains("Waiting for the app."))
    var progress = try Fixture.progress([200, 200, 200])
    app.take(.checked(progress))
    #expect(
      app.frame.contains { $0.contains("\u{2717} wrong   no signature header") && $0.contains("refuse") })
    #expect(app.screen.contains("3 of \(Probe.all.count) sent"))
    progress.isFinished = true
    app.take(.checked(progress))
    #expect(app.screen.contains("3 probes: 1 wrong, 0 lenient"))
    app.type("<Esc>")
    #expect(app.orders.count == 1 && app.model.panels.isEmpty)
  }

  @Test("every column of a check has room on 80 columns, also for an answer that takes half a minute")
  func checkColumns() throws {
    var app = try app()
    app.resize(80, 40)
    try app.receive([try Fixture.parlay(id: "1")])
    app.type("C")
    var progress = try Fixture.progress(Probe.all.map { _ in 200 })
    progress.exchanges = progress.exchanges.map { _ in
      Exchange(at: Fixture.start, url: Self.url, failure: .unreachable, milliseconds: .init(total: 29_999.9))
    }
    app.take(.checked(progress))
    #expect(app.frame.contains { $0.contains("got         took") })
    for row in progress.report.rows {
      let line = try #require(app.frame.first { $0.contains(" \(row.probe.title) ") }, "\(row.probe.id)")
      #expect(line.contains(" unreachable 29999.9 ms"), "\(line)")
    }
  }

  @Test("a check is stopped where its panel is closed, by whatever key", arguments: ["q", "<Esc>", "<C-c>"])
  func stopped(key: String) throws {
    var app = try app()
    try app.receive([try Fixture.parlay(id: "1")])
    app.type("C" + key)
    guard case .stop(1)? = app.orders.last else { throw NotOrdered(orders: app.orders) }
    #expect(app.model.panels.isEmpty)
  }

  @Test("A puts a rule in force, and the top line says so for as long as it is", arguments: [80, 120, 200])
  func answers(columns: Int) throws {
    var app = try app()
    app.resize(columns, 36)
    app.type("Aj<Enter>")
    guard case .arm(let rule)? = app.orders.last else { throw NotOrdered(orders: app.orders) }
    #expect(rule.name.text == "status 500 x3")
    let rules = AnswerRules([rule])
    app.take(.armed(rules.armed))
    #expect(app.screen.contains("status 500 x3 \u{B7} 3 more"))
    app.type("<Esc>")
    #expect(app.frame[0].contains("A: status 500 x3 \u{B7} 3 more"))
    app.type("Ax")
    guard case .disarmAll? = app.orders.last else { throw NotOrdered(orders: app.orders) }
    app.take(.armed([]))
    #expect(!app.frame[0].contains("A: ") && app.screen.contains("No rule is in force"))
  }

  @Test("a rule of one's own is typed, and what is wrong with it is said")
  func ownRule() throws {
    var app = try app()
    app.type("Aastatus 99<Enter>")
    #expect(app.orders.isEmpty && app.screen.contains("status takes an HTTP status from 200 to 599"))
    app.type("<C-u>type:a.* : drop x2<Enter>")
    guard case .arm(let rule)? = app.orders.last else { throw NotOrdered(orders: app.orders) }
    #expect(rule.isSilent && rule.count == 2)
  }

  @Test("every rule of the menu is one")
  func presets() throws {
    for text in AnswersPanel.presets(for: .documented) {
      _ = try AnswerRule(text, providers: .documented, zone: .utc)
    }
  }
}
