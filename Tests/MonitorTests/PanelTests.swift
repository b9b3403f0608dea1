import Diagnosis
import Glibc
import Screen
import Testing
import Webhooks

@testable import Monitor

@Suite struct PanelTests {
  /// The keys that open each panel from the list, with deliveries of every kind in it.
  static let openings: [(String, any Panel.Type)] = [
    ("i", TryItPanel.self), ("S", SecretsPanel.self), ("T", TypesPanel.self), ("I", IncidentsPanel.self),
    ("a", SummaryPanel.self), ("I<Enter>", IncidentPanel.self),
    ("Gib", BytesPanel.self), ("V", TextPanel.self), ("G3H", FieldPanel.self), ("?", HelpPanel.self),
    ("?/", HelpSearchPanel.self),
    (":", PalettePanel.self),
    ("f", Prompt.self),
    ("q", QuitPanel.self), ("jR", ReplayPanel.self), ("jC", CheckPanel.self), ("A", AnswersPanel.self),
    ("jP", ProviderPanel.self),
    ("mjD", ComparePanel.self), ("mr", BatchPanel.self), ("o", OrderPanel.self), ("jy", CopyPanel.self),
    ("jx", ExportPanel.self), ("z", ClearPanel.self),
  ]

  static func opened(_ keys: String, _ columns: Int, _ rows: Int) throws -> App {
    let apps = Apps(url: { _ in "http://127.0.0.1:3000" })
    var app = try App(columns: columns, rows: rows, losesDeliveries: true, apps: apps)
    try app.receive(try Fixture.mixed())
    for number in 0..<40 {
      app.receive(
        Incident(
          receivedAt: Fixture.start, reason: .aborted, detail: "number \(number)", peer: "p", status: nil))
    }
    app.type(keys)
    app.take(.checked(try Fixture.progress(Array(repeating: 200, count: Probe.all.count))))
    return app
  }

  @Test("every panel in the sources is listed, so that its keys are in the README")
  func listed() throws {
    let folder =
      "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Sources/Monitor/Panels"
    let directory = try #require(opendir(folder))
    defer { closedir(directory) }
    var declared: Set<String> = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      for line in contents(of: "\(folder)/\(name)").split(separator: "\n") {
        let words = line.split { !$0.isLetter }
        guard words.first == "struct", words.count > 2 else { continue }
        if words.dropFirst(2).contains(where: { ["Panel", "Popup", "InputPanel"].contains($0) }) {
          declared.insert(String(words[1]))
        }
      }
    }
    #expect(declared == Set(Panels.all.map { "\($0)" }))
  }

  @Test("every panel opens by a key, is drawn, tells its keys in the help, and closes by Escape")
  func openings() throws {
    #expect(Set(Self.openings.map { "\($0.1)" }) == Set(Panels.all.map { "\($0)" }))
    let below = try Self.opened("", 120, 36).screen
    for (keys, panel) in Self.openings {
      var app = try Self.opened(keys, 120, 36)
      let top = try #require(app.model.panels.top)
      #expect(type(of: top) == panel)
      #expect(app.screen != below)
      for action in panel.actions {
        #expect(KeyReference.markdown.contains("` | \(action.sentence) |"))
      }
      if !(panel is any InputPanel.Type), panel != HelpPanel.self {
        app.type("?G")
        #expect(app.screen.contains("Help: \(panel.title)"))
        app.type("?")
      }
      for _ in 0..<app.model.panels.all.count { app.type("<Esc>") }
      #expect(app.model.panels.isEmpty)
    }
  }

  /// Types `key` until nothing on the screen is moved by so many of them: one alone may only select another row.
  private func scroll(_ app: inout App, _ key: String) {
    var before = ""
    while app.screen != before {
      before = app.screen
      app.type(String(repeating: key, count: 20))
    }
  }

  @Test(
    "every popup scrolls to its last row and back, and stays on the screen",
    arguments: [(40, 8), (60, 14), (120, 36)])
  func lastRow(columns: Int, rows: Int) throws {
    for (keys, panel) in Self.openings where panel is any Popup.Type {
      var app = try Self.opened(keys, columns, rows)
      // In a line of input the letters are typed.
      let isTyped = panel is any InputPanel.Type
      scroll(&app, isTyped ? "<Down>" : "<PgDn>")
      let popup = try #require(app.model.panels.top as? any Popup)
      let content = popup.content(app.model)
      let frame = PopupFrame(content, on: app.model.size, in: .utf8)
      #expect(popup.viewport.top.line + frame.rows.rows >= content.rowCount, "\(panel) at \(columns)x\(rows)")
      #expect(frame.rows.rows > 0 && frame.box.row >= 1 && frame.box.endRow < rows)
      let last = String(
        decoding: content.row(content.rowCount - 1).flatMap(\.bytes).prefix(24), as: UTF8.self)
      #expect(app.screen.contains(last), "\(panel) at \(columns)x\(rows): \(last)")
      scroll(&app, isTyped ? "<Up>" : "<PgUp>")
      #expect((app.model.panels.top as? any Popup)?.viewport.top == Viewport.Place())
    }
  }

  @Test("a popup has the columns that its sentences take, where the screen has them")
  func whole() throws {
    let sentence = "Actions: status 500, delay 11s, body 'text', drop, hang; xN: how often."
    #expect(try Self.opened("A", 120, 36).screen.contains(sentence))
    #expect(try Self.opened("A", 75, 36).screen.contains(sentence))
    #expect(try !Self.opened("A", 74, 36).screen.contains(sentence))
  }

  @Test("a popup without a cursor says how many rows are below those that are seen")
  func more() throws {
    var app = try Self.opened("jC", 80, 24)
    #expect(app.screen.contains(" 5 more below "))
    app.type("<PgDn>")
    #expect(!app.screen.contains("more below"))
    #expect(try !Self.opened("jC", 80, 36).screen.contains("more below"))
  }

  @Test("the result of a what-if that has been given up is not taken for that of the next one")
  func staleTrial() throws {
    var app = try Self.opened("", 120, 36)
    let first = app.model.update(.key(.character("i")), at: Fixture.start)
    app.type("<Esc>j")
    _ = app.model.update(.key(.character("i")), at: Fixture.start)
    for case .run(let job) in first where job.key == .trial { app.take(job.work { 0 }) }
    #expect(app.screen.contains("tried now     being worked out"))
  }
}
