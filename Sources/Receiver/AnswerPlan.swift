import NIOCore
public import Webhooks

/// What answers the requests of a server, and hears of what is none.
public protocol HTTPService: Sendable {
  /// Why a request is not taken, asked once its head is known, on the connection's thread; nil if it is. A refused
  /// request is reported, and its body is not waited for.
  ///
  /// A service that does not say takes requests of every method; a CONNECT is refused though a service would take it.
  func refusal(of head: RequestHead) -> Refusal?

  /// What a sender is told whose body turns out to be larger than the server takes, which its head did not tell.
  ///
  /// A service that does not say answers with the bare status.
  var tooLarge: Response { get }

  /// How to answer a request, asked once its turn on the connection has come; called on the connection's thread,
  /// which must not wait.
  /// - Parameter arrival: when the last byte of the request came.
  func plan(for request: IncomingRequest, at arrival: Moment) -> AnswerPlan

  /// Takes note of what reached the server and is not a request.
  /// - Parameters:
  ///   - detail: one sentence, which may quote what was received.
  ///   - peer: the sender's address and port; empty if it is nobody's.
  ///   - status: what was answered; nil if the connection ended without an answer.
  func report(_ reason: Incident.Reason, _ detail: String, peer: String, status: Int?)

  /// The same, with what came of it; nil if that is nothing, or not known.
  ///
  /// A service that has no use for it is told without it.
  func report(
    _ reason: Incident.Reason, _ detail: String, peer: String, status: Int?, received: Incident.Received?)
}

extension HTTPService {
  public func report(
    _ reason: Incident.Reason, _ detail: String, peer: String, status: Int?, received: Incident.Received?
  ) {
    report(reason, detail, peer: peer, status: status)
  }

  public func refusal(of head: RequestHead) -> Refusal? { nil }

  public var tooLarge: Response { Response(413) }
}

/// A moment by two clocks: the wall clock, whose time is kept and shown, and one that is never set, which durations
/// are measured with.
public struct Moment: Sendable, Equatable {
  public let wall: Timestamp
  // Its size is known when this is compiled, which that of `ContinuousClock.Instant` is not: every request is passed on
  // with one of these.
  let steady: NIODeadline

  public static func now() -> Moment { Moment(wall: .now(), steady: .now()) }

  /// How long ago it was.
  public var milliseconds: Double { Double((NIODeadline.now() - steady).nanoseconds) / 1e6 }
}

/// When a request is answered, and with what; requests that came behind it on the same connection wait for that.
public enum AnswerPlan: Sendable {
  case now(Response)
  /// After a delay; the connection is closed then where there is no response.
  case later(Response?, after: Duration)
  /// By whoever is given the reply; with `fallback` where that takes longer than `limit`.
  case elsewhere(within: Duration, fallback: Response, start: @Sendable (Reply) -> Void)
  /// Never: the connection is closed, once what was owed before is answered.
  case drop
}

/// What a request is told. Nothing received may go into its fields.
public struct Response: Sendable, Equatable {
  public var status: Int
  /// Name and value of each field but Content-Length and Connection, which the server writes.
  public var fields: [(name: String, value: String)]
  public var body: [UInt8]
  /// Whether it answers a HEAD: the body's length is told, and the body not sent.
  private(set) var omitsBody = false

  public init(_ status: Int, fields: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  public static func == (left: Response, right: Response) -> Bool {
    left.status == right.status && left.body == right.body && left.omitsBody == right.omitsBody
      && left.fields.elementsEqual(right.fields) { $0 == $1 }
  }

  /// The same to a HEAD.
  var withoutBody: Response {
    var response = self
    response.omitsBody = true
    return response
  }
}

/// The responses as bytes: those without fields and body are made once, and shared by all connections.
struct ResponseBytes: Sendable {
  /// By status, then by what becomes of the connection: an index is all that the usual answer costs.
  private let ready: [ByteBuffer]
  /// The interim answer to `Expect: 100-continue`.
  let proceed = ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")

  init() {
    ready = Self.usual.flatMap { status in
      Persistence.allCases.map { Self.bytes(Response(status), $0) }
    }
  }

  subscript(response: Response, persistence: Persistence) -> ByteBuffer {
    guard response.fields.isEmpty, response.body.isEmpty,
      let row = Self.usual.firstIndex(of: response.status)
    else { return Self.bytes(response, persistence) }
    return ready[row * Persistence.allCases.count + persistence.rawValue]
  }

  // The most frequent ones first.
  private static let usual = [200, 401, 400, 408, 413, 417, 431, 503]

  private static func bytes(_ response: Response, _ persistence: Persistence) -> ByteBuffer {
    let status = response.status
    let phrase = ReasonPhrase.of(status)
    let connection =
      switch persistence {
      case .open: ""
      case .openByRequest: "Connection: keep-alive\r\n"
      case .close: "Connection: close\r\n"
      }
    // These have no body, whoever asks (RFC 9110, 15.3.5 and 15.4.5).
    let hasBody = status != 204 && status != 304
    let length = hasBody ? "Content-Length: \(response.body.count)\r\n" : ""
    let fields = response.fields.map { "\($0.name): \($0.value)\r\n" }.joined()
    var bytes = ByteBuffer(
      string: "HTTP/1.1 \(status) \(phrase)\r\n\(fields)\(connection)"
        + "\(length)\r\n")
    if hasBody, !response.omitsBody { bytes.writeBytes(response.body) }
    return bytes
  }
}
