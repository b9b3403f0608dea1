import DequeModule
import JSON
import Screen
import Testing
import Webhooks

@testable import Monitor

/// What a presentation forgets, and what it lets nobody see when jobs fail or deliveries go.
@Suite struct PresentationEdgesTests {
  private static let value = "xq7-secret-value"
  private static let start = "*<C-u>$.data.secret<Enter>"

  private func app(keeping limit: Int = 100, url: String = "http://127.0.0.1:3000/hook") throws -> App {
    var app = try App(
      keeping: limit, forward: url, apps: Apps(url: { _ in "\(url)?q=\(Self.value)" }))
    for id in 1...3 { try app.receive([try request(id)]) }
    return app
  }

  private func request(_ id: Int, header: String? = nil) throws -> Request {
    try Fixture.parlay(id: "evt_\(id)", data: #"{"secret":"\#(Self.value)","n":\#(id)}"#, header: header)
  }

  private func isSeen(_ app: App) -> Bool {
    app.screen.contains(Self.value)
      || app.model.list.kept.contains { ByteString($0.request.body).text.contains(Self.value) }
  }

  /// Types keys, and leaves undone what is wanted in the background; gives the job that looks for values.
  private func press(_ script: String, in app: inout App) -> Job? {
    var job: Job?
    for key in Key.keys(in: script) {
      for case .run(let new) in app.model.update(.key(key), at: Fixture.start) where new.key == .mask {
        job = new
      }
    }
    return job
  }

  private func exchange() -> Outcome {
    .exchanged(
      Exchange(
        at: Fixture.start, url: "http://127.0.0.1:3000/\(Self.value)",
        response: .init(status: 200, body: Array(Self.value.utf8)), milliseconds: .init(total: 3)))
  }

  @Test("it forgets what was typed, searched for and filtered by before")
  func forgets() throws {
    var app = try app()
    app.type("fid:evt_1<Enter><Esc>fid:evt_2<Enter>3/xq7<Enter>1/evt<Enter>")
    #expect(app.model.filterHistory.count == 2 && app.model.searchHistory.count == 2)
    #expect(app.model.searches.count == 2 && app.model.list.rowCount == 1)
    // Taken off, to be put on again.
    app.type("<Esc><Esc>")
    #expect(app.model.clearedFilters != nil)
    app.type("fid:evt_2<Enter>3/xq7<Enter>1\(Self.start)")
    #expect(app.model.filterHistory.isEmpty && app.model.searchHistory.isEmpty)
    #expect(app.model.searches.isEmpty && app.model.inspection?.parts[.body]?.search == nil)
    #expect(app.model.filters.isEmpty && app.model.list.rowCount == 3)
    app.type("\\")
    #expect(app.model.list.rowCount == 3 && !isSeen(app))
  }

  @Test("filters that quote a request are off meanwhile and come back; others stay")
  func filters() throws {
    var app = try app()
    app.type("fid:evt_2<Enter>t")
    let before = app.model.filters
    app.type(Self.start)
    #expect(app.screen.contains("brings back the filter"))
    #expect(app.model.filters.isEmpty && app.model.list.rowCount == 3)
    app.type("f")
    #expect(!app.screen.contains("evt_2") && app.frame.dropFirst(1).first?.contains("type:") == false)
    app.type("<Esc>*")
    #expect(app.model.filters == before && app.model.list.rowCount == 1)
    // A filter of the presentation stays, beside what it had no place for.
    app.type("\(Self.start)fseq:>1<Enter>*")
    #expect(app.model.filters.combined.description == "seq:>1 type:analysis.completed")
    app.type("f<C-u>sig:ok<Enter>t\(Self.start)")
    #expect(app.model.filters.combined.description == "sig:valid" && app.screen.contains("sig:valid"))
    app.type("*")
    #expect(app.model.filters.combined.description == "sig:valid")
    // What Esc has cleared can be brought back once it is over.
    app.type("f<C-u>id:evt_2<Enter><Esc>\(Self.start)*\\")
    #expect(app.model.filters.combined.description == "id:evt_2" && app.model.list.rowCount == 1)
  }

  @Test("a path that leads to nothing is named, and no path inside of another or of what is not there yet")
  func unmet() throws {
    var app = try app()
    app.type("*<C-u>$.data.secrt $..none $.data.secret<Enter>")
    #expect(app.screen.contains("No kept delivery has $.data.secrt, $..none: nothing is hidden there"))
    app.type("j")
    #expect(!app.screen.contains("No kept delivery"))
    try app.receive([try request(4)])
    #expect(!app.screen.contains("No kept delivery"))
    app.type("**<C-u>$.data $.data.secret $.data.x<Enter>")
    #expect(!app.screen.contains("No kept delivery"))
    var empty = try App()
    empty.type("*<C-u>$.data.secrt<Enter>")
    #expect(!empty.screen.contains("No kept delivery"))
  }

  @Test("an event type that is hidden stands in no title, and leaves the list whole")
  func types() throws {
    var app = try app()
    app.type("t")
    #expect(app.screen.contains("type:analysis.completed"))
    app.type("*<C-u>$.event<Enter>")
    for keys in ["", "f", "<Esc>T", "<Esc>a"] {
      app.type(keys)
      #expect(!app.screen.contains("analysis.c") && app.screen.contains("[redacted]"), "\(keys)")
    }
    #expect(app.model.list.rowCount == 3)
    // Different types are hidden alike.
    app.type("<Esc>t")
    #expect(app.screen.contains("The type is hidden") && app.model.list.rowCount == 3)
  }

  @Test("a rule that quotes a request is shown nowhere, and one of actions alone is")
  func rules() throws {
    var app = try app()
    let texts = ["~\(Self.value) : status 500", "status 503 body '\(Self.value)'", "status 500 x3"]
    let rules = try texts.map { try AnswerRule($0, providers: .documented, zone: .utc) }
    for keys in ["", Self.start] {
      app.type(keys)
      for (rule, text) in zip(rules, texts) {
        _ = app.model.update(.armed(AnswerRules([rule]).armed), at: Fixture.start)
        app.type("A")
        let isShown = keys.isEmpty || !text.contains(Self.value)
        let words = isShown ? text.prefix(20) : "A: [redacted] · "
        #expect(app.frame[0].contains(words) && app.screen.contains(text) == isShown, "\(text)")
        app.type("<Esc>")
      }
    }
  }

  @Test("exports hide the chosen paths and those they hid before, and no more once it has ended")
  func exports() throws {
    var app = try app()
    app.model.setting.redaction = Redaction([try JSONMask.Path("$..phone")])
    app.type(Self.start)
    #expect(app.model.setting.redaction.paths.map(\.text) == ["$..phone", "$.data.secret"])
    app.type("j")
    #expect(app.model.lastKey != nil)
    app.type("*")
    #expect(app.model.setting.redaction.paths.map(\.text) == ["$..phone"] && app.model.lastKey == nil)
  }

  @Test("what a diagnosis found out before does not tell a value: when the event was created")
  func evidence() throws {
    var app = try app()
    try app.receive([try request(4, header: "t=1745518397,v1=\(String(repeating: "0", count: 64))")])
    app.type("2Z")
    #expect(app.screen.contains("created 18:13:17"), "\(app.screen)")
    app.type("*<C-u>$.created_at<Enter>")
    #expect(!app.screen.contains("created 18:13:17"))
  }

  @Test("an incident's peer and detail are hidden, and an app's URL that is made of the value")
  func incidents() throws {
    var app = try app()
    app.receive(
      Incident(
        receivedAt: Fixture.start, reason: .badRequest, detail: Self.value, peer: "127.7.7.7:1", status: 400))
    app.type("\(Self.start)I<Enter>")
    #expect(!app.screen.contains("127.7.7.7") && !isSeen(app))
    let delivery = app.model.list.kept[0]
    let url = "http://127.0.0.1:3000/\(Self.value)"
    app.model.setting.apps = Apps(url: {
      "http://127.0.0.1:3000/\(ByteString($0.request.body).text.contains(Self.value) ? Self.value : "x")"
    })
    #expect(app.model.shown(url, for: delivery) == "http://127.0.0.1:3000/x")
    app.type("<Esc><Esc>*")
    #expect(app.model.shown(url, for: delivery) == url)
  }

  @Test("what a job finds for a presentation that has ended is not shown in the next one")
  func late() throws {
    var app = try app()
    let first = press("*<C-u>$.data.n<Enter>", in: &app)
    let second = press("*\(Self.start)", in: &app)
    _ = app.model.update(try #require(first).work { 0 }, at: Fixture.start)
    #expect(!isSeen(app) && app.screen.contains("hidden until the values"))
    _ = app.model.update(try #require(second).work { 0 }, at: Fixture.start)
    #expect(!isSeen(app) && !app.screen.contains("hidden until the values"))
  }

  @Test(
    "outcomes that there was no room to look through are hidden, and those of what the ring keeps no more")
  func outcomes() throws {
    var app = try app(keeping: 3)
    app.type(Self.start)
    var batch = Journal.Batch()
    batch.outcomes = [Journal.OutcomeChange(sequence: 1, outcomes: [exchange()])]
    _ = app.model.update(.arrived(batch), at: Fixture.start)
    _ = app.model.update(.refused(.mask), at: Fixture.start)
    let veiled = app.model.list.outcomes[1].exchanges.first
    #expect(
      veiled?.url == "http://127.0.0.1:3000/[redacted]" && veiled?.response?.body == Array("[redacted]".utf8))
    // The ring lets the first one go; the list does once the news have been looked through.
    _ = try app.receiveWithoutWork(try request(4))
    let first = try #require(app.model.list.kept.first)
    #expect(first.sequence == 1 && app.model.original(first).sequence == 1)
    _ = app.model.update(.refused(.mask), at: Fixture.start)
    batch.outcomes = [Journal.OutcomeChange(sequence: 1, outcomes: [exchange(), .marked(true)])]
    var job: Job?
    for case .run(let new) in app.model.update(.arrived(batch), at: Fixture.start) where new.key == .mask {
      job = new
    }
    app.take(try #require(job).work { 0 })
    let seen = app.model.list.outcomes[1].exchanges.first
    #expect(
      seen?.url != "http://127.0.0.1:3000/\(Self.value)" && seen?.response?.body != Array(Self.value.utf8))
  }

  @Test("a delivery that goes before its values were found is not shown as the one behind it")
  func evicted() throws {
    var app = try app(keeping: 3)
    let job = press(Self.start, in: &app)
    _ = try app.receiveWithoutWork(try request(4))
    _ = app.model.update(try #require(job).work { 0 }, at: Fixture.start)
    let bodies = app.model.list.kept.map { ByteString($0.request.body).text }
    #expect(app.model.list.kept.map(\.sequence) == [1, 2, 3])
    #expect(bodies[0].contains("hidden until") && bodies[1].contains("evt_2"))
  }

  @Test("what took too long stays hidden, and the others are looked through")
  func overrun() throws {
    var app = try app()
    _ = press(Self.start, in: &app)
    var job: Job?
    for case .run(let new) in app.model.update(.overran(.mask), at: Fixture.start) where new.key == .mask {
      job = new
    }
    app.take(try #require(job).work { 0 })
    let hidden = app.model.list.kept.filter { ByteString($0.request.body).text.contains("hidden until") }
    #expect(hidden.count == 1 && !isSeen(app))
  }

  @Test("what has arrived meanwhile is there once it ends")
  func heldBack() throws {
    var app = try app()
    _ = press(Self.start, in: &app)
    _ = try app.receiveWithoutWork(try request(4))
    #expect(app.model.list.kept.count == 3)
    _ = press("*", in: &app)
    #expect(app.model.list.kept.count == 4 && isSeen(app))
  }
}
