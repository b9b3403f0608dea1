internal import JSON
public import Webhooks

/// The times that a delivery speaks of, and how far they lie apart.
public struct ClockFacts: Sendable, Equatable {
  /// When the last byte of the body came.
  public let arrival: Timestamp
  /// `t` in unix seconds, where it can be understood, odd spellings included.
  public let t: Double?
  /// When the body says that the event came about.
  public let createdAt: Timestamp?

  /// Arrival less `t` in seconds.
  public var age: Double? { t.map { arrival.seconds - $0 } }
  /// `t` less the body's own time in seconds.
  public var signedAfterCreation: Double? {
    t.flatMap { t in createdAt.map { t - $0.seconds } }
  }

  init(_ subject: DiagnosisSubject, readings: [HeaderReading]) {
    arrival = subject.receivedAt
    t = subject.verdict.timestamp.map(Double.init) ?? readings.first?.times.lazy.compactMap(\.seconds).first
    let path = subject.provider?.createdAtPath ?? ["created_at"]
    createdAt = JSONFieldQuery([path]).fields(in: subject.request.body)[0]?.string.flatMap {
      Timestamp($0.text)
    }
  }
}
