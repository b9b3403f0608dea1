internal import Screen

extension Action {
  static let program: [Action] = [
    Action("palette", [.character(":")], .panes, .program, "Find an action by name and do it.") {
      $0.openPalette()
    },
    Action("redraw", [.control("l")], [.everywhere, .prompt, .palette], .program, "Draw the screen anew.") {
      _ in [.redraw]
    },
    Action(
      "suspend", [.control("z")], [.everywhere, .prompt, .palette], .program,
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
      isInPalette: false
    ) { _ = $0.overlays.popLast() },
    Action(
      "quit at once", [.character("Q"), .control("c")], .everywhere, .program,
      "Quit from wherever you are."
    ) { $0.isFinished = true },
  ]

  /// What the keys do in a line of input, in the palette and in the list of types.
  static let inputs: [Action] = [
    Action(
      "take the line", [.enter], [.prompt, .palette], .program, "Take what was typed.", hint: "take",
      isInPalette: false
    ) {
      $0.acceptInput()
    },
    Action(
      "close the line", [.escape], [.prompt, .palette], .program, "Close the line of input.", hint: "close",
      isInPalette: false
    ) {
      _ = $0.overlays.popLast()
    },
    Action(
      "earlier line", [.up, .control("p")], [.prompt, .palette], .program,
      "Bring back an earlier line, or move up.", hint: "earlier", isInPalette: false
    ) {
      $0.moveInInput(-1)
    },
    Action(
      "later line", [.down, .control("n")], [.prompt, .palette], .program,
      "Bring back a later line, or move down.", isInPalette: false
    ) {
      $0.moveInInput(1)
    },
    Action(
      "quit from input", [.control("c")], [.prompt, .palette], .program, "Quit at once.", isInPalette: false
    ) {
      $0.isFinished = true
    },
    Action(
      "pick", [.character(" "), .character("t")], .types, .filter, "Pick or drop the event type.",
      hint: "pick", isInPalette: false
    ) {
      $0.togglePickedType()
    },
    Action(
      "show picked", [.enter], .types, .filter, "Show only the picked types; all where none is picked.",
      hint: "show", isInPalette: false
    ) {
      $0.acceptTypes()
    },
  ]
}
