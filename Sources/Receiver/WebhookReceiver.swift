import Synchronization
public import Webhooks

/// Adds secrets that have come meanwhile to those that are verified with; false if there are none.
public typealias KeyringRenewal = @Sendable (inout Keyring) -> Bool

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
  ///   - endpoints: the paths with names of their own.
  ///   - explains: whether the verdict stands in the body of each answer.
  ///   - forwarding: sends kept deliveries on to apps; nil if none is to get them.
  ///   - rules: what some deliveries are told in place of that.
  ///   - renew: is asked before it is said that no secret matches or there is none, while no other delivery is verified.
  ///   - journal: where deliveries and incidents go; a delivery that it can't record is answered 503.
  /// - Throws: `ReceiverError`, where the address can't be listened on.
  public static func start(
    _ configuration: HTTPServer.Configuration, providers: Providers, endpoints: Endpoints = Endpoints(),
    verifier: Verifier, answerPolicy: AnswerPolicy = .verified, explains: Bool = false,
    forwarding: (any Forwarding)? = nil,
    rules: AnswerRules = AnswerRules(), journal: Journal,
    renew: @escaping KeyringRenewal = { _ in false }
  ) throws(ReceiverError) -> WebhookReceiver {
    let intake = Intake(
      providers: providers, endpoints: endpoints, verifier: verifier, answerPolicy: answerPolicy,
      explains: explains,
      forwarding: forwarding, rules: rules, journal: journal, renew: renew)
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
  public var keyring: Keyring { known.verifier.keyring }

  /// What deliveries are judged by, from the next one on.
  public var known: Known { intake.inForce }

  /// Changes the secrets that deliveries are verified with, from the next one on.
  public func changeKeyring(_ change: (inout Keyring) -> Void) {
    intake.change { change(&$0.verifier.keyring) }
  }

  /// Changes what deliveries are judged by, from the next one on.
  public func change(_ change: (inout Known) -> Void) { intake.change(change) }

  /// Closes the listener and all connections and ends the threads; takes some seconds at most. Nothing is appended to
  /// the journal once it has returned true.
  /// - Returns: false if the recorder holds a thread. What it is recording may still be appended, and its sender
  ///   gets no answer.
  public func stop() -> Bool {
    // First while the connections are there, so that what is kept is answered; then for what came until they closed.
    let isKept = intake.stop()
    let isClosed = server.stop()
    intake.close()
    return intake.stop() && isKept && isClosed
  }
}
