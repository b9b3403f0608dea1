internal import DequeModule
internal import Synchronization
internal import OperatingSystem
internal import Webhooks

/// What is to be printed, in the order of the record: filled by the receiver, emptied by the loop that prints.
///
/// It is bounded like the ring, since a reader that stalls must not take all memory; it is told how much it missed.
final class PrintQueue: Sendable {
  private struct State {
    var records: Deque<SessionRecord> = []
    var bytes = 0
    var missed = 0
  }

  private let limits: Journal.Limits
  private let state = Mutex(State())

  init(_ limits: Journal.Limits) {
    self.limits = limits
  }

  func add(_ record: SessionRecord) {
    // What is dropped is freed outside the lock.
    _ = state.withLock { state in
      state.records.append(record)
      state.bytes += record.cost
      return Self.trim(&state, limits)
    }
  }

  /// The next records, `limit` at most, and how many were dropped before them.
  func take(_ limit: Int) -> (records: [SessionRecord], missed: Int) {
    state.withLock { state in
      let records = Array(state.records.prefix(limit))
      state.records.removeFirst(records.count)
      state.bytes -= records.reduce(0) { $0 + $1.cost }
      defer { state.missed = 0 }
      return (records, state.missed)
    }
  }

  private static func trim(_ state: inout State, _ limits: Journal.Limits) -> [SessionRecord] {
    var dropped: [SessionRecord] = []
    let count = limits.deliveries + limits.incidents
    while state.records.count > max(1, count) || (state.bytes > limits.bytes && state.records.count > 1) {
      let oldest = state.records.removeFirst()
      state.bytes -= oldest.cost
      state.missed += 1
      dropped.append(oldest)
    }
    return dropped
  }
}

extension SessionRecord {
  /// About how many bytes it takes in memory.
  fileprivate var cost: Int {
    switch self {
    case .delivery(let delivery): delivery.cost
    case .incident(let incident): incident.detail.utf8.count + (incident.received?.bytes.count ?? 0) + 200
    case .exchange(let exchange, _): exchange.cost
    }
  }
}
