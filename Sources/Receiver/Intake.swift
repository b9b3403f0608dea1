import NIOCore
import Synchronization
import Webhooks

/// Where the requests of all connections end: verified, kept, and given the status of their answer.
final class Intake: Sendable {
  /// What may change while the receiver runs; the next delivery goes by it.
  struct Settings: Sendable {
    var verifier: Verifier
    var answerPolicy: AnswerPolicy
  }

  private let settings: Mutex<Settings>
  private let journal: Journal
  private let clock: @Sendable () -> Timestamp
  /// The bodies that are on their way, on all connections together.
  let bodies: BodyBudget

  init(
    settings: Settings, journal: Journal, bodiesInFlight: Int = WebhookReceiver.Limits().bodiesInFlight,
    clock: @escaping @Sendable () -> Timestamp = { .now() }
  ) {
    self.settings = Mutex(settings)
    self.journal = journal
    self.clock = clock
    bodies = BodyBudget(limit: bodiesInFlight)
  }

  func withSettings<Result>(_ body: (inout sending Settings) -> sending Result) -> sending Result {
    settings.withLock(body)
  }

  /// Verifies and keeps a request whose last byte has just come.
  ///
  /// Returns the status to answer, once the request is kept: 503 says that it could not be.
  func take(_ request: Request) -> Int {
    let receivedAt = clock()
    let start = NIODeadline.now()
    let settings = settings.withLock { $0 }
    let envelope = Envelope(reading: request)
    let verdict = settings.verifier.verify(request, provider: envelope.provider, at: receivedAt)
    let status = settings.answerPolicy.status(for: verdict)
    let milliseconds = Double((NIODeadline.now() - start).nanoseconds) / 1e6
    do {
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

  /// Keeps and counts what is not a delivery.
  func report(_ reason: Incident.Reason, _ detail: String, peer: String = "", status: Int? = nil) {
    journal.append(
      Incident(receivedAt: clock(), reason: reason, detail: detail, peer: peer, status: status))
  }
}
