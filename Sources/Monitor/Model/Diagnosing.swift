internal import DequeModule
internal import Synchronization
internal import Diagnosis
internal import Webhooks

/// The deliveries that waiting diagnoses will compare theirs with.
///
/// One snapshot serves all that wait, so that a long queue does not keep what the ring has let go; each job reads it
/// when it starts.
final class Surroundings: Sendable {
  private let deliveries = Mutex<[Delivery]>([])

  func set(_ neighbours: [Delivery]) { deliveries.withLock { $0 = neighbours } }

  func read() -> [Delivery] { deliveries.withLock { $0 } }
}

extension Model {
  /// How many other deliveries a diagnosis is given to compare with.
  private static let neighbourCount = 256
  /// How far from a delivery that nobody asked about others of the same event are looked for.
  private static let neighbourReach = 2048

  /// Asks for the failed ones of new deliveries to be looked into.
  mutating func diagnose(_ deliveries: [Delivery], _ priority: Job.Priority = .unasked) -> [Effect] {
    let wanted = deliveries.suffix(DiagnosisLog.capacity).filter { delivery in
      guard delivery.verdict.status.isFailure, diagnoses[delivery.sequence] == nil else { return false }
      let isSmall = delivery.request.body.count <= DiagnosisBudget.automaticBodyLimit
      diagnoses.set(isSmall ? .waiting : .skipped(.tooLarge), for: delivery.sequence)
      return isSmall
    }
    return jobs(for: wanted, priority)
  }

  /// Asks for the selected delivery to be looked into, before others that wait where the user went there.
  mutating func diagnoseSelected(_ delivery: Delivery) -> [Effect] {
    // Following selects whatever arrives, which must not make a flood urgent.
    guard !list.follows else { return diagnose([delivery]) }
    if case .waiting? = diagnoses[delivery.sequence] { return jobs(for: [delivery], .selected) }
    return diagnose([delivery], .selected)
  }

  /// Asks for a delivery to be looked into again, with all the time that it takes.
  mutating func diagnoseAgain(_ delivery: Delivery) -> [Effect] {
    set(.waiting, for: delivery.sequence)
    return jobs(for: [delivery], .asked)
  }

  private func jobs(for deliveries: [Delivery], _ priority: Job.Priority) -> [Effect] {
    guard let first = deliveries.first else { return [] }
    let reach = priority == .asked ? list.kept.count : Model.neighbourReach
    surroundings.set(list.kept.neighbours(of: first, limit: Model.neighbourCount, reach: reach))
    return deliveries.map { .run(job(for: $0, priority)) }
  }

  private func job(for delivery: Delivery, _ priority: Job.Priority) -> Job {
    let (keyring, generation, surroundings) = (keyring, generation, surroundings)
    let sequence = delivery.sequence
    let subject = DiagnosisSubject(
      delivery, tolerance: setting.tolerance, utcOffset: setting.utcOffset)
    return Job(
      .diagnosis(sequence), priority: priority, generation: generation, bytes: delivery.cost,
      refusal: .notDiagnosed(sequence)
    ) { clock in
      let budget: DiagnosisBudget = priority == .asked ? .onDemand(clock: clock) : .automatic(clock: clock)
      let diagnosis = Diagnosis(
        of: subject, keyring: keyring, neighbours: surroundings.read(), budget: budget)
      return .diagnosed(sequence: sequence, generation: generation, diagnosis)
    }
  }

  mutating func take(_ diagnosis: Diagnosis, of sequence: UInt64) {
    // A search with less time must not take the place of a proof.
    if diagnosis.proof == nil, case .done(let known)? = diagnoses[sequence], known.proof != nil { return }
    set(.done(diagnosis), for: sequence)
  }

  mutating func set(_ state: DiagnosisLog.State, for sequence: UInt64) {
    diagnoses.set(state, for: sequence)
    if inspection?.delivery.sequence == sequence {
      inspection?.refreshSignature(setting, diagnosis: state)
    }
  }
}

/// What is known about why deliveries failed; the newest few hundred, since a proof holds a whole body.
struct DiagnosisLog: Sendable {
  enum State: Sendable {
    case waiting
    case done(Diagnosis)
    case skipped(Skip)
  }

  /// Why a delivery was not diagnosed by itself.
  enum Skip: Sendable {
    case tooLarge, queueFull

    var sentence: String {
      switch self {
      case .tooLarge: "not looked into: over 64 KiB; i asks for it"
      case .queueFull: "not looked into: too many at once; i asks for it"
      }
    }
  }

  /// How many diagnoses are kept.
  static let capacity = 500

  private var states: [UInt64: State] = [:]
  private var order: Deque<UInt64> = []

  subscript(sequence: UInt64) -> State? { states[sequence] }

  /// The finished diagnosis of a delivery.
  func finished(_ sequence: UInt64) -> Diagnosis? {
    if case .done(let diagnosis)? = states[sequence] { diagnosis } else { nil }
  }

  mutating func set(_ state: State, for sequence: UInt64) {
    if states.updateValue(state, forKey: sequence) == nil { order.append(sequence) }
    while order.count > DiagnosisLog.capacity { states[order.removeFirst()] = nil }
  }
}
