internal import DequeModule
internal import Synchronization

/// The in-memory ring buffer of deliveries and incidents: appended to by the receiver, read by cursors.
///
/// A reader that stalls holds nothing back: it is told how many it missed.
public final class Journal: Sendable {
  /// How much is kept: the oldest go first, whichever bound is reached.
  public struct Limits: Sendable {
    public var deliveries: Int
    /// In bytes, the deliveries' own bytes and the room of their objects together.
    public var bytes: Int
    public var incidents: Int

    public init(deliveries: Int = 10_000, bytes: Int = 256 << 20, incidents: Int = 1000) {
      self.deliveries = deliveries
      self.bytes = bytes
      self.incidents = incidents
    }
  }

  /// Where a reader stands.
  public struct Cursor: Sendable, Equatable {
    var delivery: UInt64 = 0
    var incident: UInt64 = 0

    public init() {}
  }

  /// What came since a cursor's last reading.
  public struct Batch: Sendable {
    public var deliveries: [Delivery] = []
    public var incidents: [Incident] = []
    /// Deliveries that were pushed out before this reader saw them.
    public var missed = 0
    public var missedIncidents = 0
    /// The oldest delivery still kept; what is before it has been pushed out.
    public var firstKept: UInt64 = 1
    public var counts = Counts()

    public init() {}

    public var isEmpty: Bool {
      deliveries.isEmpty && incidents.isEmpty && missed == 0 && missedIncidents == 0
    }
  }

  /// Totals since the start; they only grow, but for what is kept.
  public struct Counts: Sendable, Equatable {
    public var received = 0
    public var failed = 0
    public var evicted = 0
    public var incidents = 0
    public var keptBytes = 0

    public init() {}
  }

  fileprivate struct State {
    var deliveries: RingBuffer<Delivery>
    var incidents: RingBuffer<Incident>
    var memory = ChainMemory()
    var failed = 0
  }

  private let state: Mutex<State>
  /// Held from a delivery's number being known to its being kept, where something is done in between.
  private let appending = Mutex(())
  private let onAppend: @Sendable () -> Void

  /// - Parameter onAppend: called on the appending thread after each change; it must not block.
  public init(limits: Limits = Limits(), onAppend: @escaping @Sendable () -> Void = {}) {
    let deliveries = RingBuffer<Delivery>(capacity: limits.deliveries, costLimit: limits.bytes) { $0.cost }
    state = Mutex(State(deliveries: deliveries, incidents: RingBuffer(capacity: limits.incidents)))
    self.onAppend = onAppend
  }

  /// Keeps an arrival as the newest delivery; what it returns is in the ring until pushed out.
  @discardableResult
  public func append(_ arrival: Arrival) -> Delivery {
    let (delivery, _) = state.withLock { state in
      let delivery = state.next(arrival)
      return (delivery, state.keep(delivery))
    }
    onAppend()
    return delivery
  }

  /// Keeps an arrival as `append` does, once `record` has returned; where that throws, nothing is kept and no
  /// number is used up. Readers do not wait for it.
  ///
  /// All appending must then be done this way.
  @discardableResult
  public func append(_ arrival: Arrival, recording record: (Delivery) throws -> Void) throws -> Delivery {
    let (delivery, _) = try appending.withLock { _ in
      let delivery = state.withLock { $0.next(arrival) }
      try record(delivery)
      return (delivery, state.withLock { $0.keep(delivery) })
    }
    onAppend()
    return delivery
  }

  /// Keeps and counts an incident.
  public func append(_ incident: Incident) {
    state.withLock { $0.incidents.append(incident) }
    onAppend()
  }

  /// What came after `cursor`, at most `limit` deliveries of it; moves the cursor past it.
  ///
  /// Incidents that came after the last delivery that `limit` allows are left for the next reading, too.
  public func read(after cursor: inout Cursor, limit: Int = .max) -> Batch {
    state.withLock { state in
      var batch = Batch()
      (batch.deliveries, batch.missed) = state.deliveries.read(after: &cursor.delivery, limit: limit)
      (batch.incidents, batch.missedIncidents) = state.incidents.read(after: &cursor.incident)
      if cursor.delivery < state.deliveries.last, let end = batch.deliveries.last?.receivedAt {
        let later = batch.incidents.count - batch.incidents.prefix { $0.receivedAt <= end }.count
        batch.incidents.removeLast(later)
        cursor.incident -= UInt64(later)
      }
      batch.firstKept = state.deliveries.first
      batch.counts = state.counts
      return batch
    }
  }

  public var counts: Counts { state.withLock { $0.counts } }
}

extension Journal.State {
  fileprivate var counts: Journal.Counts {
    var counts = Journal.Counts()
    counts.received = Int(deliveries.last)
    counts.failed = failed
    counts.evicted = Int(deliveries.evicted)
    counts.incidents = Int(incidents.last)
    counts.keptBytes = deliveries.cost
    return counts
  }

  /// The delivery that `keep` would keep next; changes nothing.
  fileprivate func next(_ arrival: Arrival) -> Delivery {
    let standing = memory.standing(of: arrival.envelope)
    return Delivery(
      sequence: deliveries.last + 1, receivedAt: arrival.receivedAt, request: arrival.request,
      envelope: arrival.envelope, verdict: arrival.verdict, isDuplicate: standing.isDuplicate,
      attempt: standing.attempt, answer: arrival.answer)
  }

  /// Keeps the delivery, and gives those that it pushes out: to free them takes longer than all else here, so it
  /// is left until nobody waits for the ring.
  fileprivate mutating func keep(_ delivery: Delivery) -> [Delivery] {
    let isFailure = delivery.verdict.status.isFailure
    memory.remember(delivery.envelope, accepted: !isFailure)
    if isFailure { failed += 1 }
    deliveries.push(delivery)
    var pushedOut: [Delivery] = []
    while let oldest = deliveries.popExcess() {
      memory.forget(oldest.envelope)
      pushedOut.append(oldest)
    }
    return pushedOut
  }
}
