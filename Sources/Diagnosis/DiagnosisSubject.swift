internal import JSON
public import Webhooks

/// What a diagnosis is about: a request, when it came and the verdict on it.
public struct DiagnosisSubject: Sendable {
  /// The delivery's number; nil for a request outside of any session.
  public var sequence: UInt64?
  public var request: Request
  public var envelope: Envelope
  public var receivedAt: Timestamp
  public var verdict: Verdict
  /// How far `t` might lie from the arrival, in seconds, when the verdict was made.
  public var tolerance: Double
  /// Seconds east of UTC, for the times of day in sentences.
  public var utcOffset: Int
  /// The senders that are known, whose headers and secrets are looked for as well.
  public var providers: Providers

  public init(
    sequence: UInt64? = nil, request: Request, envelope: Envelope? = nil, receivedAt: Timestamp,
    verdict: Verdict, providers: Providers, tolerance: Double = 300, utcOffset: Int = 0
  ) {
    self.sequence = sequence
    self.request = request
    self.envelope = envelope ?? Envelope(reading: request, providers: providers)
    self.providers = providers
    self.receivedAt = receivedAt
    self.verdict = verdict
    self.tolerance = tolerance
    self.utcOffset = utcOffset
  }

  public init(
    _ delivery: Delivery, providers: Providers, tolerance: Double = 300, utcOffset: Int = 0
  ) {
    self.init(
      sequence: delivery.sequence, request: delivery.request, envelope: delivery.envelope,
      receivedAt: delivery.receivedAt, verdict: delivery.verdict, providers: providers,
      tolerance: tolerance, utcOffset: utcOffset)
  }

  var provider: Provider? { envelope.provider }

  /// The lines of the provider's signature header.
  var signatureLines: [ByteString] { provider.map { request.headers.all($0.signatureHeader) } ?? [] }
}
