import NIOCore
import Synchronization

/// The one answer to a request that is answered elsewhere: from any thread, once, as long as the connection waits.
public final class Reply: Sendable {
  private struct State {
    var give: (@Sendable (Response) -> Void)?
  }

  private let state: Mutex<State>

  init(_ give: @escaping @Sendable (Response) -> Void) {
    state = Mutex(State(give: give))
  }

  /// Gives the answer; does nothing where it came before, or too late.
  public func callAsFunction(_ response: Response) {
    // Under the lock, so that none is given any more once `cancel` has returned: its thread may be over then.
    state.withLock { state in
      state.give?(response)
      state.give = nil
    }
  }

  /// Takes no answer any more.
  func cancel() { state.withLock { $0.give = nil } }
}
