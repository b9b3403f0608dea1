internal import Screen
internal import Webhooks

extension Action {
  /// What is done with marks.
  static let marks: [Action] = [
    Action(
      "mark", [.character("m")], .panes, .list, "Mark or unmark the delivery; marked are evicted last.",
      unavailable: { $0.reasonForNoSelection }, perform: { $0.toggleMark() }),
    Action(
      "only marked", [.character("M")], .panes, .filter, "Filter by mark: marked, all.",
      unavailable: { $0.reasonForNoMarks }
    ) { $0.toggleMarkFilter() },
    Action(
      "unmark all", [.character("U")], .panes, .list, "Unmark all deliveries.",
      unavailable: { $0.reasonForNoMarks }, perform: { $0.unmarkAll() }),
    Action(
      "compare", [.character("D")], .panes, .list, "Compare the delivery with the marked one.",
      unavailable: { $0.reasonForNoSelection }, perform: { $0.openComparison() }),
  ]
}
