internal import Screen
internal import Webhooks

extension Action {
  static let attempts: [Action] = [
    Action(
      "fold attempts", [.character("c")], .panes, .list,
      "Fold the attempts of one event, or unfold them.",
      unavailable: { $0.reasonForNoSelection ?? $0.reasonForLens }
    ) { $0.toggleAttempts() }
  ]

  static let app: [Action] = [
    Action(
      "next disagreement", [.character("d")], .panes, .app,
      "Go to the next delivery on which the app disagrees.",
      unavailable: {
        $0.setting.forward == nil && !$0.list.outcomes.hasExchanges
          ? "No app is configured: start hooktop with --forward" : nil
      }
    ) { $0.selectDisagreement() },
    Action(
      "replay", [.character("r")], .panes, .app, "Replay the delivery: send it to the app again.",
      hint: "replay", unavailable: { $0.reasonForNoSelection ?? $0.reasonForReadOnly },
      perform: { $0.replay() }),
    Action(
      "replay menu", [.character("R")], .panes, .app, "Replay it signed again, edited, or elsewhere.",
      unavailable: { $0.reasonForNoSelection ?? $0.reasonForReadOnly }
    ) { model in model.list.selection.map { model.panels.push(ReplayPanel($0)) } },
    Action(
      "check", [.character("C")], .panes, .app, "Check that the app refuses forgeries.",
      unavailable: { $0.reasonForNoSelection ?? $0.reasonForReadOnly }, perform: { $0.openCheck() }),
    Action(
      "answers", [.character("A")], .panes, .app, "Answer next: status, delay, drop, fail N times.",
      unavailable: { $0.reasonForReadOnly }
    ) { $0.panels.push(AnswersPanel()) },
    Action(
      "provider's API", [.character("P")], .panes, .app,
      "Ask the provider: test event, pause, rotate, refetch.", unavailable: { $0.reasonForNoProvider }
    ) { $0.openProvider() },
  ]
}
