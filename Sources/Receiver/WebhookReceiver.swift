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
  ///   - explains: whether the verdict stands in the body of each answer.
  ///   - journal: where deliveries and incidents go; a delivery that it can't record is answered 503.
  /// - Throws: `ReceiverError`, where the address can't be listened on.
  public static func start(
    _ configuration: HTTPServer.Configuration, providers: Providers, verifier: Verifier,
    answerPolicy: AnswerPolicy = .verified, explains: Bool = false, journal: Journal
  ) throws(ReceiverError) -> WebhookReceiver {
    let intake = Intake(
      providers: providers, verifier: verifier, answerPolicy: answerPolicy, explains: explains,
      journal: journal)
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

  /// Closes the listener and all connections and ends the threads; takes some seconds at most. Nothing is appended to
  /// the journal once it has returned true.
  /// - Returns: false where the recorder holds a thread. What it is recording may still be appended, and its sender
  ///   gets no answer.
  public func stop() -> Bool {
    // First while the connections are there, so that what is kept is answered; then for what came until they closed.
    let isKept = intake.stop()
    let isClosed = server.stop()
    intake.close()
    return intake.stop() && isKept && isClosed
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

  private let providers: Providers
  private let verifier: Mutex<Verifier>
  private let answerPolicy: AnswerPolicy
  private let explains: Bool
  private let journal: Journal
  private let clock: @Sendable () -> Timestamp
  let large = LargeDeliveries()
  /// How many incidents were left out, and are not told of yet.
  private let leftOut = Atomic(0)
  private let isClosed = Atomic(false)

  init(
    providers: Providers, verifier: Verifier, answerPolicy: AnswerPolicy, explains: Bool = false,
    journal: Journal, clock: @escaping @Sendable () -> Timestamp = { .now() }
  ) {
    self.providers = providers
    self.verifier = Mutex(verifier)
    self.answerPolicy = answerPolicy
    self.explains = explains
    self.journal = journal
    self.clock = clock
  }

  var keyring: Keyring {
    get { verifier.withLock { $0.keyring } }
    set { verifier.withLock { $0.keyring = newValue } }
  }

  func refusal(of head: RequestHead) -> Refusal? {
    guard head.method != "POST" else { return nil }
    return Refusal(
      Response(405, fields: [("Allow", "POST")]), .wrongMethod,
      "\(head.summary): webhooks are sent with POST")
  }

  func plan(for request: IncomingRequest, at arrival: Moment) -> AnswerPlan {
    guard !isClosed.load(ordering: .relaxed) else { return .drop }
    let isLarge = request.bodySize > Self.largeBody
    guard isLarge || mustFollow else { return .now(keep(verify(request.joined(), at: arrival))) }
    let (size, peer) = (request.bodySize, request.head.peer)
    let handover = Handover(request)
    return .elsewhere(within: Self.patience, fallback: Response(503)) { reply in
      (isLarge ? self.large.take : self.large.follow)(
        reply, { self.verify(handover.take().joined(), at: arrival) }, { self.keep($0) },
        { self.reportGivenUp(size, peer, reply) })
    }
  }

  // While a large record is written, one of any size would wait for its turn with the recorder.
  private var mustFollow: Bool { journal.isRecorded && large.holdsUp }

  private func verify(_ request: Request, at arrival: Moment) -> Arrival {
    let verifier = verifier.withLock { $0 }
    let envelope = Envelope(reading: request, providers: providers)
    let verdict = verifier.verify(request, provider: envelope.provider, at: arrival.wall)
    return Arrival(
      receivedAt: arrival.wall, request: request, envelope: envelope, verdict: verdict,
      answer: Answer(status: answerPolicy.status(for: verdict), milliseconds: arrival.milliseconds))
  }

  /// The answer to a delivery, once it is kept: 503 says that it could not be.
  private func keep(_ delivery: Arrival) -> Response {
    do {
      // Kept first, answered then: a sender that was told 200 will not send it again.
      try journal.append(delivery)
      return explains ? Self.explained(delivery) : Response(delivery.answer.status)
    } catch {
      append(
        .notStored, "a delivery could not be stored: \(error)", peer: delivery.request.peer, status: 503)
      return Response(503)
    }
  }

  /// The answer with the verdict in words, none of which were received.
  private static func explained(_ delivery: Arrival) -> Response {
    let verdict = delivery.verdict
    let summary = verdict.reason.summary(under: delivery.envelope.provider?.scheme)
    return Response(
      delivery.answer.status, fields: [("Content-Type", "text/plain; charset=utf-8")],
      body: Array("hooktop: \(verdict.status.rawValue): \(summary)\n".utf8))
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
  func stop() -> Bool { large.stop() }

  /// Keeps nothing more, where connections outlive the receiver.
  func close() { isClosed.store(true, ordering: .relaxed) }

  // Like a delivery, it would wait for the recorder on a thread of the connections.
  func report(_ reason: Incident.Reason, _ detail: String, peer: String, status: Int?) {
    guard !isClosed.load(ordering: .relaxed) else { return }
    guard mustFollow else {
      return append(reason, detail, peer: peer, status: status)
    }
    let time = clock()
    let isTaken = large.follow(limit: Self.waitingIncidents) {
      self.append(reason, detail, peer: peer, status: status, at: time)
    }
    if !isTaken { leftOut.add(1, ordering: .relaxed) }
  }

  private func append(
    _ reason: Incident.Reason, _ detail: String, peer: String, status: Int?, at time: Timestamp? = nil
  ) {
    let time = time ?? clock()
    journal.append(Incident(receivedAt: time, reason: reason, detail: detail, peer: peer, status: status))
    let count = leftOut.exchange(0, ordering: .relaxed)
    guard count > 0 else { return }
    append(
      .notStored, "\(count) incidents were dropped: too many arrived while a large delivery was being stored",
      peer: "", status: nil)
  }
}
