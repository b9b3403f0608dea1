internal import DequeModule
internal import Screen
internal import Webhooks

extension Model {
  /// Opens the try-it panel, and has a delivery looked into that was not so far.
  mutating func openTryIt() -> [Effect] {
    guard let delivery = list.selection else { return [] }
    // The panel is about this delivery, whatever arrives meanwhile.
    list.stopFollowing()
    open(.tryIt(TryIt(delivery, tolerance: setting.tolerance)))
    var effects = changeTrial { _ in }
    if delivery.verdict.status != .valid, diagnoses.finished(delivery.sequence) == nil {
      effects += diagnoseAgain(delivery)
    }
    return effects
  }

  /// Changes the what-if of the panel, and has it worked out anew.
  mutating func changeTrial(_ change: (inout TryIt) -> Void) -> [Effect] {
    guard let index = tryItIndex, case .tryIt(var panel) = overlays[index] else { return [] }
    change(&panel)
    panel.number += 1
    panel.outcome = nil
    overlays[index] = .tryIt(panel)
    return [.run(panel.job(others: Array(list.kept), keyring: keyring, generation: generation))]
  }

  mutating func take(_ outcome: Trial.Outcome, of number: Int, with variant: BodyVariant) {
    guard let index = tryItIndex, case .tryIt(var panel) = overlays[index], panel.number == number else {
      return
    }
    panel.outcome = outcome
    panel.trial.variant = variant
    panel.variantSteps = 0
    overlays[index] = .tryIt(panel)
  }

  /// Searches again for why the panel's delivery failed.
  mutating func searchAgain() -> [Effect] {
    tried.map { diagnoseAgain($0.delivery) } ?? []
  }

  /// Adds the tried secret for good, under its name.
  mutating func keep(_ secret: SigningSecret) -> [Effect] {
    let effects = use(Keyring(keyring.secrets + [secret]))
    notice = Notice("\(secret.label) is used from now on; verdicts of before stay", .success)
    return effects + changeTrial { $0.trial.secret = nil }
  }

  private var tryItIndex: Int? {
    overlays.firstIndex {
      if case .tryIt = $0 { true } else { false }
    }
  }

  /// The open try-it panel.
  var tried: TryIt? {
    guard let index = tryItIndex, case .tryIt(let panel) = overlays[index] else { return nil }
    return panel
  }

  var triedSecret: SigningSecret? { tried?.trial.secret }

  /// Opens the byte view of the panel's delivery.
  mutating func openBytes() {
    if let tried { open(.bytes(bytes(of: tried.delivery))) }
  }

  /// Shows in an open byte view what has become known of its delivery since.
  mutating func refreshBytes(of sequence: UInt64) {
    for index in overlays.indices {
      guard case .bytes(let shown) = overlays[index], shown.sequence == sequence else { continue }
      var view = bytes(of: shown.delivery)
      view.viewport = shown.viewport
      overlays[index] = .bytes(view)
    }
  }

  private func bytes(of delivery: Delivery) -> ByteView {
    ByteView(
      delivery, diagnosis: diagnoses.finished(delivery.sequence), earlier: earlierValid(than: delivery))
  }

  /// The last valid delivery before `delivery` that carries the same event.
  private func earlierValid(than delivery: Delivery) -> Delivery? {
    guard let key = delivery.envelope.dedupeKey else { return nil }
    return list.kept.last {
      $0.sequence < delivery.sequence && $0.verdict.status == .valid && $0.envelope.dedupeKey == key
        && $0.envelope.provider == delivery.envelope.provider
    }
  }
}
