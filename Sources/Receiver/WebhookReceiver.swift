import Dispatch
import Synchronization
public import Webhooks

/// The HTTP server that takes webhook deliveries: verifies each, puts it into the journal, and answers.
///
/// It runs on threads of its own from `start` to `stop`, and waits for no reader of the journal.
public final class WebhookReceiver: Sendable {
  private let server: HTTPServer
  private let intake: Intake

  private init(_ server: HTTPServer, _ intake: Intake) {
    self.server = server
    self.intake = intake
  }

  /// Listens, and returns as soon as connections are taken.
  /// - Parameters:
  ///   - providers: the senders that requests are recognised as.
  ///   - journal: where deliveries and incidents go; a delivery that it can't record is answered 503.
  /// - Throws: `ReceiverError`, where the address can't be listened on.
  public static func start(
    _ configuration: HTTPServer.Configuration, providers: Providers, verifier: Verifier,
    answerPolicy: AnswerPolicy = .verified, journal: Journal
  ) throws(ReceiverError) -> WebhookReceiver {
    let intake = Intake(
      providers: providers, verifier: verifier, answerPolicy: answerPolicy, journal: journal)
    return try start(configuration, intake: intake)
  }

  static func start(
    _ configuration: HTTPServer.Configuration, intake: Intake
  ) throws(ReceiverError) -> WebhookReceiver {
    WebhookReceiver(try HTTPServer.start(configuration, service: intake), intake)
  }

  /// `http`, or `https` where it speaks TLS.
  public var scheme: String { server.scheme }
  /// Where it can be reached: `http://127.0.0.1:4747`, with the real port.
  public var address: String { server.address }
  /// The IP address it listens on.
  public var host: String { server.host }
  /// The TCP port it listens on.
  public var port: Int { server.port }

  /// The secrets that deliveries are verified with, from the next one on.
  public var keyring: Keyring {
    get { intake.keyring }
    set { intake.keyring = newValue }
  }

  /// Closes the listener and all connections and ends the threads; takes a second at most.
  public func stop() { server.stop() }
}

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

  func plan(for request: Request, at arrival: Moment) -> AnswerPlan {
    guard isSlow(request) else { return .now(Response(take(request, at: arrival))) }
    queued.add(1, ordering: .relaxed)
    return .elsewhere(within: Self.patience, fallback: Response(503)) { reply in
      self.queue.async {
        defer { self.queued.subtract(1, ordering: .relaxed) }
        // What was answered 503 meanwhile comes again, and whoever is gone must not hold up those who wait.
        guard reply.isAwaited else { return self.reportUnawaited(request) }
        reply(Response(self.take(request, at: arrival)))
      }
    }
  }

  private func reportUnawaited(_ request: Request) {
    report(
      .aborted,
      "a delivery of \(request.body.count) bytes was not verified: its sender waits for no answer any more",
      peer: request.peer, status: nil)
  }

  // While a large record is written, one of any size would wait for its turn with the recorder.
  private func isSlow(_ request: Request) -> Bool {
    request.body.count > Self.largeBody || (journal.isRecorded && queued.load(ordering: .relaxed) > 0)
  }

  /// Verifies and keeps a request whose last byte came at `arrival`.
  ///
  /// Returns the status to answer, once the request is kept: 503 says that it could not be.
  private func take(_ request: Request, at arrival: Moment) -> Int {
    let verifier = verifier.withLock { $0 }
    let envelope = Envelope(reading: request, providers: providers)
    let verdict = verifier.verify(request, provider: envelope.provider, at: arrival.wall)
    let status = answerPolicy.status(for: verdict)
    do {
      // Kept first, answered then: a sender that was told 200 will not send it again.
      try journal.append(
        Arrival(
          receivedAt: arrival.wall, request: request, envelope: envelope, verdict: verdict,
          answer: Answer(status: status, milliseconds: arrival.milliseconds)))
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
