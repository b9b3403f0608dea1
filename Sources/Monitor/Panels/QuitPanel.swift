internal import Screen
internal import Webhooks

/// Asks before deliveries are lost that are recorded nowhere.
struct QuitPanel: Popup {
  static let title = "Quit"

  var viewport = Viewport()

  static let actions: [Action] = [
    action(
      "quit and lose", [.character("y"), .control("c")], .program, "Quit; what is not recorded is lost.",
      hint: "quit"
    ) { _, model in model.isFinished = true }
  ]

  func content(_ model: Model) -> PopupContent {
    let count = Wording.count(model.unrecorded, "delivery", "deliveries")
    let rows = [
      [TextRun("\(count) received and not recorded: quitting loses them.", Style(.warning))],
      [TextRun("y quits, Esc stays. --record FILE keeps a session.", .dim)],
    ]
    return PopupContent("Quit?", columns: 62, rows: rows)
  }
}
