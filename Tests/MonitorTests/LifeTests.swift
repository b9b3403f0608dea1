import Screen
import Testing
import Webhooks

@testable import Monitor

/// The story of a webhook's life, as `hooktop demo --life` tells it.
@Suite struct LifeTests {
  private func app(columns: Int = 120, rows: Int = 36, charset: Charset = .utf8) throws -> App {
    try App(columns: columns, rows: rows, charset: charset, tellsLife: true)
  }

  private func told(_ app: App) -> [LifeStep] {
    app.orders.compactMap { if case .tell(let step) = $0 { step } else { nil } }
  }

  private func isEnded(_ app: App) -> Bool {
    app.orders.contains { if case .endLife = $0 { true } else { false } }
  }

  @Test(
    "the story stands above the bottom line, on every size of a screen",
    arguments: [(120, 36), (80, 24), (60, 20), (40, 8)])
  func frames(columns: Int, rows: Int) throws {
    var app = try app(columns: columns, rows: rows)
    try app.receive(try Fixture.mixed())
    app.type(";")
    app.take(.life(.start, .done("It listens on http://127.0.0.1:4800.")))
    app.type(";")
    expectFrame(app, "life-\(columns)x\(rows)")
  }

  @Test("each step has a title and a caption of its own, which fits on two rows of 80 columns")
  func captions() throws {
    #expect(Set(LifeStep.allCases.map(\.title)).count == LifeStep.allCases.count)
    for (place, step) in LifeStep.allCases.enumerated() {
      var app = try app(columns: 80, rows: 24)
      app.model.life = story(upTo: step)
      let rows = app.frame[19...22]
      #expect(rows.first == " Story \(place + 1) of \(LifeStep.allCases.count)  \(step.title)")
      let caption = rows.dropFirst().prefix(2).map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }
      #expect(caption.joined(separator: " ") == step.caption)
    }
  }

  private func story(upTo step: LifeStep) -> LifeStory {
    var story = LifeStory()
    while story.step != step, let next = story.goOn() { _ = story.take(.done(""), of: next) }
    return story
  }

  @Test("a step is done once, and only after the one before it; what comes of it is said")
  func goOn() throws {
    var app = try app()
    #expect(app.screen.contains("The life of a webhook") && app.screen.contains("; next"))
    app.type(";")
    #expect(told(app) == [.start] && app.screen.contains("Story 1 of 11  Start the sandbox"))
    #expect(!app.screen.contains("; next"))
    app.type(";")
    #expect(told(app) == [.start] && app.frame.last == " This step is still going on")
    app.take(.life(.start, .going("almost\u{1B}[31m")))
    #expect(app.screen.contains("almost") && !app.screen.contains("\u{1B}"))
    app.take(.life(.start, .done("It listens.")))
    #expect(app.screen.contains("✓ It listens."))
    app.type(";")
    #expect(told(app) == [.start, .register])
  }

  @Test("a step that has failed says why, and is done again")
  func failed() throws {
    var app = try app()
    app.type(";")
    app.take(.life(.start, .failed("the port is taken")))
    #expect(app.screen.contains("✗ the port is taken") && app.screen.contains("; next"))
    app.type(";")
    #expect(told(app) == [.start, .start] && app.screen.contains("Story 1 of 11"))
    #expect(!app.screen.contains("the port is taken"))
  }

  @Test("back shows the step before with its delivery, and does nothing again")
  func back() throws {
    var app = try app()
    app.type(";")
    try app.receive([try Fixture.parlay(id: "evt_1")])
    app.take(.life(.start, .done("one", delivery: 1)))
    try app.receive([try Fixture.parlay(id: "evt_2")])
    #expect(app.model.list.selected == 1, "what a step has shown stays selected")
    app.type(";")
    #expect(app.model.list.selected == 2, "what a step brings is followed")
    app.take(.life(.register, .done("two", delivery: 2)))
    app.type(",")
    #expect(app.screen.contains("Story 1 of 11") && app.screen.contains("✓ one"))
    #expect(app.model.list.selected == 1)
    try app.receive([try Fixture.parlay(id: "evt_3")])
    #expect(app.model.list.selected == 1)
    app.type(";")
    #expect(app.screen.contains("✓ two") && app.model.list.selected == 2)
    #expect(told(app) == [.start, .register])
    app.type(",,,")
    #expect(app.frame.last == " This is the beginning of the story")
  }

  @Test("what comes of a step that is not shown does not move the selection")
  func hidden() throws {
    var app = try app()
    app.type(";")
    try app.receive([try Fixture.parlay(id: "evt_1"), try Fixture.parlay(id: "evt_2")])
    app.take(.life(.start, .done("one", delivery: 1)))
    app.type(";,k")
    app.take(.life(.register, .done("two", delivery: 1)))
    #expect(app.model.list.selected == 2)
    app.type(";")
    #expect(app.model.list.selected == 1)
  }

  @Test("after the last step there is none")
  func last() throws {
    var app = try app()
    app.model.life = story(upTo: .catchUp)
    app.type(";")
    #expect(app.frame.last == " This was the story's last step" && told(app).isEmpty)
  }

  @Test("stopped, it leaves the screen to the deliveries, and what is still told of it shows nothing")
  func stopped() throws {
    var app = try app()
    app.type(";")
    let rows = app.model.layout.panes[.deliveries]?.rows ?? 0
    app.type("X")
    #expect(isEnded(app) && app.model.life == nil && !app.screen.contains("Start the sandbox"))
    #expect(app.model.layout.panes[.deliveries]?.rows == rows + 4)
    #expect(app.frame.last?.contains("The story has ended") == true)
    app.take(.life(.start, .done("late", delivery: 1)))
    #expect(!app.screen.contains("late"))
  }

  @Test("without a story its keys say where there is one", arguments: [";", ",", "X"])
  func none(key: String) throws {
    var app = try App()
    app.type(key)
    #expect(app.frame.last == " Only hooktop demo --life tells a story" && app.orders.isEmpty)
  }

  @Test("the secrets that the story changes are those of the screen and of the receiver")
  func secrets() throws {
    var app = try app()
    let secret = try SigningSecret("whsec_life", label: "parlay/wh_9", provider: .parlay)
    app.take(.rekeyed(Keyring([secret])))
    #expect(app.model.keyring.secrets.map(\.label) == ["parlay/wh_9"])
    #expect(app.used?.secrets.map(\.label) == ["parlay/wh_9"])
  }
}
