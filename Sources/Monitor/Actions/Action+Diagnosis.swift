internal import Screen
internal import Webhooks

extension Action {
  static let diagnosis: [Action] = [
    Action(
      "diagnose", [.character("i")], .panes, .signature,
      "Try another secret, tolerance, clock or body on the delivery.", hint: "diagnose",
      unavailable: { $0.reasonForNoSelection }, perform: { $0.openTryIt() }),
    Action(
      "secrets", [.character("S")], .panes, .signature,
      "List the signing secrets, add one by hidden input, or retire one."
    ) { $0.panels.push(SecretsPanel()) },
  ]
}
