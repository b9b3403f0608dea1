internal import Screen
internal import Webhooks

extension Action {
  /// What takes deliveries out of hooktop.
  static let export: [Action] = [
    Action(
      "copy menu", [.character("y")], .panes, .export, "Copy body, value, headers, curl, id, diagnosis.",
      hint: "copy", unavailable: { $0.reasonForNoSelection }
    ) { model in model.shownDelivery.map { model.panels.push(CopyPanel($0)) } },
    Action(
      "copy body", [.character("Y")], .panes, .export, "Copy the body to the clipboard.",
      unavailable: { $0.reasonForNoSelection },
      perform: { model in model.shownDelivery.map { model.copy(.body, of: $0) } ?? [] }),
    Action(
      "export", [.character("x")], .panes, .export, "Export to a file: NDJSON, HAR, .http, Markdown.",
      // The marked deliveries, or all, can be exported even if the selected one can't be read.
      unavailable: { $0.shownDelivery == nil ? "No delivery is selected" : nil }
    ) { model in model.shownDelivery.map { model.panels.push(ExportPanel($0, in: model)) } },
    Action(
      "record", [.character("W")], .panes, .export, "Record the session to a file, or stop.",
      unavailable: { $0.reasonForNoRecording }, perform: { $0.toggleRecording() }),
  ]

  /// What is done with the list as a whole, and how it is pointed at.
  static let handling: [Action] = [
    Action(
      "clear", [.character("z")], .panes, .list, "Clear the list, after a question.",
      unavailable: { $0.reasonForNoClearing }
    ) { $0.panels.push(ClearPanel()) },
    Action(
      "presentation", [.character("*")], .panes, .program,
      "Present: hide values, enlarge the verdict, show keys.",
      perform: { $0.togglePresentation() }),
    Action(
      "mouse", [.character("%")], [.panes, .popups], .program, "Turn the mouse on or off; it is remembered.",
      perform: { $0.toggleMouse() }),
  ]
}
