internal import Screen
internal import Webhooks

extension Action {
  static let filters: [Action] = [
    Action(
      "filter", [.character("f")], .panes, .filter, "Filter by an expression; ↑ brings back earlier ones.",
      hint: "filter"
    ) { $0.openFilter() },
    Action(
      "this type", [.character("t")], .panes, .filter, "Show only this delivery's event type, or all again.",
      hint: "type", unavailable: { $0.reasonForNoSelection }
    ) { $0.toggleTypeFilter() },
    Action("pick types", [.character("T")], .panes, .filter, "Pick event types from a list with counts.") {
      $0.openTypes()
    },
    Action(
      "livemode", [.character("L")], .panes, .filter, "Show live, then test, then n/a, then all.",
      hint: "livemode"
    ) { $0.cycle(.livemode, through: [.livemode(.live), .livemode(.test), .livemode(.notApplicable)]) },
    Action(
      "signature state", [.character("s")], .panes, .filter,
      "Show failed, then valid, then unchecked, then all.",
      hint: "signature"
    ) { $0.cycle(.signature, through: [.failed, .status(.valid), .status(.unchecked)]) },
    Action("provider", [.character("p")], .panes, .filter, "Show one provider, then the next, then all.") {
      $0.cycleProvider()
    },
    Action(
      "filters on and off", [.character("\\")], .panes, .filter,
      "Take all filters off and put them on again.",
      unavailable: { $0.filters.isEmpty ? "There is no filter to take off: f sets one" : nil }
    ) { $0.toggleFilters() },
  ]
}
