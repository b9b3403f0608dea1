internal import Dispatch
internal import Sender
internal import Synchronization

/// Sends what `send` was told to, with a line for each of a few and a progress line for many.
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
    Task.detached { [order, url, volley] in
      outcome.settle(await Self.send(order, url, volley))
    }
    return outcome.wait()
  }

  /// Hands the tally from the task to the main thread, which has nothing else to do meanwhile.
  private final class Outcome: Sendable {
    private let isSettled = DispatchSemaphore(value: 0)
    private let tally = Mutex(Tally())

    func settle(_ result: Tally) {
      tally.withLock { $0 = result }
      isSettled.signal()
    }

    func wait() -> Tally {
      isSettled.wait()
      return tally.withLock { $0 }
    }
  }

  private static func send(_ order: SendOrder, _ url: String, _ volley: Volley) async -> Tally {
    var random = SystemRandomNumberGenerator()
    let seed: UInt64 = random.next()
    let printer = SendPrinter(count: volley.count)
    return await Poster.open { poster in
      let tally = await volley.run(
        to: url, through: poster, make: { order.delivery(seed: seed &+ UInt64($0)) },
        progress: { printer.report($0) })
      printer.finish(tally)
      return tally
    }
  }
}
