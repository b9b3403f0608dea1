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
    ) { $0.openSecrets() },
    Action(
      "try a secret", [.character("s")], .tryIt, .signature, "Paste a secret to try, hidden.", hint: "secret",
      isInPalette: false
    ) {
      $0.pasteTriedSecret()
    },
    Action(
      "wider tolerance", [.character("+")], .tryIt, .signature, "Widen the tolerance.", hint: "wider",
      isInPalette: false,
      perform: {
        $0.changeTrial { $0.moveTolerance(1) }
      }),
    Action(
      "narrower tolerance", [.character("-")], .tryIt, .signature, "Narrow the tolerance.", hint: "narrower",
      isInPalette: false,
      perform: {
        $0.changeTrial { $0.moveTolerance(-1) }
      }),
    Action(
      "clock forward", [.character(">")], .tryIt, .signature, "Move the clock a minute forward.",
      hint: "clock on", isInPalette: false,
      perform: {
        $0.changeTrial { $0.trial.clockShift += 60 }
      }),
    Action(
      "clock back", [.character("<")], .tryIt, .signature, "Move the clock a minute back.", hint: "back",
      isInPalette: false,
      perform: {
        $0.changeTrial { $0.trial.clockShift -= 60 }
      }),
    Action(
      "next body", [.character("v")], .tryIt, .signature, "Suppose another body was signed.", hint: "body",
      isInPalette: false,
      perform: {
        $0.changeTrial { $0.variantSteps += 1 }
      }),
    Action(
      "previous body", [.character("V")], .tryIt, .signature, "Suppose the body before.", isInPalette: false,
      perform: {
        $0.changeTrial { $0.variantSteps -= 1 }
      }),
    Action(
      "bytes", [.character("b")], .tryIt, .signature, "Show the exact signed bytes.", hint: "bytes",
      isInPalette: false
    ) {
      $0.openBytes()
    },
    Action(
      "search again", [.character("d")], .tryIt, .signature,
      "Search for the cause again, for as long as it takes.", hint: "search", isInPalette: false,
      perform: {
        $0.searchAgain()
      }),
    Action(
      "keep the secret", [.character("a")], .tryIt, .signature,
      "Name the tried secret, and use it from now on.",
      hint: "keep", isInPalette: false,
      unavailable: { $0.triedSecret == nil ? "No secret is being tried: s takes one" : nil },
      change: {
        $0.nameTriedSecret()
      }),
    Action(
      "discard the secret", [.character("x")], .tryIt, .signature, "Forget the tried secret.",
      hint: "discard", isInPalette: false,
      unavailable: { $0.triedSecret == nil ? "No secret is being tried: s takes one" : nil },
      perform: {
        $0.changeTrial { $0.trial.secret = nil }
      }),
    Action(
      "add a secret", [.character("a")], .secrets, .signature, "Add a signing secret; it is not shown.",
      hint: "add", isInPalette: false
    ) {
      $0.addSecret()
    },
    Action(
      "retire", [.character("r")], .secrets, .signature, "Retire the secret, or take it back into use.",
      hint: "retire", isInPalette: false,
      perform: {
        $0.toggleRetired()
      }),
  ]
}
