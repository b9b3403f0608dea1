internal import Screen

extension Action {
  /// What goes through the story of `hooktop demo --life`.
  static let life: [Action] = [
    Action(
      "next step", [.character(";")], .panes, .story, "Go on with the story of demo --life.", hint: "next",
      unavailable: { $0.reasonForNoNextStep }, perform: { $0.goOnWithStory() }),
    Action(
      "step back", [.character(",")], .panes, .story, "Show the step before again; nothing is undone.",
      hint: "back", unavailable: { $0.reasonForNoStepBack }
    ) { $0.goBackInStory() },
    Action(
      "stop the story", [.character("X")], .panes, .story, "Stop the story and go on watching.",
      hint: "stop", unavailable: { $0.reasonForNoStory }, perform: { $0.stopStory() }),
  ]
}
