internal import JSON
internal import Synchronization
internal import Webhooks

/// What searches under one keyring have found, so that a failure that comes again as it was is searched once.
///
/// Searches of the same find the same: header, body, secrets in force and what the neighbours add to the candidates.
public final class PastSearches: Sendable {
  /// All that a search goes by.
  struct Question: Hashable {
    let provider: String?
    let endpoint: String?
    let method: String
    let target: ByteString
    let ids: [ByteString?]
    let head: [UInt8]
    let body: [UInt8]
    /// Bodies that were signed with the same id.
    let earlier: [[UInt8]]
    let template: JSONKeyTemplate?
    /// When the request came; nil if no signing time is guessed from that.
    let arrival: Timestamp?
    /// Those of the keyring, in its order: some may have been replaced since.
    let isInForce: [Bool]
    let candidates: Int
    let isThorough: Bool
  }

  struct Answer: Sendable {
    let proof: ProofMatch?
    let tried: Int
    let limit: Diagnosis.Limit?
  }

  /// One search: who asks for it while it runs waits for the lock, and then has the answer.
  private final class Search: Sendable {
    let answer = Mutex<Answer?>(nil)
  }

  private struct State {
    var searches: [Question: Search] = [:]
    /// The oldest first.
    var order: [Question] = []
    var damagedKeys: [DamagedKeys.Question: DamagedKeys] = [:]
  }

  /// How many are remembered: with the largest bodies, these are 16 MB.
  private static let limit = 256

  /// For how many kinds of deliveries keys are kept.
  private static let keyLimit = 8

  private let state = Mutex(State())

  public init() {}

  /// How many are remembered now.
  var count: Int { state.withLock { $0.searches.count } }

  /// Returns what was found before, or else what `search` finds now. That is not remembered where it is about one
  /// certain delivery beside the subject, or the body is large.
  func answer(to question: Question, by search: () -> Answer) -> Answer {
    guard Self.remembers(bodyOf: question.body.count) else { return search() }
    return known(question).answer.withLock { known in
      if let known { return known }
      let answer = search()
      if answer.proof?.namesDelivery != true { known = answer }
      return answer
    }
  }

  /// Returns the keys that damage makes of `keys`: the same ones for each such question.
  func damagedKeys(_ question: DamagedKeys.Question, of keys: [KeyCandidate]) -> DamagedKeys {
    state.withLock { state in
      if let known = state.damagedKeys[question] { return known }
      let made = DamagedKeys(of: keys)
      if state.damagedKeys.count >= Self.keyLimit { state.damagedKeys = [:] }
      state.damagedKeys[question] = made
      return made
    }
  }

  /// Whether what is found about a body of so many bytes is remembered.
  public static func remembers(bodyOf size: Int) -> Bool { size <= DiagnosisBudget.automaticBodyLimit }

  private func known(_ question: Question) -> Search {
    state.withLock { state in
      if let search = state.searches[question] { return search }
      let search = Search()
      state.searches[question] = search
      state.order.append(question)
      if state.order.count > Self.limit { state.searches[state.order.removeFirst()] = nil }
      return search
    }
  }
}

extension DamagedKeys.Question {
  init(_ subject: DiagnosisSubject, _ keyring: Keyring, _ digests: [SignedForm.Digest]) {
    self.init(
      provider: subject.provider?.name, endpoint: subject.endpoint?.name,
      isInForce: keyring.areInForce(at: subject.receivedAt), digests: digests)
  }
}

extension PastSearches.Question {
  init(
    _ subject: DiagnosisSubject, _ readings: [HeaderReading], _ neighbours: Neighbours, _ keyring: Keyring,
    _ budget: DiagnosisBudget
  ) {
    let (request, envelope) = (subject.request, subject.envelope)
    self.init(
      provider: subject.provider?.name, endpoint: subject.endpoint?.name, method: request.method,
      target: request.target, ids: [envelope.event, envelope.eventID, envelope.deliveryID],
      head: request.headers.lines, body: request.body,
      earlier: neighbours.sameID.map(\.request.body),
      template: neighbours.sameEvent.first.flatMap {
        JSONKeyTemplate($0.request.body, limit: SearchMemory(budget.bytes).tokens / 8)
      },
      arrival: readings.contains { !$0.guesses.isEmpty } ? subject.receivedAt : nil,
      isInForce: keyring.areInForce(at: subject.receivedAt),
      candidates: budget.candidates, isThorough: budget.isThorough)
  }
}

extension Keyring {
  /// Whether each secret was in force then.
  fileprivate func areInForce(at moment: Timestamp) -> [Bool] { secrets.map { $0.isInForce(at: moment) } }
}

extension ProofMatch {
  /// Whether it says which other delivery it was made with.
  fileprivate var namesDelivery: Bool {
    body.changes.contains { change in
      switch change {
      case .earlierDelivery: true
      case .reserialised(let style):
        if case .asInDelivery = style.order { true } else { false }
      default: false
      }
    }
  }
}
