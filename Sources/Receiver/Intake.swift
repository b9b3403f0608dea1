import Dispatch
import Synchronization
import Webhooks

/// What answers a webhook's sender: verifies a request, puts it into the journal, and says so.
final class Intake: HTTPService {
  /// Bodies above this size are verified away from the threads of the connections, since that takes milliseconds.
  static let largeBody = 256 << 10
  /// The longest that a sender of a large body waits for its answer, as long as the most patient ones do.
  private static let patience = Duration.seconds(30)

  private let providers: Providers
  private let verifier: Mutex<Verifier>
  private let answerPolicy: AnswerPolicy
  private let journal: Journal
  private let clock: @Sendable () -> Timestamp
  /// One after the other, so that large bodies take one processor at most.
  private let queue = DispatchQueue(label: "large deliveries")
  /// How many wait there, the one at work among them.
  private let queued = Atomic(0)

  init(
    providers: Providers, verifier: Verifier, answerPolicy: AnswerPolicy, journal: Journal,
    clock: @escaping @Sendable () -> Timestamp = { .now() }
  ) {
    self.providers = providers
    self.verifier = Mutex(verifier)
    self.answerPolicy = answerPolicy
    self.journal = journal
    self.clock = clock
  }

  var keyring: Keyring {
    get { verifier.withLock { $0.keyring } }
    set { verifier.withLock { $0.keyring = newValue } }
  }

  func plan(for request: Request) -> AnswerPlan {
    let (receivedAt, start) = (clock(), ContinuousClock.now)
    guard isSlow(request) else { return .now(Response(take(request, at: receivedAt, since: start))) }
    queued.add(1, ordering: .relaxed)
    return .elsewhere(within: Self.patience, fallback: Response(503)) { reply in
      self.queue.async {
        reply(Response(self.take(request, at: receivedAt, since: start)))
        self.queued.subtract(1, ordering: .relaxed)
      }
    }
  }

  // While a large record is written, one of any size would wait for its turn with the recorder.
  private func isSlow(_ request: Request) -> Bool {
    request.body.count > Self.largeBody || (journal.isRecorded && queued.load(ordering: .relaxed) > 0)
  }

  /// Verifies and keeps a request whose last byte came at `receivedAt`.
  ///
  /// Returns the status to answer, once the request is kept: 503 says that it could not be.
  private func take(_ request: Request, at receivedAt: Timestamp, since start: ContinuousClock.Instant) -> Int
  {
    let verifier = verifier.withLock { $0 }
    let envelope = Envelope(reading: request, providers: providers)
    let verdict = verifier.verify(request, provider: envelope.provider, at: receivedAt)
    let status = answerPolicy.status(for: verdict)
    let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
    do {
      // Kept first, answered then: a sender that was told 200 will not send it again.
      try journal.append(
        Arrival(
          receivedAt: receivedAt, request: request, envelope: envelope, verdict: verdict,
          answer: Answer(status: status, milliseconds: milliseconds)))
      return status
    } catch {
      report(.notStored, "a delivery could not be stored: \(error)", peer: request.peer, status: 503)
      return 503
    }
  }

  func report(_ reason: Incident.Reason, _ detail: String, peer: String, status: Int?) {
    journal.append(
      Incident(receivedAt: clock(), reason: reason, detail: detail, peer: peer, status: status))
  }
}
