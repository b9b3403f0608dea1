internal import Screen

extension Action {
  private static let inBody = Scope(.body)

  private static func unfoldable(_ model: Model) -> String? { model.reasonForNoFolding }

  static let body: [Action] = [
    Action(
      "body view", [.character("b")], .panes, .body, "Show the body pretty, raw, or in hex.",
      hint: "pretty/raw/hex",
      unavailable: { $0.reasonForNoSelection }
    ) { $0.cycleBodyMode() },
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
