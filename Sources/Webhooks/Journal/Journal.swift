internal import DequeModule
internal import Synchronization

/// What came to the receiver, in one order: the newest deliveries and incidents, appended to by the receiver's
/// threads and read by cursors. What happens to a delivery afterwards is kept with it, and evicted with it.
///
/// Where it has a recorder, that is given everything in the same order, and a delivery is kept once its record is.
/// A reader that stalls holds nothing back: it is told how many it missed.
public final class Journal: Sendable {
  /// How much is kept: the oldest go first, whichever bound is reached, and marked ones last.
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

  /// Totals since the start; they only grow, but for what is kept.
  public struct Counts: Sendable, Equatable {
    public var received = 0
    public var failed = 0
    public var evicted = 0
    public var incidents = 0
    /// How often an app answered otherwise than the verdict says.
    public var disagreements = 0

    public init() {}
  }

  private let state: Mutex<State>
  /// Held from a record being made to what it tells being kept, so that both are in the same order. Readers do not
  /// wait for it.
  private let recording = Mutex(())
  private let recorder: Mutex<(any Recorder)?>
  /// Apart from the recorder: to ask for that takes a lock.
  private let hasRecorder: Atomic<Bool>
  /// Whether what is appended is recorded first.
  public var isRecorded: Bool { hasRecorder.load(ordering: .relaxed) }
  private let onRecord: (@Sendable (SessionRecord) -> Void)?
  /// Whether anybody is given what is kept, and so must be given it in order. It is known beforehand, since asking the
  /// recorder for each delivery costs more than its number does.
  private var isOrdered: Bool { isRecorded || onRecord != nil }
  private let onAppend: @Sendable () -> Void

  /// - Parameters:
  ///   - recorder: is given each delivery before its sender is told that it is kept, and each incident and exchange; by
  ///     one thread at a time.
  ///   - onAppend: called on the appending thread after each change; it must not block.
  ///   - onRecord: is given what the recorder is given, afterwards and in the same order; it must not block.
  public init(
    limits: Limits = Limits(), recorder: (any Recorder)? = nil,
    onAppend: @escaping @Sendable () -> Void = {},
    onRecord: (@Sendable (SessionRecord) -> Void)? = nil
  ) {
    state = Mutex(State(limits))
    self.recorder = Mutex(recorder)
    hasRecorder = Atomic(recorder != nil)
    self.onRecord = onRecord
    self.onAppend = onAppend
  }

  /// Records from now on with another recorder, or no more: what is being recorded is with the one before.
  public func record(with recorder: (any Recorder)?) {
    recording.withLock { _ in
      self.recorder.withLock { $0 = recorder }
      hasRecorder.store(recorder != nil, ordering: .relaxed)
    }
  }

  /// Keeps an arrival as the newest delivery; what it returns is kept until evicted.
  /// - Throws: what the recorder throws; nothing is kept then, and no number is used up.
  @discardableResult
  public func append(_ arrival: Arrival) throws -> Delivery {
    let body = encodedBody(of: arrival.request)
    // Those that it evicts are freed only when nobody waits for a lock: that takes longer than all else here.
    let (delivery, _) = try inTurn {
      guard isOrdered else { return keep(arrival) }
      let delivery = state.withLock { $0.next(arrival) }
      try record(.delivery(delivery), body)
      return (delivery, state.withLock { $0.keep(delivery) })
    }
    onAppend()
    return delivery
  }

  /// Keeps an arrival whose answer is not known yet as the newest delivery; `settle` records it.
  public func hold(_ arrival: Arrival) -> Delivery {
    // In turn with what is recorded, which has its number before it is kept.
    let (delivery, _) = inTurn { keep(arrival) }
    onAppend()
    return delivery
  }

  /// Records a delivery that was held, now that its answer is known, and keeps that.
  /// - Parameter exchange: what the answer goes by; nil if no app was asked.
  /// - Throws: what the recorder throws; the answer is not kept then, since it must be another one.
  public func settle(_ delivery: Delivery, _ answer: Answer, after exchange: Exchange? = nil) throws {
    defer { onAppend() }
    let exchanged = exchange.map { [Outcome.exchanged($0)] } ?? []
    guard isOrdered else {
      keep([.answered(answer)] + exchanged, of: delivery.sequence)
      return
    }
    let answered = delivery.with(answer: answer)
    let body = encodedBody(of: delivery.request)
    try inTurn {
      do {
        try record(.delivery(answered), body)
      } catch {
        keep(exchanged, of: delivery.sequence)
        throw error
      }
      let failure = exchange.flatMap { record($0, of: delivery.sequence) }
      keep([.answered(answer)] + exchanged, of: delivery.sequence)
      if let exchange, let failure { tell(.notStored("an exchange", failure, at: exchange.at)) }
    }
  }

  /// Records and keeps an exchange about a delivery; nothing is kept where that has been evicted.
  public func append(_ exchange: Exchange, to sequence: UInt64) {
    inTurn { take(exchange, of: sequence) }
    onAppend()
  }

  /// Keeps and counts an incident, and another one where it can't be recorded.
  public func append(_ incident: Incident) {
    inTurn { take(incident) }
    onAppend()
  }

