internal import Screen

extension Action {
  static let program: [Action] = [
    Action("palette", [.character(":")], .panes, .program, "Find an action by name and do it.") {
      $0.panels.push(PalettePanel())
    },
    Action("redraw", [.control("l")], [.panes, .popups, .inputs], .program, "Draw the screen anew.") {
      _ in [.redraw]
    },
    Action(
      "suspend", [.control("z")], [.panes, .popups, .inputs], .program,
      "Suspend hooktop; nothing is received until fg."
    ) { _ in [.suspend] },
    Action(
      "help", [.character("?"), .function(1)], [.panes, .popups], .program, "Show or close this help.",
      hint: "help"
    ) { $0.toggleHelp() },
    Action("quit", [.character("q")], .panes, .program, "End maximising, and quit at the top.", hint: "quit")
    {
      $0.backOrQuit()
    },
    Action(
      "close", [.escape, .character("q")], .popups, .program, "Close the popup.", hint: "close",
    ) { $0.panels.pop() },
    Action(
      "quit at once", [.character("Q"), .control("c")], [.panes, .popups], .program,
      "Quit from wherever you are."
    ) { $0.isFinished = true },
  ]

  /// What the keys do in a line of input.
  static let inputs: [Action] = [
    Action(
      "take the line", [.enter], .inputs, .program, "Take what was typed.", hint: "take",
    ) {
      $0.changeInput { $0.accept(in: &$1) } ?? []
    },
    Action(
      "close the line", [.escape], .inputs, .program, "Close the line of input.", hint: "close",
    ) {
      $0.panels.pop()
    },
    Action(
      "earlier line", [.up, .control("p")], .inputs, .program,
      "Bring back an earlier line, or move up.", hint: "earlier"
    ) {
      $0.stepInInput(-1)
    },
    Action(
      "later line", [.down, .control("n")], .inputs, .program,
      "Bring back a later line, or move down."
    ) {
      $0.stepInInput(1)
    },
    Action(
      "quit from input", [.control("c")], .inputs, .program, "Quit at once."
    ) {
      $0.isFinished = true
    },
  ]
}
