internal import Webhooks

/// The try-it panel: a what-if about the selected delivery, and what came of it.
struct TryIt: Sendable {
  let delivery: Delivery
  var trial: Trial
  /// How many body variants on the trial is to go, which is found out where large bodies stop no key.
  var variantSteps = 0
  /// Which of the orders the outcome shown belongs to.
  var number = 0
  /// What came of it; nil while it is worked out.
  var outcome: Trial.Outcome?

  init(_ delivery: Delivery, tolerance: Double) {
    self.delivery = delivery
    trial = Trial(tolerance: tolerance)
  }

  /// Steps of the tolerance, in seconds.
  static let tolerances: [Double] = [0, 30, 60, 300, 900, 3600, 21600, 86400, 604_800, 31_536_000]

  /// Takes the next wider (1) or narrower (-1) tolerance.
  mutating func moveTolerance(_ step: Int) {
    let wider = Self.tolerances.first { $0 > trial.tolerance }
    let narrower = Self.tolerances.last { $0 < trial.tolerance }
    trial.tolerance = (step > 0 ? wider : narrower) ?? trial.tolerance
  }

  /// Works the what-if out, on `others` too, which takes as long as the bodies are large.
  func job(others: [Delivery], keyring: Keyring, generation: Int) -> Job {
    let panel = self
    return Job(.trial, priority: .asked, generation: generation) { _ in
      var trial = panel.trial
      trial.variant = trial.variant.moved(by: panel.variantSteps, for: panel.delivery.request.body)
      let outcome = trial.outcome(for: panel.delivery, others: others, keyring: keyring)
      return .tried(number: panel.number, trial.variant, outcome)
    }
  }
}