  /// Keeps what happened to a delivery; nothing where that has been evicted. It is not recorded.
  public func append(_ outcome: Outcome, to sequence: UInt64) {
    guard keep([outcome], of: sequence) else { return }
    onAppend()
  }

  /// Marks deliveries, or takes their marks away; those that are marked are the last to be evicted. The others are left
  /// alone where one can't be marked.
  /// - Returns: why one can't be marked; nil if all are.
  public func mark(_ sequences: [UInt64], _ isMarked: Bool) -> MarkRefusal? {
    defer { onAppend() }
    for sequence in sequences {
      // Those that it evicts are freed outside the lock.
      let (refusal, _) = state.withLock { state -> (MarkRefusal?, [Delivery]?) in
        guard state.isMarked(sequence) != isMarked else { return (nil, nil) }
        let refusal = isMarked ? state.reasonUnmarkable(sequence) : nil
        return (refusal, refusal == nil ? state.keep([.marked(isMarked)], of: sequence) : nil)
      }
      if let refusal { return refusal }
    }
    return nil
  }

  /// Counts deliveries among the verified attempts of their chains from now on: a secret that became known after they
  /// arrived has signed them. What they are kept with stays as it is.
  public func join(_ sequences: [UInt64]) {
    for sequence in sequences { state.withLock { $0.join(sequence) } }
  }

  /// Drops all deliveries but the marked ones; what is recorded stays.
  public func clear() {
    // They are freed outside the lock.
    _ = state.withLock { $0.clear() }
    onAppend()
  }

  /// Does `work`, in turn with all else that is recorded where anything is.
  private func inTurn<Value>(_ work: () throws -> Value) rethrows -> Value {
    guard isOrdered else { return try work() }
    return try recording.withLock { _ in try work() }
  }

  private func encodedBody(of request: Request) -> EncodedBody? {
    isRecorded ? EncodedBody(request.body) : nil
  }

  private func record(_ record: SessionRecord, _ body: EncodedBody?) throws {
    if isRecorded { try recorder.withLock(\.self)?.record(record, body: body) }
    onRecord?(record)
  }

  // What can't be recorded is told all the same, and that it can't.
  private func take(_ incident: Incident) {
    let failure = failureToRecord(.incident(incident))
    tell(incident)
    // That a delivery was not stored says the same already.
    guard let failure, incident.reason != .notStored else { return }
    tell(.notStored("an incident", failure, at: incident.receivedAt))
  }

  private func take(_ exchange: Exchange, of sequence: UInt64) {
    let failure = record(exchange, of: sequence)
    keep([.exchanged(exchange)], of: sequence)
    if let failure { tell(.notStored("an exchange", failure, at: exchange.at)) }
  }

  /// Records an exchange, and returns why it can't be.
  private func record(_ exchange: Exchange, of sequence: UInt64) -> (any Error)? {
    let failure = failureToRecord(.exchange(exchange, of: sequence))
    onRecord?(.exchange(exchange, of: sequence))
    return failure
  }

  private func failureToRecord(_ record: SessionRecord) -> (any Error)? {
    guard isRecorded else { return nil }
    do {
      try recorder.withLock(\.self)?.record(record, body: nil)
      return nil
    } catch {
      return error
    }
  }

  private func tell(_ incident: Incident) {
    onRecord?(.incident(incident))
    state.withLock { $0.keep(incident) }
  }

  private func keep(_ arrival: Arrival) -> (Delivery, evicted: [Delivery]) {
    state.withLock { state in
      let delivery = state.next(arrival)
      return (delivery, state.keep(delivery))
    }
  }

  @discardableResult
  private func keep(_ outcomes: [Outcome], of sequence: UInt64) -> Bool {
    guard !outcomes.isEmpty else { return false }
    // Those that they evict are freed outside the lock.
    return state.withLock { $0.keep(outcomes, of: sequence) } != nil
  }

  /// Returns what came after `cursor`, at most `limit` deliveries of it; moves the cursor past it.
  ///
  /// Incidents that came after the last delivery that `limit` allows are left for the next reading, too, and so are
  /// the outcomes of deliveries after it.
  public func read(after cursor: inout Cursor, limit: Int = .max) -> Batch {
    state.withLock { $0.read(after: &cursor, limit: limit) }
  }

  public var counts: Counts { state.withLock { $0.counts } }

  /// Returns what has happened to a kept delivery, oldest first.
  public func outcomes(of sequence: UInt64) -> [Outcome] { state.withLock { $0.outcomes(of: sequence) } }

  public func mayHoldAttempts(beside delivery: Delivery) -> Bool {
    state.withLock { $0.mayHoldAttempts(beside: delivery) }
  }

  public func deliveries(from sequence: UInt64, atMost limit: Int) -> [Delivery] {
    state.withLock { $0.deliveries.slice(from: sequence, atMost: limit) }
  }

  public func deliveries(before sequence: UInt64, atMost limit: Int) -> [Delivery] {
    state.withLock { $0.deliveries.slice(before: sequence, atMost: limit) }
  }
}
