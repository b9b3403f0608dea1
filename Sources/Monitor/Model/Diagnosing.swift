internal import DequeModule
internal import Diagnosis
internal import JSON
internal import Webhooks

extension Model {
  /// How many other deliveries a diagnosis is given to compare with.
  private static let neighbourCount = 256
  /// How far from a delivery that nobody asked about others of the same event are looked for.
  private static let neighbourReach = 2048

  /// Requests a diagnosis of each new delivery that failed.
  mutating func diagnose(_ deliveries: [Delivery], _ priority: Job.Priority = .unasked) -> [Effect] {
    let recheck = recheck
    let wanted = deliveries.suffix(DiagnosisLog.capacity).compactMap { delivery -> Delivery? in
      let delivery = recheck.judged(delivery)
      guard delivery.verdict.status.isFailure, !delivery.isLost, diagnoses[delivery.sequence] == nil else {
        return nil
      }
      let isSmall = original(delivery).bodySize <= DiagnosisBudget.automaticBodyLimit
      diagnoses.set(isSmall ? .waiting : .skipped(.tooLarge), for: delivery.sequence)
      return isSmall ? delivery : nil
    }
    return jobs(for: wanted, priority)
  }

  /// Requests a diagnosis of the selected delivery, ahead of those that wait if the user selected it.
  mutating func diagnoseSelected(_ delivery: Delivery) -> [Effect] {
    // Following selects whatever arrives, which must not make a flood urgent.
    let priority: Job.Priority = list.follows ? .followed : .selected
    switch diagnoses[delivery.sequence] {
    case .waiting?, .skipped(.queueFull)?:
      diagnoses.set(.waiting, for: delivery.sequence)
      return jobs(for: [delivery], priority)
    case .done?, .skipped(.tooLarge)?, nil: return diagnose([delivery], priority)
    }
  }

  /// Requests another diagnosis of a delivery, with all the time that it takes.
  mutating func diagnoseAgain(_ delivery: Delivery) -> [Effect] {
    set(.waiting, for: delivery.sequence)
    return jobs(for: [delivery], .asked)
  }

  private func jobs(for deliveries: [Delivery], _ priority: Job.Priority) -> [Effect] {
    deliveries.map { .run(job(for: $0, priority)) }
  }

  /// - Parameter witness: a delivery to compare with, beside those that are near when the job starts.
  private func job(
    for delivery: Delivery, _ priority: Job.Priority, beside witness: Delivery? = nil
  ) -> Job {
    let (keyring, generation, setting, ring) = (keyring, generation, setting, ring)
    let (delivery, witness) = (original(delivery), witness.map(original))
    let reach = priority == .asked ? list.kept.count : Model.neighbourReach
    let judged = recheck.judged(delivery)
    return Job(
      .diagnosis(delivery.sequence), priority: priority, generation: generation,
      bytes: delivery.cost + (witness?.cost ?? 0)
    ) { clock in
      // Here, since the request may have to be read from a file.
      let subject = DiagnosisSubject(
        judged, providers: setting.providers, tolerance: setting.tolerance, zone: setting.zone)
      let budget: DiagnosisBudget = priority == .asked ? .onDemand(clock: clock) : .automatic(clock: clock)
      // One whose neighbours are not asked for lacks none.
      var lacksWitness = false
      let diagnosis = Diagnosis(of: subject, keyring: keyring, budget: budget) { isOver in
        let neighbours =
          ring.neighbours(of: delivery, limit: Model.neighbourCount, reach: reach, isOver: isOver)
          + [witness].compactMap { $0 }
        lacksWitness = !neighbours.contains { $0.isWitness(for: delivery) }
        return neighbours
      }
      return .diagnosed(
        sequence: delivery.sequence, generation: generation, diagnosis, lacksWitness: lacksWitness)
    }
  }

  /// Takes what was found out, and asks again where a witness has come meanwhile.
  mutating func take(_ diagnosis: Diagnosis, of sequence: UInt64, lacksWitness: Bool) -> [Effect] {
    // A search that got less far must not take the place of a proof, or of one that tried more.
    let known = diagnoses.finished(sequence)
    let isLess = known.map { $0.proof != nil || $0.candidatesTried > diagnosis.candidatesTried } ?? false
    guard diagnosis.proof != nil || !isLess else { return [] }
    set(.done(diagnosis), for: sequence)
    let keeping = [Effect.keep(Outcome(diagnosis), of: sequence)]
    guard lacksWitness, diagnosis.proof == nil else { return keeping }
    diagnoses.lacksWitness(sequence)
    return keeping + diagnoseAgain(beside: list.kept.newest(Model.neighbourCount))
  }

