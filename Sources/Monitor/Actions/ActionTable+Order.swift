internal import Screen

extension Action {
  /// What puts the list in order.
  static let order: [Action] = [
    Action(
      "order", [.character("o")], .panes, .list, "Order by arrival, time, size or answer time.",
      unavailable: { $0.reasonForLens }
    ) {
      $0.panels.push(OrderPanel(in: $0))
    },
    Action("reverse", [.character("v")], .panes, .list, "Reverse the order of the list.") {
      $0.reverseOrder()
    },
  ]
}
