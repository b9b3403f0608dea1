/// One request that hooktop sent to an app, and what came of it.
public struct Exchange: Sendable, Equatable {
  /// What it was sent for, as files say it.
  public enum Purpose: String, Sendable, CaseIterable {
    /// A delivery that arrived.
    case forward
    /// A delivery that a person sent again.
    case replay
    /// A probe of what the app accepts.
    case check
  }

  /// Why the app's response is missing or not complete, as files say it.
  public enum Failure: String, Sendable, Error, CaseIterable {
    /// Nothing listens at the address.
    case refused
    /// The host has no address, or none that answers.
    case unreachable
    case timeout
    /// The connection was closed or reset before the response was complete.
    case reset
    case notHTTP = "not-http"
    case tls
    /// The head of the response is larger than `Response.headLimit`.
    case tooLarge = "too-large"
    /// Too much was waiting for the app already, so the request was not sent.
    case queueFull = "queue-full"
    /// hooktop stopped before the response was complete.
    case cancelled
  }

  /// What the app told hooktop.
  public struct Response: Sendable, Equatable {
    /// The largest head that is read, in bytes of its fields.
    public static let headLimit = 64 << 10
    /// How much of a body is kept, in bytes; the rest is read and counted.
    public static let bodyLimit = 256 << 10

    /// The HTTP status.
    public var status: Int
    public var headers: Headers
    /// The body, or its first `bodyLimit` bytes.
    public var body: [UInt8]
    /// The size of the whole body in bytes, as far as it came.
    public var bodySize: Int

    public init(status: Int, headers: Headers = [], body: [UInt8] = [], bodySize: Int? = nil) {
      self.status = status
      self.headers = headers
      self.body = body
      self.bodySize = bodySize ?? body.count
    }
  }

  /// How long it took, in milliseconds since the exchange was begun: the wait for its turn, where too many were on their
  /// way to the app, is a part of each of these, as it is of what the sender waits.
  public struct Times: Sendable, Equatable {
    /// Until the request went out over an open connection; nil if none was opened.
    public var connect: Double?
    /// Until the head of the response; nil if none came.
    public var firstByte: Double?
    /// Until the response was complete, or the exchange failed.
    public var total: Double

    public init(connect: Double? = nil, firstByte: Double? = nil, total: Double) {
      self.connect = connect
      self.firstByte = firstByte
      self.total = total
    }
  }

  /// When it was begun.
  public var at: Timestamp
  public var purpose: Purpose
  public var url: String
  /// As much of the response as came; nil if not even its head did.
  public var response: Response?
  /// Why the response is missing or not complete; nil if it is whole.
  public var failure: Failure?
  public var milliseconds: Times

  public init(
    at: Timestamp, purpose: Purpose = .forward, url: String, response: Response? = nil,
    failure: Failure? = nil, milliseconds: Times
  ) {
    self.at = at
    self.purpose = purpose
    self.url = url
    self.response = response
    self.failure = failure
    self.milliseconds = milliseconds
  }
}

extension Exchange {
  /// What the exchange itself takes beyond what was received, in bytes.
  private static let overhead = 400

  /// About how many bytes it takes in memory.
  public var cost: Int {
    url.utf8.count + (response.map { $0.headers.byteCount + $0.body.count } ?? 0) + Self.overhead
  }

  /// The status that a whole response has; nil if there is none.
  public var status: Int? { failure == nil ? response?.status : nil }

  /// The status of a whole response, or what went wrong, as files say it.
  public var result: String { failure?.rawValue ?? status.map(String.init) ?? "-" }

  /// Whether the app took the delivery: a whole response with a 2xx status.
  public var isAccepted: Bool { status?.isAcceptedStatus ?? false }

  /// What a sender is told whose delivery was forwarded: the app's status, or that of a gateway for want of one.
  public var gatewayStatus: Int {
    switch failure {
    case nil: status.flatMap { (200...599).contains($0) ? $0 : nil } ?? 502
    case .timeout: 504
    case .queueFull, .cancelled: 503
    case .refused, .unreachable, .reset, .notHTTP, .tls, .tooLarge: 502
    }
  }
}

/// How an app's response contradicts hooktop's verdict.
public enum Disagreement: Sendable, Equatable {
  /// The signature is valid here, and the app answered 4xx.
  case refusedValid
  /// The signature fails here, and the app answered 2xx.
  case acceptedFailed
}

extension Exchange {
  /// Returns how the response contradicts the verdict on the delivery that was sent, or nil if it does not.
  public func disagreement(with verdict: Verdict) -> Disagreement? {
    guard let status, purpose != .check else { return nil }
    switch status {
    case _ where status.isAcceptedStatus: return verdict.status.isFailure ? .acceptedFailed : nil
    case 400..<500: return verdict.status == .valid ? .refusedValid : nil
    default: return nil
    }
  }
}
