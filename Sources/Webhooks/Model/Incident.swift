/// Something that reached the receiver and is not a delivery.
public struct Incident: Sendable, Equatable {
  public enum Reason: String, Sendable, CaseIterable {
    case badRequest = "bad-request"
    case tooLarge = "too-large"
    case headersTooLarge = "headers-too-large"
    case timeout
    case aborted
    case wrongMethod = "wrong-method"
    case notHTTP = "not-http"
    case expectationFailed = "expectation-failed"
    case upgradeRefused = "upgrade-refused"
    case notStored = "not-stored"
    case tooManyConnections = "too-many-connections"
  }

  public var receivedAt: Timestamp
  public var reason: Reason
  /// One sentence on what was seen; it may quote received text and must pass the gate to be shown.
  public var detail: String
  public var peer: String
  /// The HTTP status that was answered; nil if the connection was closed without one.
  public var status: Int?
  /// What came of it; nil if that is nothing, or not known.
  public var received: Received?

  public init(
    receivedAt: Timestamp, reason: Reason, detail: String, peer: String, status: Int?,
    received: Received? = nil
  ) {
    self.received = received
    self.receivedAt = receivedAt
    self.reason = reason
    self.detail = detail
    self.peer = peer
    self.status = status
  }
}

extension Incident {
  /// That something could not be recorded, named by a noun with its article.
  public static func notStored(
    _ what: String, _ error: any Error, at time: Timestamp, peer: String = "", status: Int? = nil
  ) -> Incident {
    Incident(
      receivedAt: time, reason: .notStored, detail: "\(what) could not be stored: \(error)", peer: peer,
      status: status)
  }
}
