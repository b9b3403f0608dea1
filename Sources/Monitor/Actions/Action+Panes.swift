internal import Screen

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
        "maximise", [.enter], .panes, .panes, "Give the whole screen to the focused pane, or end that.",
        hint: "maximise"
      ) { $0.toggleMaximised() },
      Action(
        "back", [.escape], .panes, .panes, "End maximising, then clear the search, then the filters."
      ) { $0.goBack() },
    ]
}
