internal import Dispatch
internal import Sender
internal import Synchronization

/// Sends what `send` was told to, with a line for each of a few and a progress line for what takes long.
struct SendRun {
  private let order: SendOrder
  private let url: String
  private let volley: Volley

  init(_ order: SendOrder, url: String, volley: Volley) {
    self.order = order
    self.url = url
    self.volley = volley
  }

  /// Sends, and waits until all are answered.
  func run() -> Tally {
    let outcome = Outcome()
    let printer = SendPrinter(count: volley.count)
    Task.detached { [order, url, volley] in
      outcome.settle(await Self.send(order, url, volley, printer))
    }
    let tally = outcome.wait(ticking: printer.tick)
    printer.finish(tally)
    return tally
  }

  /// Hands the tally from the task to the main thread, which only shows the progress meanwhile.
  private final class Outcome: Sendable {
    private let isSettled = DispatchSemaphore(value: 0)
    private let tally = Mutex(Tally())

    func settle(_ result: Tally) {
      tally.withLock { $0 = result }
      isSettled.signal()
    }

    /// - Parameter tick: called ten times a second.
    func wait(ticking tick: () -> Void) -> Tally {
      while isSettled.wait(timeout: .now() + .milliseconds(100)) == .timedOut { tick() }
      return tally.withLock { $0 }
    }
  }

  private static func send(
    _ order: SendOrder, _ url: String, _ volley: Volley, _ printer: SendPrinter
  ) async -> Tally {
    var random = SystemRandomNumberGenerator()
    let seed: UInt64 = random.next()
    return await Poster.open { poster in
      await volley.run(
        to: url, through: poster, make: { order.delivery(seed: seed &+ UInt64($0)) },
        progress: { printer.report($0) })
    }
  }
}
