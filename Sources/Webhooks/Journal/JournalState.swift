extension Journal {
  /// An incident, and the number of the delivery that it came after; 0 before the first.
  struct PlacedIncident: Sendable {
    let incident: Incident
    let place: UInt64
  }

  /// All that changes, under the one lock.
  struct State {
    private(set) var deliveries: KeptDeliveries
    private let limits: Limits
    private var incidents: RingBuffer<PlacedIncident>
    private var outcomes = OutcomeLog()
    private var memory = ChainMemory()
    private var failed = 0
    /// How many of the deliveries came from the user.
    private var replayed = 0
    private var disagreements = 0
    /// The numbers of those that are counted among the verified ones since a later secret has verified them.
    private var joined: Set<UInt64> = []

    init(_ limits: Limits) {
      self.limits = limits
      deliveries = KeptDeliveries(limits)
      incidents = RingBuffer(capacity: limits.incidents)
    }

    var counts: Counts {
      var counts = Counts()
      counts.received = Int(deliveries.last) - replayed
      counts.failed = failed
      counts.evicted = deliveries.evicted
      counts.incidents = Int(incidents.last)
      counts.disagreements = disagreements
      return counts
    }

    /// The delivery that `keep` would keep next; changes nothing.
    func next(_ arrival: Arrival) -> Delivery {
      let standing =
        arrival.origin == .received
        ? memory.standing(of: arrival.envelope, arrival.verdict) : ChainMemory.Standing()
      return Delivery(
        sequence: deliveries.last + 1, receivedAt: arrival.receivedAt, request: arrival.request,
        envelope: arrival.envelope, verdict: arrival.verdict, isDuplicate: standing.isDuplicate,
        attempt: standing.attempt, answer: arrival.answer, origin: arrival.origin,
        endpoint: arrival.endpoint)
    }

    /// Keeps the delivery, and gives those that it evicts.
    mutating func keep(_ delivery: Delivery) -> [Delivery] {
      deliveries.push(delivery)
      // What the user sends is no attempt of the sender's.
      if delivery.replayOf == nil {
        memory.remember(
          delivery.envelope, delivery.verdict, isAccepted: delivery.isAccepted)
        if delivery.verdict.status.isFailure { failed += 1 }
      } else {
        replayed += 1
      }
      return evict()
    }

    private mutating func evict() -> [Delivery] {
      var evicted: [Delivery] = []
      while let oldest = deliveries.popExcess(beside: outcomes.bytes, marked: outcomes.marked) {
        forget(oldest)
        evicted.append(oldest)
      }
      return evicted
    }

    /// Takes out all deliveries that are not marked, and gives them.
    mutating func clear() -> [Delivery] {
      let cleared = deliveries.popAll(but: outcomes.marked)
      for delivery in cleared { forget(delivery) }
      return cleared
    }

    private mutating func forget(_ delivery: Delivery) {
      if delivery.replayOf == nil { memory.forget(delivery.envelope) }
      outcomes.forget(delivery.sequence)
      if !joined.isEmpty { joined.remove(delivery.sequence) }
    }

    func mayHoldAttempts(beside delivery: Delivery) -> Bool {
      memory.count(inChainOf: delivery.envelope) > (deliveries.find(delivery.sequence) == nil ? 0 : 1)
    }

    mutating func keep(_ incident: Incident) {
      incidents.append(PlacedIncident(incident: incident, place: deliveries.last))
    }

    /// Keeps the outcomes with their delivery, and gives the deliveries that they evict; nil if their own has been.
    mutating func keep(_ outcomes: [Outcome], of sequence: UInt64) -> [Delivery]? {
      guard let delivery = deliveries.find(sequence) else { return nil }
      for outcome in outcomes { note(outcome, of: delivery) }
      self.outcomes.append(outcomes, to: sequence)
      return evict()
    }

    private mutating func note(_ outcome: Outcome, of delivery: Delivery) {
      if case .marked(let isMarked) = outcome, isMarked != self.isMarked(delivery.sequence) {
        deliveries.note(delivery, isMarked: isMarked)
      }
      if case .exchanged(let exchange) = outcome, exchange.disagreement(with: delivery.verdict) != nil {
        disagreements += 1
      }
      if case .answered(let answer) = outcome, answer.isAccepted(by: delivery.envelope.provider),
        delivery.replayOf == nil
      {
        memory.accept(delivery.envelope, delivery.verdict)
      }
    }

    /// Counts a delivery among the verified ones of its chain from now on; one that is among them stays so.
    mutating func join(_ sequence: UInt64) {
      guard let delivery = deliveries.find(sequence), delivery.replayOf == nil, !delivery.verdict.isVerified,
        joined.insert(sequence).inserted
      else { return }
      let answer = delivery.answer ?? outcomes.answer(to: sequence)
      memory.join(
        delivery.envelope, isAccepted: answer?.isAccepted(by: delivery.envelope.provider) ?? false)
    }

    func outcomes(of sequence: UInt64) -> [Outcome] { outcomes[sequence] }

    func isMarked(_ sequence: UInt64) -> Bool { outcomes.marked.contains(sequence) }

    /// Why a delivery that is not marked can't be; nil if it can, or is not kept.
    func reasonUnmarkable(_ sequence: UInt64) -> MarkRefusal? {
      guard let delivery = deliveries.find(sequence) else { return nil }
      let (count, bytes) = (limits.deliveries / 2, limits.bytes / 2)
      if outcomes.marked.count >= count { return .tooMany(limit: count) }
      return deliveries.markedCost + delivery.cost > bytes ? .tooLarge(limit: bytes) : nil
    }

    mutating func read(after cursor: inout Cursor, limit: Int) -> Batch {
      var batch = Batch()
      (batch.deliveries, batch.missed) = deliveries.read(after: &cursor.delivery, limit: limit)
      var placed: [PlacedIncident]
      (placed, batch.missedIncidents) = incidents.read(after: &cursor.incident)
      let later = placed.count - placed.prefix { $0.place <= cursor.delivery }.count
      placed.removeLast(later)
      cursor.incident -= UInt64(later)
      batch.incidents = placed.map(\.incident)
      batch.outcomes = outcomes.read(after: &cursor.outcome, upTo: cursor.delivery)
      batch.firstKept = deliveries.first
      batch.spared = deliveries.spared
      batch.counts = counts
      return batch
    }
  }
}
