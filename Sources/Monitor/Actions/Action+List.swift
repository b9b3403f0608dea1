internal import Screen

extension Action {
  static let list: [Action] = [
    Action(
      "follow", [.character("F")], .panes, .list, "Keep the newest delivery selected, or stop that.",
      unavailable: { $0.list.isFrozen ? "The view is frozen: = lets it go on" : $0.reasonForNoArrivals }
    ) {
      $0.toggleFollow()
    },
    Action(
      "freeze", [.character("=")], .panes, .list, "Freeze the view while the receiver goes on, or let it go.",
      unavailable: { $0.list.isFrozen ? nil : $0.reasonForNoArrivals }
    ) { $0.toggleFreeze() },
    Action(
      "next failed", [.character("e")], .panes, .list, "Go to the next failed signature, an older one.",
      hint: "next failed"
    ) { $0.selectFailed(direction: 1) },
    Action(
      "previous failed", [.character("E")], .panes, .list, "Go to the previous failed signature, a newer one."
    ) {
      $0.selectFailed(direction: -1)
    },
    Action(
      "search", [.character("/")], .panes, .list,
      "Search in the focused pane; in the body pane over the whole body.",
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
      "List the incidents: what came and is not a delivery."
    ) { $0.panels.push(IncidentsPanel()) },
  ]
}