  /// Asks for what was found out without a valid delivery of the same event to be looked into beside one of these.
  mutating func diagnoseAgain(beside arrivals: [Delivery]) -> [Effect] {
    guard diagnoses.hasLacking else { return [] }
    let witnesses = arrivals.suffix(Model.neighbourCount).filter { $0.verdict.macMatches == true }
    let kept = list.kept
    var pairs: [(Delivery, Delivery)] = []
    diagnoses.forgetLacking(atMost: DiagnosisLog.retryLimit) { sequence in
      guard let delivery = kept.find(sequence) else { return true }
      guard let witness = witnesses.last(where: { $0.isWitness(for: delivery) }) else { return false }
      pairs.append((delivery, witness))
      return true
    }
    return pairs.map { .run(job(for: $0, .unasked, beside: $1)) }
  }

  mutating func set(_ state: DiagnosisLog.State, for sequence: UInt64) {
    guard isHeld(sequence) else { return }
    diagnoses.set(state, for: sequence)
    guard let delivery = inspection?.delivery, delivery.sequence == sequence else { return }
    let report = report(on: delivery)
    inspection?.refreshSignature(report)
  }
}

extension Model {
  /// Whether a delivery is kept, or the user reads it.
  private func isHeld(_ sequence: UInt64) -> Bool {
    list.kept.holds(sequence) || held.contains(sequence)
  }

  /// The deliveries that panels are about, and the evicted one that is being read.
  private var held: [UInt64] {
    panels.all.compactMap { $0.subject?.sequence }
      + (standIn == nil ? [] : [inspection?.delivery.sequence].compactMap { $0 })
  }

  /// Forgets what was found out about evicted deliveries.
  mutating func forgetEvicted() {
    let (list, held) = (list, held)
    diagnoses.forget { !list.kept.holds($0) && !held.contains($0) }
    recheck?.forget(before: list.firstKept)
  }
}

extension Outcome {
  fileprivate init(_ diagnosis: Diagnosis) {
    self = .diagnosed(
      diagnosis.findings.map { Finding(cause: ByteString($0.id.rawValue), level: $0.level.rawValue) })
  }
}

/// What is known about why kept deliveries failed; the newest few hundred, since a proof holds a whole body.
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
      case .tooLarge: "not diagnosed: over 64 KiB; press i to diagnose it"
      case .queueFull: "not diagnosed: too many failed at once; press i to diagnose it"
      }
    }
  }

  /// How many diagnoses are kept.
  static let capacity = 500

  /// How many are looked into again at once: few, so that none of them is refused.
  static let retryLimit = 32

  private var states: [UInt64: State] = [:]
  /// Those that were looked into without a valid delivery of the same event beside them, and without a proof.
  private var lacking: Deque<UInt64> = []
  private var order: Deque<UInt64> = []

  subscript(sequence: UInt64) -> State? { states[sequence] }

  /// The finished diagnosis of a delivery.
  func finished(_ sequence: UInt64) -> Diagnosis? {
    if case .done(let diagnosis)? = states[sequence] { diagnosis } else { nil }
  }

  var hasLacking: Bool { !lacking.isEmpty }

  mutating func lacksWitness(_ sequence: UInt64) {
    lacking.append(sequence)
    if lacking.count > DiagnosisLog.capacity { lacking.removeFirst() }
  }

  /// Forgets those that `isOver` says something of, the newest first.
  mutating func forgetLacking(atMost limit: Int, _ isOver: (UInt64) -> Bool) {
    var left = limit
    for index in lacking.indices.reversed() where left > 0 && isOver(lacking[index]) {
      lacking.remove(at: index)
      left -= 1
    }
  }

  /// Forgets the deliveries that `isGone` says so of.
  mutating func forget(where isGone: (UInt64) -> Bool) {
    guard order.contains(where: isGone) else { return }
    for sequence in order where isGone(sequence) { states[sequence] = nil }
    order.removeAll(where: isGone)
    lacking.removeAll(where: isGone)
  }

  mutating func set(_ state: State, for sequence: UInt64) {
    if states.updateValue(state, forKey: sequence) == nil { order.append(sequence) }
    while order.count > DiagnosisLog.capacity { states[order.removeFirst()] = nil }
  }
}

extension Delivery {
  /// Whether this one shows how a body of the event of `other` is written by its sender.
  fileprivate func isWitness(for other: Delivery) -> Bool {
    verdict.macMatches == true && envelope.provider == other.envelope.provider
      && envelope.event == other.envelope.event && sequence != other.sequence
  }
}
