internal import Screen
internal import Webhooks

extension Action {
  static let list: [Action] = [
    Action(
      "follow", [.character("F")], .panes, .list, "Toggle follow: select the newest delivery.",
      unavailable: { $0.list.isFrozen ? "The view is frozen: press = to resume" : $0.reasonForNoArrivals }
    ) {
      $0.toggleFollow()
    },
    Action(
      "freeze", [.character("=")], .panes, .list, "Freeze or resume the list; deliveries keep arriving.",
      unavailable: { $0.list.isFrozen ? nil : $0.reasonForNoArrivals }
    ) { $0.toggleFreeze() },
    Action(
      "next failed", [.character("e")], .panes, .list, "Go to the next failed signature down the list.",
      hint: "next failed"
    ) { $0.selectFailed(direction: 1) },
    Action(
      "previous failed", [.character("E")], .panes, .list, "Go to the previous failed signature up the list."
    ) {
      $0.selectFailed(direction: -1)
    },
    Action(
      "search", [.character("/")], .panes, .list,
      "Search in the focused pane; in the body, all of it.",
      hint: "search"
    ) { $0.openSearch() },
    Action(
      "next match", [.character("n")], .panes, .list, "Go to the next match.",
      unavailable: { $0.reasonForNoSearch }
    ) { $0.moveToMatch(1) },
    Action(
      "previous match", [.character("N")], .panes, .list, "Go to the previous match.",
      unavailable: { $0.reasonForNoSearch }
    ) { $0.moveToMatch(-1) },
    Action(
      "incidents", [.character("I")], .panes, .list,
      "List incidents: requests that are not deliveries."
    ) { $0.panels.push(IncidentsPanel()) },
    Action(
      "summary", [.character("a")], .panes, .list, "Show rates and counts by verdict, type and cause.",
      perform: { $0.openSummary() }),
  ]
}

extension Action {
  private static let movable: Scope = [.panes, .popups]

  static let movement: [Action] = [
    Action("down", [.character("j"), .down], movable, .move, "Move down.") { $0.move(.rows(1)) },
    Action("up", [.character("k"), .up], movable, .move, "Move up.") { $0.move(.rows(-1)) },
    Action("top", [.character("g"), .home], movable, .move, "Go to the top.") { $0.move(.top) },
    Action("bottom", [.character("G"), .end], movable, .move, "Go to the bottom.") { $0.move(.bottom) },
    Action("half page down", [.control("d")], movable, .move, "Move half a page down.") {
      $0.move(.pages(0.5))
    },
    Action("half page up", [.control("u")], movable, .move, "Move half a page up.") {
      $0.move(.pages(-0.5))
    },
    Action(
      "page down", [.pageDown, .character(" ")], movable, .move, "Move a page down."
    ) { $0.move(.pages(1)) },
    Action("page up", [.pageUp], movable, .move, "Move a page up.") { $0.move(.pages(-1)) },
    Action(
      "next delivery", [.character("J"), .character("]")], .panes, .move,
      "Select the next delivery down the list."
    ) {
      $0.moveSelection(by: 1)
    },
    Action(
      "previous delivery", [.character("K"), .character("[")], .panes, .move,
      "Select the previous delivery up the list."
    ) { $0.moveSelection(by: -1) },
    Action("scroll details down", [.character(">")], .panes, .move, "Scroll the details down from any pane.")
    {
      $0.scrollDetail(.pages(0.5))
    },
    Action("scroll details up", [.character("<")], .panes, .move, "Scroll the details up from any pane.") {
      $0.scrollDetail(.pages(-0.5))
    },
    Action(
      "scroll left", [.character("h"), .left], [.text, .popups], .move, "Scroll to the left."
    ) { $0.scroll(sideways: -8) },
    Action(
      "scroll right", [.character("l"), .right], [.text, .popups], .move, "Scroll to the right."
    ) { $0.scroll(sideways: 8) },
    Action(
      "line start", [.character("0")], [.text, .popups], .move, "Go to the start of a long line."
    ) { $0.moveInLine(toEnd: false) },
    Action("line end", [.character("$")], [.text, .popups], .move, "Go to the end of a long line.") {
      $0.moveInLine(toEnd: true)
    },
    Action("wrap", [.character("w")], .text, .move, "Toggle wrapping of long lines.", hint: "wrap") {
      $0.toggleWrap()
    },
  ]
}

extension Action {
  static let panes: [Action] =
    [
      Action("next pane", [.tab], .panes, .panes, "Go to the next pane.", hint: "pane") {
        $0.moveFocus(by: 1)
      },
      Action("previous pane", [.backTab], .panes, .panes, "Go to the previous pane.") {
        $0.moveFocus(by: -1)
      },
    ]
    + Pane.allCases.map { pane in
      Action(
        pane.title.lowercased(), [.character(Character(String(pane.rawValue + 1)))], .panes, .panes,
        "Go to the \(pane.title.lowercased()) pane."
      ) { $0.focus(pane) }
    }
    + [
      Action(
        "open", [.enter], .panes, .panes, "Open the selected delivery, or maximise its pane.", hint: "open",
        unavailable: { $0.focus == .deliveries ? $0.reasonForNoSelection : nil }
      ) { $0.openDetail() },
      Action("zoom", [.character("Z")], .panes, .panes, "Maximise the focused pane, or restore it.") {
        $0.toggleMaximised()
      },
      Action(
        "back", [.escape], .panes, .panes, "Go back, then clear the search, then the filters."
      ) { $0.goBack() },
    ]
}

