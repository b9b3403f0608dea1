import Screen
import Testing

@testable import Monitor

@Suite struct ActionTests {
  @Test("no key stands for two actions in one mode, and every key that is listed works")
  func keys() {
    for mode in Mode.all {
      var seen: [Key: String] = [:]
      for action in Action.table(for: mode) {
        for key in action.keys {
          #expect(
            seen[key] == nil, "\(key.label) is both \(seen[key] ?? "") and \(action.name) in \(mode.title)")
          seen[key] = action.name
          #expect(
            Action.action(for: key, in: mode)?.name == action.name, "\(key.label) is dead in \(mode.title)")
        }
      }
    }
  }

  @Test("every action has a key, a sentence and a name of its own, and works somewhere")
  func complete() {
    let all = Action.all + Panels.all.flatMap { $0.actions }
    #expect(Set(all.map(\.name)).count == all.count)
    for action in all {
      #expect(!action.keys.isEmpty, "\(action.name) has no key")
      #expect(action.sentence.hasSuffix("."))
    }
    #expect(Action.all.allSatisfy { !$0.scope.isEmpty })
  }

  @Test(
    "wherever the keys go, there is a way out, to the help where no line is typed, and a title of its own")
  func waysOut() {
    for mode in Mode.all {
      let names = Set(Action.table(for: mode).map(\.name))
      let isTyped = if case .panel(let panel) = mode { panel is any InputPanel.Type } else { false }
      #expect(!names.isDisjoint(with: ["quit at once", "leave"]), "no way out of \(mode.title)")
      #expect(isTyped || names.contains("help"), "no help in \(mode.title)")
      #expect(names.isSuperset(of: ["redraw", "suspend"]))
    }
    #expect(Set(Mode.all.map(\.title)).count == Mode.all.count)
  }

  @Test("every pane has its number, and every movement works in it")
  func panes() throws {
    for pane in Pane.allCases {
      var app = try App()
      app.type("\(pane.rawValue + 1)")
      #expect(app.model.focus == pane)
      let names = Set(Action.table(for: .pane(pane)).map(\.name))
      #expect(names.isSuperset(of: ["down", "up", "top", "bottom", "page down", "next pane", "search"]))
    }
  }

  @Test("every key that works in a pane or panel, and one that does not, leaves a drawable screen")
  func typeEverything() throws {
    let leaving: Set<Key> = [.character("q"), .character("Q"), .control("c")]
    let states = ["", "ei", "eib", "S", "2", "3", "4", "5", "3b", "3bb", "<Enter>", "="]
    for opening in states + PanelTests.openings.map(\.0) {
      let opened = try PanelTests.opened(opening, 80, 24)
      let keys = Set(Action.table(for: opened.model.mode).flatMap(\.keys) + [.character("\u{E9}")])
      for key in keys.subtracting(leaving).sorted(by: { $0.label < $1.label }) {
        var app = opened
        app.take(.key(key))
        // Where it is asked whether to quit, a key may.
        #expect(!app.model.isFinished || opened.model.panels.top is QuitPanel)
        expectWhole(app, "\(key.label) after \(opening)")
      }
    }
  }

  /// The top and the bottom line stand where they should, what the keys go to is on the screen, and so is what is
  /// selected in it.
  private func expectWhole(_ app: App, _ keys: String) {
    let frame = app.frame
    let list = app.model.list
    #expect(frame[0].contains("hooktop") && frame[23].count > 1, "\(keys)")
    if let popup = app.model.panels.top as? any Popup {
      let content = popup.content(app.model)
      #expect(frame.contains { $0.contains(content.title.prefix(12)) }, "\(keys)")
      #expect(popup.viewport.cursor.line < max(1, content.rowCount), "\(keys)")
    } else if app.model.panels.isEmpty {
      #expect(frame.contains { $0.contains("\(app.model.focus.title) ") }, "\(keys)")
    }
    #expect(list.rowCount == 0 || list.selected.map(list.isShown) == true, "\(keys)")
    for part in (app.model.inspection?.parts ?? [:]).values {
      #expect(part.viewport.top.line < max(1, part.content.lineCount), "\(keys)")
    }
  }

  @Test("a key that nothing is bound to does nothing, and says so", arguments: ["", "i", "?", "3", "S"])
  func unbound(opening: String) throws {
    var app = try App()
    try app.receive(try Fixture.mixed())
    app.type(opening)
    let before = app.frame.dropLast()
    for key in [Key.control("f"), .function(7), .alt(.character("q")), .alt(.backspace), .insert] {
      app.take(.key(key))
      #expect(app.frame.dropLast() == before)
      #expect(app.frame.last == " \(key.label) does nothing here; ? lists the keys")
      #expect(!app.model.isFinished)
    }
  }

  @Test("in a line of input, where ? is typed, a key without a use only says so")
  func unboundInInput() throws {
    var app = try App()
    app.type("f<Tab>")
    #expect(app.frame[34] == " Tab does nothing here" && app.frame[35] == " filter:")
  }

  @Test("an action that can't be used now says why")
  func unavailable() throws {
    var app = try App()
    app.type("t")
    #expect(app.frame.last == " No delivery is selected")
    app.type("\\")
    #expect(app.frame.last == " There is no filter to turn off: f sets one")
  }
}
