import DequeModule
import Webhooks

/// What a connection owes its peer, in the order in which it was asked for; one thing is done after the other.
///
/// It does no input or output: the caller adds what comes, and does what `next` says until that is nil.
struct OwedAnswers {
  /// What came, and must be met in its turn.
  enum Turn: Equatable {
    /// The sender is told to go on with its body.
    case proceed
    /// With when its last byte came: its turn may be later.
    case request(IncomingRequest, Persistence, at: Moment)
    case refusal(Response, Persistence)
    /// The peer has nothing more to say: the connection ends once it has what it is owed.
    case finish
    /// The connection ends, whatever was not sent yet.
    case hangUp
  }

  enum Step: Equatable {
    case proceed
    /// Ask how to answer the request, and call `settle` once the answer is known.
    case ask(IncomingRequest, at: Moment)
    case answer(Response, Persistence)
    case finish, hangUp
  }

  private enum State {
    case ready
    case asked(Persistence, isHead: Bool)
    case settled(Response?, Persistence)
    /// The last answer is given, or none will be.
    case over
  }

  private var turns: Deque<Turn> = []
  private var state = State.ready

  /// Whether an answer is waited for, and all that comes must wait too.
  var isWaiting: Bool {
    if case .asked = state { true } else { false }
  }

  /// Whether more has come than what is waited for.
  var hasMore: Bool { !turns.isEmpty }

  /// Whether requests hold memory here that count against a budget.
  var isEmpty: Bool { turns.isEmpty && !isWaiting }

  mutating func add(_ turn: Turn) {
    if case .over = state { return }
    turns.append(turn)
  }

  /// The answer to the request that was asked about; nil closes the connection instead.
  mutating func settle(_ response: Response?) {
    guard case .asked(let persistence, let isHead) = state else { return }
    state = .settled(isHead ? response?.withoutBody : response, persistence)
  }

  /// What is to be done now; nil if nothing is.
  mutating func next() -> Step? {
    switch state {
    case .asked, .over: return nil
    case .settled(let response?, let persistence): return answer(response, persistence)
    case .settled(nil, _): return end(with: .hangUp)
    case .ready: break
    }
    switch turns.popFirst() {
    case nil: return nil
    case .proceed?: return .proceed
    case .request(let request, let persistence, let arrival)?:
      state = .asked(persistence, isHead: request.head.method == "HEAD")
      return .ask(request, at: arrival)
    case .refusal(let response, let persistence)?: return answer(response, persistence)
    case .finish?: return end(with: .finish)
    case .hangUp?: return end(with: .hangUp)
    }
  }

  private mutating func answer(_ response: Response, _ persistence: Persistence) -> Step {
    state = .ready
    let step = Step.answer(response, persistence)
    return persistence == .close ? end(with: step) : step
  }

  private mutating func end(with step: Step) -> Step {
    state = .over
    turns = []
    return step
  }
}
