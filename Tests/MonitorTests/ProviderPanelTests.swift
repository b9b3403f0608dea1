import JSON
import Screen
import TestSupport
import Testing
import Webhooks

@testable import Monitor

/// The menu of what a delivery's provider can be asked for.
@Suite struct ProviderPanelTests {
  private static let sandbox = APIs(fault: { _ in nil }, isSandbox: { _ in true })
  private static let real = APIs(fault: { _ in nil })

  private func app(
    _ requests: [Request], apis: APIs = sandbox, webhook: String? = "wh_1", columns: Int = 120, rows: Int = 36
  ) throws -> App {
    var app = try App(columns: columns, rows: rows, apis: apis)
    if let webhook {
      // The fixture's own secret, as it is found where it was saved.
      var saved = try SigningSecret("whsec_monitor_test", label: "parlay/\(webhook)", provider: .parlay)
      saved.webhook = webhook
      app.model.keyring.secrets.append(saved)
    }
    try app.receive(requests)
    return app
  }

  private func orders(_ app: App) -> [ProviderOrder] {
    app.orders.compactMap { if case .call(let order) = $0 { order } else { nil } }
  }

  private func stops(_ app: App) -> [Int] {
    app.orders.compactMap { if case .stop(let number) = $0 { number } else { nil } }
  }

  @Test("the menu says what each call does, and of which webhook", arguments: [(120, 36), (80, 24)])
  func frames(columns: Int, rows: Int) throws {
    var app = try app([try Fixture.parlay()], columns: columns, rows: rows)
    app.type("Pjjj<Enter>")
    expectFrame(app, "provider-\(columns)x\(rows)")
  }

  @Test(
    "what changes something is asked about once, and then made",
    arguments: [
      ("", ProviderCall.test, "Have a webhook.test sent to wh_1?"), ("j", .pause, "Pause wh_1?"),
      ("jj", .resume, "Resume wh_1?"), ("jjj", .rotate, "Rotate the signing secret of wh_1?"),
      ("G", .resend, "Have this event sent again?"),
    ])
  func asked(keys: String, call: ProviderCall, question: String) throws {
    var app = try app([try Fixture.parlay()])
    app.type("P\(keys)<Enter>")
    #expect(app.screen.contains("\(question) y does it, Esc does not.") && orders(app).isEmpty)
    app.type("<Esc>y")
    #expect(orders(app).isEmpty && app.model.panels.top is ProviderPanel)
    #expect(app.frame.last == " Choose a call with Enter first")
    app.type("<Enter>y")
    let order = try #require(orders(app).first)
    #expect(order.call == call && order.webhook == "wh_1" && order.provider == .parlay)
    #expect(order.delivery?.sequence == 1 && orders(app).count == 1)
    app.type("y<Enter>")
    #expect(orders(app).count == 1, "one call at a time")
    #expect(app.frame.last == " A call is on its way: Esc cancels it")
  }

  @Test("it says how far the call has come, and what came of it; then another can be made")
  func progress() throws {
    var app = try app([try Fixture.parlay()])
    app.type("P<Enter>y")
    #expect(app.screen.contains("waiting for Parlay's API; Esc cancels"))
    app.take(.called(number: 1, .retrying("answered 503; trying again in 0.5 s (1 of 3)")))
    #expect(app.screen.contains("answered 503; trying again in 0.5 s (1 of 3); Esc cancels"))
    app.take(.called(number: 7, .done("of another one")))
    #expect(!app.screen.contains("of another one"))
    app.take(.called(number: 1, .done("Parlay sends webhook.test to wh_1.")))
    #expect(app.screen.contains("Parlay sends webhook.test to wh_1.") && stops(app).isEmpty)
    app.type("<Enter>y")
    app.take(.called(number: 2, .failed("Parlay's API answered 404: gone\u{1B}[31m")))
    #expect(app.screen.contains("answered 404: gone") && !app.screen.contains("\u{1B}"))
    app.type("<Esc>")
    #expect(app.model.panels.isEmpty && stops(app).isEmpty)
  }

