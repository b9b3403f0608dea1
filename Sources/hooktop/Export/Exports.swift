internal import Monitor
internal import OperatingSystem
internal import Synchronization
internal import Webhooks

/// Writes exports to files, each on a thread of its own; what comes of them are messages.
final class Exports: Sendable {
  private struct State {
    var results: [Message] = []
    /// Those that are to go on, by their numbers.
    var ongoing: Set<Int> = []
  }

  /// How much is gathered for one write, in bytes.
  private static let pieceSize = 1 << 18
  /// How often it is told how far an export has come, in nanoseconds.
  private static let pause: UInt64 = 100_000_000

  private let state = Mutex(State())
  private let wake: @Sendable () -> Void

  /// - Parameter wake: is called by any thread whenever there are results to take.
  init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

  /// What has come of the exports since it was last asked.
  func takeResults() -> [Message] {
    state.withLock { state in
      defer { state.results = [] }
      return state.results
    }
  }

  func begin(_ order: ExportOrder) {
    state.withLock { _ = $0.ongoing.insert(order.number) }
    BackgroundThread.start { [self] in
      let step = run(order)
      // Whoever has stopped it waits for nothing.
      if let step, isOngoing(order.number) { tell(.exported(number: order.number, step)) }
      stop(order.number)
    }
  }

  /// Ends an export; nothing of it is left.
  func stop(_ number: Int) { state.withLock { _ = $0.ongoing.remove(number) } }

  private func isOngoing(_ number: Int) -> Bool { state.withLock { $0.ongoing.contains(number) } }

  private func tell(_ message: Message) {
    state.withLock { $0.results.append(message) }
    wake()
  }

  /// Returns what came of it; nil if it was stopped.
  private func run(_ order: ExportOrder) -> ExportStep? {
    do throws(ExportFile.Failure) {
      var file = try ExportFile(order.path, overwrites: order.overwrites)
      guard try write(order, to: &file) else { return nil }
      try file.finish()
      return .written(path: order.path, bytes: file.size)
    } catch {
      return error == .exists ? .exists : .failed(error.sentence(about: order.path))
    }
  }

  /// Returns false if it was stopped.
  private func write(_ order: ExportOrder, to file: inout ExportFile) throws(ExportFile.Failure) -> Bool {
    var exporter = order.exporter
    var piece = exporter.head
    var toldAt = Clock.now
    for (index, delivery) in order.deliveries.enumerated() {
      guard isOngoing(order.number) else { return false }
      guard delivery.isReadable else { throw .lost(sequence: delivery.sequence) }
      piece += exporter.text(of: delivery)
      if piece.count >= Self.pieceSize {
        try file.append(piece)
        piece = []
      }
      guard Clock.now - toldAt > Self.pause else { continue }
      toldAt = Clock.now
      tell(.exported(number: order.number, .done(index + 1)))
    }
    try file.append(piece + exporter.foot)
    return isOngoing(order.number)
  }
}
