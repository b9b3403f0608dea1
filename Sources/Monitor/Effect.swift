public import Webhooks

/// Something that the model wants done outside itself.
public enum Effect: Sendable {
  /// Draw the whole screen anew, whatever is believed to stand on it.
  case redraw
  /// Leave the screen and stop, as C-z does in a shell.
  case suspend
  /// Find out in the background why deliveries failed.
  case diagnose(DiagnosisOrder)
  /// Work a what-if out in the background.
  case tryOut(TrialOrder)
  /// Verify with these secrets from now on.
  case use(Keyring)
  /// Retire the secret of this label, now, or take it back into use.
  case retire(label: String, Bool)
}

/// Deliveries to be diagnosed, and what is needed for it.
public struct DiagnosisOrder: Sendable {
  public let deliveries: [Delivery]
  /// Other deliveries to compare with, oldest first.
  public let neighbours: [Delivery]
  public let keyring: Keyring
  /// Asked for by the user: goes first, whatever the size, with a larger budget.
  public let isOnDemand: Bool
  /// Which of several sets of secrets the order was given with.
  public let generation: Int

  /// The order without what to compare with, for a queue that holds that once.
  public var withoutNeighbours: DiagnosisOrder {
    DiagnosisOrder(
      deliveries: [], neighbours: [], keyring: keyring, isOnDemand: isOnDemand, generation: generation)
  }
}

/// A what-if to be worked out.
public struct TrialOrder: Sendable {
  public let trial: Trial
  /// How many body variants further the trial is meant to be, of those that fit.
  public let variantSteps: Int
  public let delivery: Delivery
  /// The deliveries that it is tried on as well.
  public let others: [Delivery]
  public let keyring: Keyring
  /// Which of several orders an outcome belongs to.
  public let number: Int

  /// Works the what-if out, which takes as long as the bodies are large.
  public func workedOut() -> Message {
    var trial = trial
    trial.variant = trial.variant.moved(by: variantSteps, for: delivery.request.body)
    let outcome = trial.outcome(for: delivery, others: others, keyring: keyring)
    return .tried(number: number, trial.variant, outcome)
  }
}
