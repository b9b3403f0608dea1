import Screen
import Testing

@testable import Monitor

@Suite struct ActionTests {
  @Test("no key stands for two actions in one mode")
  func uniqueKeys() {
    for mode in Modes.each {
      var seen: [Key: String] = [:]
      for action in Action.all where action.modes.contains(mode) {
        for key in action.keys {
          #expect(
            seen[key] == nil,
            "\(key.label) is both \(seen[key] ?? "") and \(action.name) in mode \(mode.rawValue)")
          seen[key] = action.name
        }
      }
    }
  }

  @Test("every action is reached by a key, and its sentence is one")
  func reachable() {
    for action in Action.all {
      #expect(!action.keys.isEmpty, "\(action.name) has no key")
      #expect(!action.modes.isEmpty)
      #expect(action.sentence.hasSuffix("."))
      #expect(
        Action.action(for: action.keys[0], in: Modes.each.first { action.modes.contains($0) }!)?.name
          == action.name)
    }
  }

  @Test("names are unique, so that the palette can tell actions apart")
  func uniqueNames() {
    #expect(Set(Action.all.map(\.name)).count == Action.all.count)
  }

  @Test("every key typed in every mode and state leaves a drawable screen")
  func typeEverything() throws {
    let keys = Set(Action.all.flatMap(\.keys)).subtracting([.character("q"), .character("Q"), .control("c")])
    for opening in [
      "", "ei", "eib", "S", "2", "3", "4", "?", "I", "T", "f", ":", "3b", "3bb", "<Enter>", "=",
    ] {
      var opened = try App(columns: 80, rows: 24)
      try opened.receive(try Fixture.mixed())
      opened.type(opening)
      for key in keys.sorted(by: { $0.label < $1.label }) {
        var app = opened
        app.take(.key(key))
        #expect(app.frame.count == 24)
        #expect(!app.model.isFinished)
      }
    }
  }

  @Test("Alt and a key do nothing where nothing is bound to them", arguments: ["", "f", ":", "i", "?", "3"])
  func alt(opening: String) throws {
    var app = try App()
    try app.receive(try Fixture.mixed())
    app.type(opening + (["f", ":"].contains(opening) ? "live" : ""))
    let before = app.screen
    for key in "fbdqQji" { app.take(.key(.alt(.character(key)))) }
    app.take(.key(.alt(.backspace)))
    #expect(app.screen == before)
    #expect(!app.model.isFinished)
  }

  @Test("an action that can't be used now says why")
  func unavailable() throws {
    var app = try App()
    app.type("t")
    #expect(app.frame.last == " No delivery is selected")
    app.type("\\")
    #expect(app.frame.last == " There is no filter to take off: f sets one")
  }
}
