internal import Screen

extension Action {
  private static let movable: Scope = [.panes, .popups]

  static let movement: [Action] = [
    Action("down", [.character("j"), .down], movable, .move, "Move down.") {
      $0.move(.rows(1))
    },
    Action("up", [.character("k"), .up], movable, .move, "Move up.") {
      $0.move(.rows(-1))
    },
    Action("top", [.character("g"), .home], movable, .move, "Go to the top.") { $0.move(.top) },
    Action("bottom", [.character("G"), .end], movable, .move, "Go to the bottom.") { $0.move(.bottom) },
    Action("half page down", [.control("d")], movable, .move, "Move down by half a page.") {
      $0.move(.pages(0.5))
    },
    Action("half page up", [.control("u")], movable, .move, "Move up by half a page.") {
      $0.move(.pages(-0.5))
    },
    Action(
      "page down", [.pageDown, .character(" ")], movable, .move, "Move down by a page."
    ) { $0.move(.pages(1)) },
    Action("page up", [.pageUp], movable, .move, "Move up by a page.") {
      $0.move(.pages(-1))
    },
    Action(
      "scroll left", [.character("h"), .left], .text, .move, "Scroll to the left."
    ) { $0.scroll(sideways: -8) },
    Action(
      "scroll right", [.character("l"), .right], .text, .move, "Scroll to the right."
    ) { $0.scroll(sideways: 8) },
    Action("wrap", [.character("w")], .text, .move, "Wrap long lines, or not.", hint: "wrap") {
      $0.toggleWrap()
    },
  ]
}
