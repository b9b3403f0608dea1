internal import DequeModule
internal import NIOCore
internal import Synchronization
internal import Webhooks

/// The exchanges with one app and the connections to it: some are made at once, some more wait for a connection, and the
/// rest is turned away, so that a dead app costs nobody else anything.
final class AppQueue: Sendable {
  /// How much one app may be behind.
  struct Limits: Sendable {
    /// Exchanges at once, and connections, each of which makes one.
    var running = 32
    /// Requests that wait, and their bodies together in bytes.
    var waiting = 1000
    var waitingBytes = 64 << 20
  }

  private struct State {
    /// The connections, and those that are about to be opened.
    var count = 0
    /// The connections that can be told something.
    var connections: [ObjectIdentifier: AppConnection.Handle] = [:]
    /// Those without an exchange, the one used last at the end.
    var idle: [AppConnection.Handle] = []
    var waiting: Deque<Wait> = []
    /// How many of them are not given up yet, and the bytes of their bodies.
    var waitingCount = 0
    var bytes = 0
    /// Called once the last connection is gone; nil before the queue is closed.
    var closed: (@Sendable () -> Void)?
    var isClosed: Bool { closed != nil }
  }

  private enum Place {
    case idle(AppConnection.Handle)
    case new
    case waiting(Wait)
    case none(ClientFault)
  }

  /// What a connection does next.
  enum Next {
    case exchange(PendingExchange)
    case none
    case end
  }

  private let connector: AppConnector
  private let limits: Limits
  private let state = Mutex(State())

  init(_ connector: AppConnector, limits: Limits = Limits()) {
    self.connector = connector
    self.limits = limits
  }

  /// Makes an exchange as soon as it is its turn.
  func add(_ exchange: PendingExchange) {
    guard exchange.request.isSendable else { return exchange.end(.unsendable) }
    let loop = connector.loop
    switch state.withLock({ place(exchange, on: loop, in: &$0) }) {
    case .idle(let connection): connection.use { $0.make(exchange) }
    case .new: open(for: exchange, on: loop)
    case .waiting(let wait):
      wait.end(with: loop.scheduleTask(deadline: exchange.deadline) { self.take(wait)?.end(.timedOut) })
    case .none(let fault): exchange.end(fault)
    }
  }

  /// Turns away what waits and what is yet to come, and ends the rest as cancelled.
  /// - Parameter done: called once all connections are gone.
  func close(_ done: @escaping @Sendable () -> Void) {
    let (waiting, connections, isEmpty) = state.withLock { state in
      state.closed = done
      return (state.waiting, Array(state.connections.values), state.count == 0)
    }
    for wait in waiting { take(wait)?.end(.cancelled) }
    for connection in connections { connection.use { $0.cancel() } }
    if isEmpty { done() }
  }

  /// How long a connection may take until it stands.
  var patience: TimeAmount { connector.patience }

  /// Whether nothing is connected, and nothing waits.
  var isUnused: Bool { state.withLock { $0.count == 0 && $0.idle.isEmpty } }

  private func place(_ exchange: PendingExchange, on loop: any EventLoop, in state: inout State) -> Place {
    guard !state.isClosed else { return .none(.cancelled) }
    if let place = state.idle.lastIndex(where: { $0.isOn(loop) }) {
      return .idle(state.idle.remove(at: place))
    }
    guard state.count == limits.running else {
      state.count += 1
      return .new
    }
    // To wake another thread is better than to wait.
    if let other = state.idle.popLast() { return .idle(other) }
    let size = exchange.request.body.count
    guard state.waitingCount < limits.waiting, state.bytes + size <= limits.waitingBytes else {
      return .none(.queueFull)
    }
    let wait = Wait(exchange)
    state.waitingCount += 1
    state.bytes += size
    state.waiting.append(wait)
    return .waiting(wait)
  }
}

// MARK: Connections

extension AppQueue {
  private func open(for exchange: PendingExchange, on loop: any EventLoop) {
    loop.run { [self] in
      let connection = AppConnection(of: self, on: loop)
      let handle = connection.handle
      let isClosed = state.withLock { state in
        state.connections[handle.id] = handle
        return state.isClosed
      }
      connection.open(exchange, on: connector.connect(to: exchange.request.url, on: loop))
      // Its end could not be told to it before.
      if isClosed { connection.cancel() }
    }
  }

  /// Gives a connection that has become free its next exchange; it waits for one where there is none.
  func next(for connection: AppConnection.Handle) -> Next {
    while true {
      let (wait, isClosed) = state.withLock { state in
        let wait = state.waiting.popFirst()
        if wait == nil, !state.isClosed { state.idle.append(connection) }
        return (wait, state.isClosed)
      }
      guard !isClosed else { return .end }
      guard let wait else { return .none }
      if let exchange = take(wait) { return .exchange(exchange) }
    }
  }

  /// Takes note that a connection is gone, and opens another one for what waits.
  func remove(_ connection: AppConnection.Handle, on loop: any EventLoop) {
    state.withLock { state in
      state.connections[connection.id] = nil
      state.idle.removeAll { $0.id == connection.id }
    }
    while true {
      let (wait, closed) = state.withLock { state in
        let wait = state.waiting.popFirst()
        if wait == nil { state.count -= 1 }
        return (wait, state.count == 0 ? state.closed : nil)
      }
      guard let wait else {
        closed?()
        return
      }
      if let exchange = take(wait) { return open(for: exchange, on: loop) }
    }
  }

  /// Ends the wait; nil if it has ended before.
  private func take(_ wait: Wait) -> PendingExchange? {
    guard let exchange = wait.end() else { return nil }
    state.withLock { state in
      state.waitingCount -= 1
      state.bytes -= exchange.request.body.count
    }
    return exchange
  }
}
