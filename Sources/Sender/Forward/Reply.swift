internal import Synchronization
internal import Webhooks

/// What a task that waits for a response gets of it.
struct Reply: Sendable {
  /// As much as came; nil if not even the head did.
  var response: Exchange.Response?
  /// Why the response is missing or not whole.
  var fault: ClientFault?
  /// From the start to the head of the response, in milliseconds.
  var head: Double?

  static let cancelled = Reply(fault: .cancelled)
}

extension AppClient {
  /// Makes an exchange, and waits for what comes of it, or until the task is cancelled: what is on its way then ends by
  /// itself, or with the client.
  /// - Parameters:
  ///   - limits: how much of the response's body is kept, and read.
  ///   - limit: when it is given up, in seconds.
  func reply(
    to request: AppRequest, limits: ResponseReader.Limits, within limit: Double
  ) async -> Reply {
    let wait = ReplyWait()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        guard wait.begin(continuation) else { return }
        begin(
          PendingExchange(
            request: request, purpose: .replay, time: .now(), limit: .seconds(limit), limits: limits
          ) { exchange, fault in
            wait.end(Reply(response: exchange.response, fault: fault, head: exchange.milliseconds.firstByte))
          })
      }
    } onCancel: {
      wait.end(.cancelled)
    }
  }
}

/// The wait of a task for a reply, which ends once, and perhaps before it has begun.
private final class ReplyWait: Sendable {
  private enum State {
    case idle
    case waiting(CheckedContinuation<Reply, Never>)
    case over(Reply)
  }

  private let state = Mutex(State.idle)

  /// Returns false if it is over already; the continuation is resumed then.
  func begin(_ continuation: CheckedContinuation<Reply, Never>) -> Bool {
    let early = state.withLock { state -> Reply? in
      if case .over(let reply) = state { return reply }
      state = .waiting(continuation)
      return nil
    }
    if let early { continuation.resume(returning: early) }
    return early == nil
  }

  func end(_ reply: Reply) {
    let waiting = state.withLock { state -> CheckedContinuation<Reply, Never>? in
      defer { if case .over = state {} else { state = .over(reply) } }
      if case .waiting(let continuation) = state { return continuation }
      return nil
    }
    waiting?.resume(returning: reply)
  }
}
