internal import Dispatch
internal import Synchronization

/// Looks at something again and again, on a queue of its own.
final class RegularLook: Sendable {
  /// In milliseconds.
  private let interval: Int
  private let queue: DispatchQueue
  private let timer = Mutex<(any DispatchSourceTimer)?>(nil)

  /// - Parameters:
  ///   - label: what is looked at.
  ///   - interval: between two looks, in milliseconds.
  init(at label: String, every interval: Int) {
    self.interval = interval
    queue = DispatchQueue(label: label)
  }

  /// Calls `look` on another thread from now on.
  func start(_ look: @escaping @Sendable () -> Void) {
    timer.withLock { timer in
      let source = DispatchSource.makeTimerSource(queue: queue)
      let interval = DispatchTimeInterval.milliseconds(interval)
      // A tenth or so late is as good, and lets the system wake for several at once.
      source.schedule(
        deadline: .now() + interval, repeating: interval, leeway: .milliseconds(max(10, self.interval / 10)))
      source.setEventHandler { look() }
      source.resume()
      timer = source
    }
  }

  /// Ends that; nothing is called any more once it has returned.
  func stop() {
    timer.withLock { timer in
      timer?.cancel()
      timer = nil
    }
    queue.sync {}
  }
}
