internal import DequeModule
internal import NIOCore
internal import Synchronization
internal import Webhooks

/// The exchanges with one app: some at once, some more waiting for their turn, and the rest turned away, so that a dead
/// app costs nobody else anything.
final class AppQueue: Sendable {
  /// How much one app may be behind.
  struct Limits: Sendable {
    /// Exchanges at once.
    var running = 32
    /// Requests that wait, and their bodies together in bytes.
    var waiting = 1000
    var waitingBytes = 64 << 20
  }

  private struct State {
    var running = 0
    var waiting: Deque<Wait> = []
    /// How many of them are not given up yet, and the bytes of their bodies.
    var count = 0
    var bytes = 0
    var isClosed = false
  }

  private enum Place {
    case running
    case waiting(Wait)
    case none(Exchange.Failure)
  }

  private let client: AppClient
  private let limits: Limits
  private let state = Mutex(State())

  init(_ client: AppClient, limits: Limits = Limits()) {
    self.client = client
    self.limits = limits
  }

  /// Makes an exchange as soon as it is its turn.
  func add(_ exchange: PendingExchange) {
    switch state.withLock({ place(exchange, in: &$0) }) {
    case .running: begin(exchange)
    case .waiting(let wait):
      wait.end(with: client.run(at: exchange.deadline) { self.take(wait)?.end(.timeout) })
    case .none(let failure): exchange.end(failure)
    }
  }

  /// Turns away what waits and what is yet to come; what is running is the client's to end.
  func close() {
    let waiting = state.withLock { state in
      state.isClosed = true
      return state.waiting
    }
    for wait in waiting { take(wait)?.end(.cancelled) }
  }

  private func place(_ exchange: PendingExchange, in state: inout State) -> Place {
    guard !state.isClosed else { return .none(.cancelled) }
    guard state.running == limits.running else {
      state.running += 1
      return .running
    }
    let size = exchange.request.body.count
    guard state.count < limits.waiting, state.bytes + size <= limits.waitingBytes else {
      return .none(.queueFull)
    }
    let wait = Wait(exchange)
    state.count += 1
    state.bytes += size
    state.waiting.append(wait)
    return .waiting(wait)
  }

  private func begin(_ exchange: PendingExchange) {
    var running = exchange
    running.done = {
      self.beginNext()
      exchange.done($0)
    }
    client.begin(running)
  }

  private func beginNext() {
    while true {
      let next = state.withLock { state in
        if state.waiting.isEmpty { state.running -= 1 }
        return state.waiting.popFirst()
      }
      guard let next else { return }
      if let exchange = take(next) { return begin(exchange) }
    }
  }

  /// Ends the wait; nil if it has ended before.
  private func take(_ wait: Wait) -> PendingExchange? {
    guard let exchange = wait.end() else { return nil }
    state.withLock { state in
      state.count -= 1
      state.bytes -= exchange.request.body.count
    }
    return exchange
  }
}

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