  @Test("Esc ends a call on its way, and what still comes of it is not shown", arguments: ["<Esc>", "q"])
  func cancelled(key: String) throws {
    var app = try app([try Fixture.parlay()])
    app.type("P<Enter>y\(key)")
    #expect(stops(app) == [1])
    #expect(app.screen.contains("Cancelled; the call may have been carried out already."))
    app.take(.called(number: 1, .done("done all the same")))
    #expect(!app.screen.contains("done all the same"))
    app.type(key)
    #expect(app.model.panels.isEmpty && stops(app) == [1])
  }

  @Test("closed from anywhere, it ends what is on its way")
  func closed() throws {
    var app = try app([try Fixture.parlay()])
    app.type("P<Enter>y<C-c>")
    #expect(app.model.panels.isEmpty && stops(app) == [1])
  }

  @Test("without an API key the menu says why, once, and makes no call")
  func noKey() throws {
    var app = try app([try Fixture.parlay()], apis: APIs(fault: { _ in "Set PARLAY_API_KEY first" }))
    app.type("P")
    #expect(app.frame.count { $0.contains("Set PARLAY_API_KEY first") } == 1)
    #expect(app.screen.contains("rotate the signing secret   the old one stops at once"))
    app.type("<Enter>")
    #expect(app.frame.last == " Set PARLAY_API_KEY first")
    app.type("y")
    #expect(orders(app).isEmpty)
  }

  @Test("on an empty list a test event can be asked for, of a provider whose API is known")
  func emptyList() throws {
    var app = try app([], apis: APIs(fault: { $0 == .parlay ? nil : "Set PARABLE_API_KEY first" }))
    app.type("P")
    #expect(app.screen.contains("Provider: Parlay") && app.screen.contains(" webhook wh_1 "))
    app.type("p")
    #expect(app.frame.last == " Parlay's is the only API that is known")
    app.type("G<Enter>")
    #expect(app.frame.last == " Select a delivery first")
    app.type("g<Enter>")
    #expect(app.screen.contains("Have a webhook.test sent to wh_1? y does it, Esc does not."))
    app.type("y")
    let order = try #require(orders(app).first)
    #expect(order.call == .test && order.webhook == "wh_1" && order.delivery == nil)
    // What comes of it is a delivery, which the open menu is not about.
    try app.receive([try Fixture.parlay()])
    app.take(.called(number: 1, .done("Parlay sends webhook.test to wh_1.")))
    #expect(app.screen.contains("Parlay sends webhook.test to wh_1.") && !app.screen.contains("#1, webhook"))
  }

  @Test("of several providers the one that can send a test event comes first, and p goes to the next")
  func severalProviders() throws {
    var app = try app([], webhook: nil)
    app.type("P")
    #expect(app.screen.contains("Provider: Parlay"))
    #expect(app.screen.contains("the webhook is asked for, or named with w; p goes to Parable"))
    app.type("w<C-u>wh_7<Enter>")
    #expect(app.screen.contains(" webhook wh_7; p goes to Parable"))
    app.type("p")
    #expect(app.screen.contains("Provider: Parable") && app.screen.contains("; p goes to Parlay"))
    #expect(!app.screen.contains("wh_7"))
    app.type("<Enter>")
    #expect(app.frame.last == " Parable's API has no such call")
    app.type("jjjj<Enter>")
    #expect(app.frame.last == " Select a delivery first")
    app.type("pgg<Enter>y")
    #expect(orders(app).map(\.webhook) == ["wh_7"] && orders(app).map(\.provider) == [.parlay])
    app.type("p")
    #expect(app.frame.last == " A call is on its way: Esc cancels it")
  }

  @Test("where no API is known, an empty list has no menu, and the key says what to set")
  func nothingKnown() throws {
    var app = try app([], apis: APIs(fault: { "Set \($0.title)'s key first" }))
    app.type("P")
    #expect(app.model.panels.isEmpty && app.frame.last == " Set Parlay's key first")
  }

  @Test("a call that a provider has not, or only the sandbox, says so")
  func otherCalls() throws {
    var app = try app([try Fixture.parlay(), try Fixture.parable()], apis: Self.real)
    app.type("PG<Enter>")
    #expect(app.frame.last == " Not in Parable's documentation: only hooktop sandbox has it")
    app.type("g<Enter>")
    #expect(app.frame.last == " Parable's API has no such call")
    app.type("<Esc>jPjjjj<Enter>")
    #expect(app.frame.last == " Parlay's API has no such call")
    #expect(orders(app).isEmpty)
  }

