internal import NIOCore
internal import Synchronization
internal import Webhooks

/// An exchange that is to be made.
struct PendingExchange: Sendable {
  let request: AppRequest
  let purpose: Exchange.Purpose
  /// When it was begun, by the wall clock and by one that is never set: the wait for its turn counts, since the
  /// delivery's sender waits as well.
  let time: Timestamp
  private let start = NIODeadline.now()
  /// When it is given up.
  let deadline: NIODeadline
  let limits: ResponseReader.Limits
  /// Given what came of it, once, and why it is not a whole response.
  private let done: @Sendable (Exchange, ClientFault?) -> Void

  /// - Parameter limit: how long it may take, its wait included.
  init(
    request: AppRequest, purpose: Exchange.Purpose, time: Timestamp, limit: Duration,
    limits: ResponseReader.Limits = .init(), done: @escaping @Sendable (Exchange, ClientFault?) -> Void
  ) {
    self.request = request
    self.purpose = purpose
    self.time = time
    self.limits = limits
    deadline = start + TimeAmount(limit)
    self.done = done
  }

  /// How long ago it was begun.
  var milliseconds: Double { Double((NIODeadline.now() - start).nanoseconds) / 1e6 }

  /// Ends it with what came of it, now.
  /// - Parameter fault: why the response is missing or not whole; nil if it is.
  func end(
    _ fault: ClientFault?, response: Exchange.Response? = nil, connect: Double? = nil,
    firstByte: Double? = nil
  ) {
    done(
      Exchange(
        at: time, purpose: purpose, url: request.address, response: response,
        failure: fault.map { Exchange.Failure($0, hasResponse: response != nil) },
        milliseconds: .init(connect: connect, firstByte: firstByte, total: milliseconds)), fault)
  }
}

extension Exchange.Failure {
  fileprivate init(_ fault: ClientFault, hasResponse: Bool) {
    self =
      switch fault {
      case .refused: .refused
      case .badURL, .unknownHost, .connectTimedOut: .unreachable
      case .timedOut: .timeout
      case .closed: .reset
      case .untrusted: .tls
      case .notHTTP, .unsendable: .notHTTP
      case .tooLarge: .tooLarge
      case .queueFull: .queueFull
      case .cancelled: .cancelled
      case .other: hasResponse ? .reset : .unreachable
      }
  }
}

/// The wait of an exchange for its turn, which ends once.
final class Wait: Sendable {
  private struct State {
    /// What is given up stays in the queue until its turn, but not its body.
    var exchange: PendingExchange?
    /// What gives it up; it would be held until the deadline, too.
    var timer: Scheduled<Void>?
  }

  private let state: Mutex<State>

  init(_ exchange: PendingExchange) {
    state = Mutex(State(exchange: exchange))
  }

  /// Has the timer stopped at the end of the wait, which may have come before.
  func end(with timer: Scheduled<Void>) {
    let isOver = state.withLock { state in
      if state.exchange != nil { state.timer = timer }
      return state.exchange == nil
    }
    if isOver { timer.cancel() }
  }

  func end() -> PendingExchange? {
    let last = state.withLock { state in
      defer { state = State() }
      return state
    }
    last.timer?.cancel()
    return last.exchange
  }
}
