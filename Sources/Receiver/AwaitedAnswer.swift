import NIOCore
import Synchronization

/// The wait for an answer that comes after a delay or from elsewhere; a connection has one at a time.
///
/// Each wait ends once. An answer can be on its way through the loop's queue when that happens, and must not go to
/// the request behind: so the waits have numbers.
final class AwaitedAnswer {
  private let loop: any EventLoop
  private let give: (Response?) -> Void
  private var number = 0
  private var reply: Reply?
  private var timer: Scheduled<Void>?

  /// - Parameter give: called on the loop, once for each wait that is not stopped; with nil if the connection is to
  ///   be closed instead of an answer.
  init(on loop: any EventLoop, give: @escaping (Response?) -> Void) {
    self.loop = loop
    self.give = give
  }

  /// Waits, and gives the response after the delay.
  func come(_ response: Response?, after delay: Duration) {
    let number = number
    timer = loop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) {
      // An answer that is claimed or on its way comes instead.
      guard self.reply?.expire() ?? true else { return }
      self.end(number, with: response)
    }
  }

  /// Waits for what is said to the reply; gives `fallback` where that, or claiming it, takes longer than `limit`.
  /// - Parameters:
  ///   - body: the room that the request's body takes; given back once it is kept, or nobody holds the reply.
  ///   - start: is given the reply. Where that is claimed at once, as it is for an app, it costs no timer.
  func comeFromElsewhere(
    within limit: Duration, fallback: Response, body: consuming BodyClaim, _ start: (Reply) -> Void
  ) {
    let (loop, wait, number) = (loop, NIOLoopBound(self, eventLoop: loop), number)
    let reply = Reply(body: body) { response in
      loop.execute { wait.value.end(number, with: response) }
    }
    self.reply = reply
    start(reply)
    if reply.isUnclaimed { come(fallback, after: limit) }
  }

  /// Ends the wait without an answer.
  func stop() {
    number += 1
    reply?.cancel()
    reply = nil
    timer?.cancel()
    timer = nil
  }

  private func end(_ number: Int, with response: Response?) {
    guard number == self.number else { return }
    stop()
    give(response)
  }
}

/// The one answer to a request that is answered elsewhere: from any thread, once, as long as the connection waits.
public final class Reply: Sendable {
  private enum State {
    case awaited(@Sendable (Response?) -> Void)
    /// It is waited for as long as it takes.
    case claimed(@Sendable (Response?) -> Void)
    case over(isAnswered: Bool)
  }

  private let state: Mutex<State>
  /// Counts the body against the budget until it is kept, or nobody holds this reply, even after the connection is gone.
  private let body: Mutex<BodyClaim>

  init(body: consuming BodyClaim, _ give: @escaping @Sendable (Response?) -> Void) {
    self.body = Mutex(body)
    state = Mutex(.awaited(give))
  }

  /// Gives the answer, or closes the connection where it is nil; does nothing where it came before, or too late.
  public func callAsFunction(_ response: Response?) {
    // Under the lock, so that none is given any more once `cancel` has returned: its thread may be over then.
    state.withLock { state in
      switch state {
      case .awaited(let give), .claimed(let give):
        give(response)
        state = .over(isAnswered: response != nil)
      case .over: break
      }
    }
  }

  /// Gives back the room that the body takes: whoever keeps it counts it now, and the answer may be an hour away.
  func releaseBody() { body.withLock { $0.release() } }

  /// Cancels the fallback, so that it can't contradict what is done before the answer; the caller must then answer.
  /// Returns false when the time is over, the connection is gone, or another caller has claimed.
  public func claim() -> Bool {
    state.withLock { state in
      guard case .awaited(let give) = state else { return false }
      state = .claimed(give)
      return true
    }
  }

  /// Whether nobody has answered or claimed it, and the time is not over.
  var isUnclaimed: Bool {
    state.withLock { if case .awaited = $0 { true } else { false } }
  }

  /// Whether the answer can still be given: it has not come too late, and the connection is there.
  public var isAwaited: Bool {
    state.withLock { if case .over = $0 { false } else { true } }
  }

  /// Whether the sender is told something, by this or by the fallback.
  public var isAnswered: Bool {
    state.withLock { if case .over(true) = $0 { true } else { false } }
  }

  /// Makes way for the fallback; false if that must not be given.
  func expire() -> Bool {
    state.withLock { state in
      guard case .awaited = state else { return false }
      state = .over(isAnswered: true)
      return true
    }
  }

  /// Takes no answer any more.
  func cancel() {
    state.withLock { state in
      if case .over = state { return }
      state = .over(isAnswered: false)
    }
  }
}