extension Action {
  static let filters: [Action] = [
    Action(
      "filter", [.character("f")], .panes, .filter, "Filter by an expression; ↑ recalls earlier ones.",
      hint: "filter"
    ) { $0.openFilter() },
    Action(
      "this type", [.character("t")], .panes, .filter, "Filter by this delivery's event type, or lift it.",
      hint: "type", unavailable: { $0.reasonForNoSelection ?? $0.reasonForHiddenType }
    ) { $0.toggleTypeFilter() },
    Action(
      "pick types", [.character("T")], .panes, .filter, "Filter by event types, picked from a list.",
      unavailable: { $0.reasonForLens }
    ) { $0.openTypes() },
    Action(
      "livemode", [.character("L")], .panes, .filter, "Filter by livemode: live, test, n/a, all.",
      hint: "livemode"
    ) { $0.cycle(.livemode, through: [.livemode(.live), .livemode(.test), .livemode(.notApplicable)]) },
    Action(
      "signature state", [.character("s")], .panes, .filter,
      "Filter by signature: failed, valid, unchecked, all.",
      hint: "signature"
    ) { $0.cycle(.signature, through: [.failed, .status(.valid), .status(.unchecked)]) },
    Action("provider", [.character("p")], .panes, .filter, "Filter by provider: each in turn, then all.") {
      $0.cycleProvider()
    },
    Action(
      "filters on and off", [.character("\\")], .panes, .filter,
      "Turn all filters off, or on again.", unavailable: { $0.reasonForNoFilters }
    ) { $0.toggleFilters() },
  ]
}

extension Action {
  static let diagnosis: [Action] = [
    Action(
      "diagnose", [.character("i")], .panes, .signature,
      "Diagnose: try another secret, tolerance, clock or body.", hint: "diagnose",
      unavailable: { $0.reasonForNoSelection }, perform: { $0.openTryIt() }),
    Action(
      "secrets", [.character("S")], .panes, .signature,
      "Add, label or retire signing secrets."
    ) { $0.panels.push(SecretsPanel()) },
  ]
}

extension Action {
  private static let inBody = Scope(.body)

  private static func unfoldable(_ model: Model) -> String? { model.reasonForNoFolding }

  static let body: [Action] = [
    Action(
      "body view", [.character("b")], .panes, .body, "Switch the body: pretty, raw, hex.",
      hint: "pretty/raw/hex",
      unavailable: { $0.reasonForNoSelection }
    ) { $0.cycleBodyMode() },
    Action(
      "text", [.character("V")], .panes, .body, "Show the string at the cursor as text.",
      unavailable: { $0.reasonForNoText }, perform: { $0.openText() }),
    Action(
      "one field over time", [.character("H")], inBody, .body,
      "List this field's values over deliveries of the type.", hint: "history",
      unavailable: { $0.reasonForNoField }, perform: { $0.openField() }),
    Action(
      "fold", [.character(".")], inBody, .body, "Fold or unfold the JSON node at the cursor.", hint: "fold",
      unavailable: unfoldable
    ) { $0.foldAtCursor() },
    Action("fold all", [.character("{")], inBody, .body, "Fold all JSON nodes.", unavailable: unfoldable) {
      $0.foldAll(true)
    },
    Action("unfold all", [.character("}")], inBody, .body, "Unfold all JSON nodes.", unavailable: unfoldable)
    {
      $0.foldAll(false)
    },
  ]
}

extension Action {
  static let program: [Action] = [
    Action("palette", [.character(":")], .panes, .program, "Find an action by name and run it.") {
      $0.panels.push(PalettePanel())
    },
    Action("redraw", [.control("l")], [.panes, .popups, .inputs], .program, "Redraw the screen.") {
      _ in [.redraw]
    },
    Action(
      "suspend", [.control("z")], [.panes, .popups, .inputs], .program,
      "Suspend hooktop; it receives nothing until fg."
    ) { _ in [.suspend] },
    Action(
      "help", [.character("?"), .function(1)], [.panes, .popups], .program, "Show or close this help.",
      hint: "help"
    ) { $0.toggleHelp() },
    Action("quit", [.character("q")], .panes, .program, "Go back, and quit at the top.", hint: "quit") {
      $0.backOrQuit()
    },
    Action(
      "close", [.escape, .character("q")], .popups, .program, "Close the popup.", hint: "close",
    ) { $0.panels.pop() },
    Action(
      "quit at once", [.character("Q")], [.panes, .popups], .program,
      "Quit from anywhere, without a question."
    ) { $0.isFinished = true },
    Action(
      "leave", [.control("c")], [.panes, .popups, .inputs], .program, "Close what is open, else quit."
    ) { $0.leave() },
  ]

  /// What the keys do in a line of input.
  static let inputs: [Action] = [
    Action("take the line", [.enter], .inputs, .program, "Accept the line.", hint: "take") {
      $0.acceptInput()
    },
    Action("close the line", [.escape], .inputs, .program, "Cancel the line.", hint: "close") { $0.leave() },
    Action(
      "earlier line", [.up, .control("p")], .inputs, .program, "Recall an earlier line, or move up.",
      hint: "earlier"
    ) { $0.stepInInput(-1) },
    Action("later line", [.down, .control("n")], .inputs, .program, "Recall a later line, or move down.") {
      $0.stepInInput(1)
    },
  ]
}
