internal import Screen

extension Action {
  private static func inBody(_ model: Model) -> String? { model.reasonForNoFolding }

  static let body: [Action] = [
    Action(
      "body view", [.character("b")], .panes, .body, "Show the body pretty, raw, or in hex.",
      hint: "pretty/raw/hex",
      unavailable: { $0.reasonForNoSelection }
    ) { $0.cycleBodyMode() },
    Action(
      "fold", [.character(".")], .body, .body, "Fold or unfold the JSON node at the cursor.", hint: "fold",
      unavailable: inBody
    ) { $0.foldAtCursor() },
    Action("fold all", [.character("{")], .body, .body, "Fold all JSON nodes.", unavailable: inBody) {
      $0.foldAll(true)
    },
    Action("unfold all", [.character("}")], .body, .body, "Unfold all JSON nodes.", unavailable: inBody) {
      $0.foldAll(false)
    },
  ]
}