  @Test("a capture is fetched at once, and stands beside the snapshot as a diff")
  func refetched() throws {
    var app = try app([try Fixture.parable(text: "Speaker 1: hello")])
    app.type("Pjjjj<Enter>")
    #expect(orders(app).map(\.call) == [.refetch])
    app.take(.called(number: 1, .fetched(Array(#"{ "id": "cap_1", "text": "Ada: hello" }"#.utf8))))
    #expect(app.model.panels.top is ComparePanel)
    #expect(app.screen.contains("Compare #1 with now") && app.screen.contains("~ changed .data.text"))
    #expect(app.screen.contains("Ada: hello") && !app.screen.contains("Body bytes"))
    app.type("<Esc><Enter>")
    app.take(.called(number: 2, .fetched(Array(#"{"text":"Speaker 1: hello","id":"cap_1"}"#.utf8))))
    #expect(app.screen.contains("moved .data"), "\(app.screen)")
    app.type("<Esc><Enter>")
    app.take(.called(number: 3, .fetched(Array(#"{"id":"cap_1","text":"Speaker 1: hello"}"#.utf8))))
    #expect(app.screen.contains("Nothing differs: the document is as it was pushed."))
  }

  @Test("what was fetched after the menu was closed opens nothing")
  func lateFetch() throws {
    var app = try app([try Fixture.parable()])
    app.type("Pjjjj<Enter><Esc><Esc>")
    app.take(.called(number: 1, .fetched(Array("{}".utf8))))
    #expect(app.model.panels.isEmpty && stops(app) == [1])
  }

  @Test("a webhook that no saved secret names is asked for, and remembered")
  func webhook() throws {
    var app = try app([try Fixture.parlay()], webhook: nil)
    app.type("P<Enter>")
    #expect(app.model.panels.top is Prompt)
    app.type("wh 2<Enter>")
    #expect(app.model.panels.top is Prompt && app.screen.contains("An id has letters from a to z, digits"))
    app.type("<C-u>wh_2<Enter>")
    #expect(app.screen.contains("Have a webhook.test sent to wh_2?"))
    app.type("y")
    #expect(orders(app).map(\.webhook) == ["wh_2"])
    app.take(.called(number: 1, .done("sent")))
    app.type("<Esc>Pj<Enter>")
    #expect(app.screen.contains("Pause wh_2?"))
    app.type("<Esc>w<C-u>wh_3<Enter><Enter>")
    #expect(app.screen.contains("Pause wh_3?"))
  }

  @Test(
    "an id may be whatever the commands take", arguments: ["9", "a.b", String(repeating: "x", count: 100)])
  func anyID(id: String) throws {
    var app = try app([try Fixture.parlay()], webhook: nil)
    app.type("P<Enter>\(id)<Enter>")
    #expect(app.model.panels.top is ProviderPanel && app.model.webhookID[.parlay] == id)
  }

  @Test("of several webhooks it is the one whose secret has signed the delivery")
  func signer() throws {
    var app = try app([], webhook: "wh_1")
    var other = try SigningSecret("whsec_other", label: "parlay/wh_2", provider: .parlay)
    other.webhook = "wh_2"
    app.model.keyring.secrets.append(other)
    try app.receive([try Fixture.parlay()])
    app.type("P")
    #expect(app.screen.contains("#1, webhook wh_1"))
    app.type("p")
    #expect(app.frame.last == " The menu is about this delivery's provider")
    // One that failed tells nothing of the two.
    try app.receive([try Fixture.parlay(header: "t=1,v1=00")])
    app.type("<Esc>gP")
    #expect(app.screen.contains("#2, the webhook is asked for"), "\(app.screen)")
  }

  @Test("without a provider, or in a recorded session, there is no menu")
  func none() throws {
    var app = try App(apis: Self.sandbox)
    try app.receive([Request(headers: Headers([.init("Host", "a")]), body: [], peer: "p")])
    app.type("P")
    #expect(app.frame.last == " The provider of this delivery is not known")
    var session = try App(source: .session(name: "a"), apis: Self.sandbox)
    try session.receive([try Fixture.parlay()])
    session.type("P")
    #expect(session.model.panels.isEmpty && session.frame.last?.contains("read-only") == true)
  }
}
