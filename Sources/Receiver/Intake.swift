import Synchronization
public import Webhooks

/// What a receiver knows deliveries by; each is judged by what is known when its last byte has come.
public struct Known: Sendable {
  /// The senders that requests are recognised as.
  public var providers: Providers
  /// The paths with names of their own.
  public var endpoints: Endpoints
  public var verifier: Verifier

  /// All of it behind one reference: the threads of the connections take it for each delivery, and would else meet at
  /// the counts of everything in it.
  fileprivate final class Shared: Sendable {
    let known: Known

    init(_ known: Known) { self.known = known }
  }
}

/// What answers a webhook's sender: verifies a request, puts it into the journal, and says so.
final class Intake: HTTPService {
  /// Bodies above this size are verified away from the threads of the connections, since that takes milliseconds.
  static let largeBody = 256 << 10
  /// The longest that a sender of a large body waits for its answer, as long as the most patient ones do.
  private static let patience = Duration.seconds(30)
  /// How much may wait behind a large delivery before incidents are left out: one sender can cause any number of them.
  static let waitingIncidents = 10_000
  /// How many of those keep what came.
  static let waitingOpenings = 250

  private let known: Mutex<Known.Shared>
  private let keeper: Keeper
  private let journal: Journal
  private let renew: KeyringRenewal
  private let clock: @Sendable () -> Timestamp
  let large = LargeDeliveries()
  /// How many incidents were left out, and are not told of yet.
  private let leftOut = Atomic(0)
  private let isClosed = Atomic(false)

  init(
    providers: Providers, endpoints: Endpoints = Endpoints(), verifier: Verifier, answerPolicy: AnswerPolicy,
    explains: Bool = false,
    forwarding: (any Forwarding)? = nil, rules: AnswerRules = AnswerRules(), journal: Journal,
    renew: @escaping KeyringRenewal = { _ in false }, clock: @escaping @Sendable () -> Timestamp = { .now() }
  ) {
    known = Mutex(Known.Shared(Known(providers: providers, endpoints: endpoints, verifier: verifier)))
    keeper = Keeper(
      journal: journal, answerPolicy: answerPolicy, explains: explains, forwarding: forwarding,
      rules: rules)
    self.journal = journal
    self.renew = renew
    self.clock = clock
  }

  var inForce: Known { shared.known }

  func change(_ change: (inout Known) -> Void) {
    known.withLock { shared in
      var known = shared.known
      change(&known)
      shared = Known.Shared(known)
    }
  }

  private var shared: Known.Shared { known.withLock { $0 } }

  func refusal(of head: RequestHead) -> Refusal? {
    guard head.method != "POST", !Health.isAsked(head.method, head.target) else { return nil }
    return Refusal(
      Response(405, fields: [("Allow", "POST")]), .wrongMethod,
      "\(head.summary): webhooks are sent with POST")
  }

  func plan(for request: IncomingRequest, at arrival: Moment) -> AnswerPlan {
    guard !isClosed.load(ordering: .relaxed) else { return .drop }
    // No other method than POST is taken, but for this.
    guard request.head.method == "POST" else {
      return .now(Health.response(received: journal.counts.received))
    }
    let isLarge = request.bodySize > Self.largeBody
    guard isLarge || mustFollow else {
      return keeper.keep(verify(request.joined(), at: arrival), arrival)
    }
    let (size, peer) = (request.bodySize, request.head.peer)
    let handover = Handover(request)
    return .elsewhere(within: Self.patience, fallback: Response(503)) { reply in
      (isLarge ? self.large.take : self.large.follow)(
        reply, { self.verify(handover.take().joined(), at: arrival) },
        { self.keeper.keep($0, arrival, answering: reply) },
        { self.reportGivenUp(size, peer, reply) })
    }
  }

  // While a large record is written, one of any size would wait for its turn with the recorder.
  private var mustFollow: Bool { journal.isRecorded && large.holdsUp }

  private func verify(_ request: Request, at arrival: Moment) -> Arrival {
    let shared = shared
    let endpoint = shared.known.endpoints.of(request.target)
    func judge(_ verifier: Verifier) -> (Envelope, Verdict) {
      verifier.judge(request, among: shared.known.providers, on: endpoint, at: arrival.wall)
    }
    var (envelope, verdict) = judge(shared.known.verifier)
    // The secret may have been saved or rotated a moment ago.
    let newer = verdict.status == .mismatch || verdict.reason == .noSecret ? renewed() : nil
    if let newer { (envelope, verdict) = judge(newer) }
    let challenge =
      newer.map { $0.answer(to: request, envelope, verdict) }
      ?? shared.known.verifier.answer(to: request, envelope, verdict)
    return Arrival(
      receivedAt: arrival.wall, request: request, envelope: envelope, verdict: verdict,
      answer: keeper.answer(for: verdict, challenge, arrival), endpoint: endpoint, challenge: challenge)
  }

  /// The verifier with secrets that have come since; nil if none have.
  private func renewed() -> Verifier? {
    known.withLock { shared in
      var known = shared.known
      guard renew(&known.verifier.keyring) else { return nil }
      shared = Known.Shared(known)
      return known.verifier
    }
  }

  private func reportGivenUp(_ size: Int, _ peer: String, _ reply: Reply) {
    let delivery = "a delivery of \(size) bytes was not stored"
    if reply.isAnswered {
      append(.notStored, "\(delivery): it was not verified in time", peer: peer, status: 503)
    } else {
      let why = reply.isAwaited ? "the receiver is stopped" : "its sender no longer waits for an answer"
      append(.aborted, "\(delivery): \(why)", peer: peer, status: nil)
    }
  }

  /// Verifies nothing more away from the connections' threads, and returns once what is at work there is done; false
  /// where that takes too long.
  func stop() -> Bool {
    let isKept = large.stop()
    return keeper.stop() && isKept
  }

  /// Keeps nothing more, where connections outlive the receiver.
  func close() { isClosed.store(true, ordering: .relaxed) }

  func report(_ reason: Incident.Reason, _ detail: String, peer: String, status: Int?) {
    report(reason, detail, peer: peer, status: status, received: nil)
  }

  // Like a delivery, it would wait for the recorder on a thread of the connections.
  func report(
    _ reason: Incident.Reason, _ detail: String, peer: String, status: Int?, received: Incident.Received?
  ) {
    guard !isClosed.load(ordering: .relaxed) else { return }
    var incident = Incident(receivedAt: clock(), reason: reason, detail: detail, peer: peer, status: status)
    incident.received = received?.hiding(inForce.verifier.keyring)
    guard mustFollow else { return append(incident) }
    if large.following.load(ordering: .relaxed) >= Self.waitingOpenings { incident.received = nil }
    let isTaken = large.follow(limit: Self.waitingIncidents) { [incident] in self.append(incident) }
    if !isTaken { leftOut.add(1, ordering: .relaxed) }
  }

  private func append(_ reason: Incident.Reason, _ detail: String, peer: String, status: Int?) {
    append(Incident(receivedAt: clock(), reason: reason, detail: detail, peer: peer, status: status))
  }

  private func append(_ incident: Incident) {
    journal.append(incident)
    let count = leftOut.exchange(0, ordering: .relaxed)
    guard count > 0 else { return }
    append(
      .notStored, "\(count) incidents were dropped: too many arrived while a large delivery was being stored",
      peer: "", status: nil)
  }
}
