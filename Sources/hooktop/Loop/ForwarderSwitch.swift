internal import Sender
internal import Synchronization
internal import Webhooks

/// Sends deliveries on by the forwarder that is in force, in whose place a changed configuration puts another one.
final class ForwarderSwitch: Forwarding {
  /// Those that were in force before go on with what they have begun; so many of them are kept.
  private static let limit = 8

  private struct State {
    var current: Forwarder?
    var former: [Forwarder] = []
  }

  private let state: Mutex<State>

  init(_ forwarder: Forwarder?) { state = Mutex(State(current: forwarder)) }

  /// The one that is in force; nil if nothing goes on.
  var current: Forwarder? { state.withLock { $0.current } }

  func takes(_ delivery: Delivery) -> Bool { current?.takes(delivery) == true }

  func forward(_ delivery: Delivery, _ done: @escaping @Sendable (Exchange) -> Void) {
    // It may have been taken by one that was replaced a moment ago.
    let all = state.withLock { state in [state.current].compactMap { $0 } + state.former.reversed() }
    all.first { $0.takes(delivery) }?.forward(delivery, done)
  }

  func replace(by forwarder: Forwarder?) {
    let oldest = state.withLock { state in
      if let current = state.current { state.former.append(current) }
      state.current = forwarder
      return state.former.count > Self.limit ? state.former.removeFirst() : nil
    }
    oldest?.close()
  }

  /// Ends all exchanges as cancelled.
  /// - Returns: false if that takes longer than some seconds.
  func close() -> Bool {
    let all = state.withLock { state in
      defer { state = State() }
      return [state.current].compactMap { $0 } + state.former
    }
    return all.map { $0.close() }.allSatisfy { $0 }
  }
}
