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
  /// Given what came of it, once.
  var done: @Sendable (Exchange) -> Void

  /// - Parameter limit: how long it may take, its wait included.
  init(
    request: AppRequest, purpose: Exchange.Purpose, time: Timestamp, limit: Duration,
    done: @escaping @Sendable (Exchange) -> Void
  ) {
    self.request = request
    self.purpose = purpose
    self.time = time
    deadline = start + TimeAmount(limit)
    self.done = done
  }

  /// How long ago it was begun.
  var milliseconds: Double { Double((NIODeadline.now() - start).nanoseconds) / 1e6 }

  /// What came of it, now that it has ended.
  func ended(
    _ response: Exchange.Response? = nil, _ failure: Exchange.Failure?, connect: Double? = nil,
    firstByte: Double? = nil
  ) -> Exchange {
    Exchange(
      at: time, purpose: purpose, url: request.address, response: response, failure: failure,
      milliseconds: .init(connect: connect, firstByte: firstByte, total: milliseconds))
  }

  /// Ends it before anything was sent.
  func end(_ failure: Exchange.Failure) { done(ended(nil, failure)) }
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
