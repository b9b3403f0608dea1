internal import DequeModule
internal import Webhooks

extension Model {
  /// How many other deliveries a diagnosis is given to compare with.
  private static let neighbourCount = 256
  /// How far from a delivery that nobody asked about others of the same event are looked for.
  private static let neighbourReach = 2048

  /// Asks for the failed ones of new deliveries to be looked into.
  mutating func diagnose(_ deliveries: [Delivery]) -> [Effect] {
    let wanted = deliveries.suffix(DiagnosisLog.capacity).filter { delivery in
      guard delivery.verdict.status.isFailure, diagnoses[delivery.sequence] == nil else { return false }
      let isSmall = delivery.request.body.count <= DiagnosisBudget.automaticBodyLimit
      diagnoses.set(isSmall ? .waiting : .skipped(.tooLarge), for: delivery.sequence)
      return isSmall
    }
    return wanted.isEmpty ? [] : [.diagnose(order(wanted, isOnDemand: false))]
  }

  /// Asks for the selected delivery to be looked into again, with all the time that it takes.
  mutating func diagnoseSelection() -> [Effect] {
    guard let delivery = list.selection else { return [] }
    diagnoses.set(.waiting, for: delivery.sequence)
    inspection?.refreshSignature(setting, diagnosis: diagnoses[delivery.sequence])
    return [.diagnose(order([delivery], isOnDemand: true))]
  }

  private func order(_ deliveries: [Delivery], isOnDemand: Bool) -> DiagnosisOrder {
    let reach = isOnDemand ? list.kept.count : Model.neighbourReach
    let neighbours = deliveries.first.map {
      list.neighbours(of: $0, limit: Model.neighbourCount, reach: reach)
    }
    return DiagnosisOrder(
      deliveries: deliveries, neighbours: neighbours ?? [], keyring: keyring, isOnDemand: isOnDemand,
      generation: generation)
  }

  mutating func take(_ diagnosis: Diagnosis, of sequence: UInt64) {
    // A search with less time must not take the place of a proof.
    if diagnosis.proof == nil, case .done(let known)? = diagnoses[sequence], known.proof != nil { return }
    set(.done(diagnosis), for: sequence)
  }

  mutating func takeSkipped(_ sequences: [UInt64]) {
    for sequence in sequences { set(.skipped(.queueFull), for: sequence) }
  }

  private mutating func set(_ state: DiagnosisLog.State, for sequence: UInt64) {
    diagnoses.set(state, for: sequence)
    if inspection?.delivery.sequence == sequence {
      inspection?.refreshSignature(setting, diagnosis: state)
      refreshBytes()
    }
  }

  /// The finished diagnosis of the selected delivery.
  var selectedDiagnosis: Diagnosis? {
    guard let sequence = list.selected, case .done(let diagnosis)? = diagnoses[sequence] else { return nil }
    return diagnosis
  }
}
