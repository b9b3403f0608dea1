internal import DequeModule
internal import Webhooks

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
