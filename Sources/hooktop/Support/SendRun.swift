internal import Dispatch
internal import Sender
internal import Synchronization

/// Sends what `send` was told to, with a line for each of a few and a progress line for what takes long.
struct SendRun: Sendable {
  private let order: SendOrder
  private let url: String
  private let certificate: [UInt8]?
  private let volley: Volley

  /// - Parameter certificate: in PEM, the one that is trusted over https; nil for those that the system trusts.
  init(_ order: SendOrder, url: String, trusting certificate: [UInt8]?, volley: Volley) {
    self.order = order
    self.url = url
    self.certificate = certificate
    self.volley = volley
  }

  /// Sends, and waits until all are answered.
  func run() -> Tally {
    let outcome = Outcome()
    let printer = SendPrinter(count: volley.count)
    Task.detached { [self] in outcome.settle(await send(printer)) }
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

  private func send(_ printer: SendPrinter) async -> Tally {
    var random = SystemRandomNumberGenerator()
    let seed: UInt64 = random.next()
    return await Poster.open(trusting: certificate) { poster in
      await volley.run(
        to: url, through: poster, make: { order.delivery(seed: seed &+ UInt64($0)) },
        progress: { printer.report($0) })
    }
  }
}
