import Synchronization
import Webhooks

/// A recorder whose disk can be full.
final class StandInRecorder: Recorder {
  private struct Full: Error, CustomStringConvertible {
    var description: String { "the stand-in disk is full" }
  }

  private let state = Mutex((isFull: false, records: [SessionRecord]()))

  var isFull: Bool {
    get { state.withLock { $0.isFull } }
    set { state.withLock { $0.isFull = newValue } }
  }

  var records: [SessionRecord] { state.withLock { $0.records } }

  var deliveries: [Delivery] {
    records.compactMap { if case .delivery(let delivery) = $0 { delivery } else { nil } }
  }

  func record(_ record: SessionRecord, body: EncodedBody?) throws {
    try state.withLock { state in
      guard !state.isFull else { throw Full() }
      state.records.append(record)
    }
  }
}
