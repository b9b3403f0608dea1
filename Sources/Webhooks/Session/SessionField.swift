/// The fields of a session's lines, by where they stand: the one place that names their keys.
///
/// Those of a delivery are in the order in which they are written, since a reader looks for each behind the one before.
public enum SessionField: Int, Sendable, CaseIterable {
  case kind, sequence, receivedAt, provider, event, eventID, deliveryID, livemode
  case verdict, status, verdictReason, age, secret, tolerance, duplicate, attempt
  case request, method, target, version, headers, body, bodySize, requestPeer
  case answer, answerStatus, milliseconds, rule, replayOf, endpoint
  case incidentReason, detail, incidentPeer, firstBytes, bytesReceived
  case at, why, url, error, response, responseStatus, responseHeaders, responseBody, responseBodySize
  case times, connect, firstByte, total

  /// The key of a field that other programs go by: it follows from the others, so it is written and not read.
  static let dedupeKey: StaticString = "dedupe_key"

  /// Where the field stands in the line: `verdict.status`.
  public var path: String { (parent.map { $0.key.description + "." } ?? "") + key.description }

  /// The object that the field stands in; nil: the line itself.
  var parent: SessionField? {
    switch self {
    case .status, .verdictReason, .age, .secret, .tolerance: .verdict
    case .method, .target, .version, .headers, .body, .bodySize, .requestPeer: .request
    case .answerStatus, .milliseconds: .answer
    case .responseStatus, .responseHeaders, .responseBody, .responseBodySize: .response
    case .connect, .firstByte, .total: .times
    default: nil
    }
  }

  /// The key that the field has in its object.
  // Inlined, it is a constant where a line is written, which is done for each delivery that is recorded.
  @inline(__always)
  public var key: StaticString {
    switch self {
    case .kind: "kind"
    case .sequence: "sequence"
    case .receivedAt: "received_at"
    case .provider: "provider"
    case .event: "event"
    case .eventID: "event_id"
    case .deliveryID: "delivery_id"
    case .livemode: "livemode"
    case .duplicate: "duplicate"
    case .attempt: "attempt"
    case .verdict: "verdict"
    case .status, .answerStatus, .responseStatus: "status"
    case .verdictReason, .incidentReason: "reason"
    case .age: "age_seconds"
    case .secret: "secret"
    case .tolerance: "tolerance_seconds"
    case .request: "request"
    case .method: "method"
    case .target: "target"
    case .version: "version"
    case .headers, .responseHeaders: "headers"
    case .body, .responseBody: "body_base64"
    case .bodySize, .responseBodySize: "body_size"
    case .requestPeer, .incidentPeer: "peer"
    case .answer: "answer"
    case .milliseconds, .times: "milliseconds"
    case .rule: "rule"
    case .replayOf: "replay_of"
    case .endpoint: "endpoint"
    case .detail: "detail"
    case .firstBytes: "first_bytes_base64"
    case .bytesReceived: "bytes_received"
    case .at: "at"
    case .why: "why"
    case .url: "url"
    case .error: "error"
    case .response: "response"
    case .connect: "connect"
    case .firstByte: "first_byte"
    case .total: "total"
    }
  }

  /// Whether the field's key is this one.
  func isCalled(_ name: Span<UInt8>) -> Bool {
    let key = key
    guard name.count == key.utf8CodeUnitCount else { return false }
    for index in name.indices where name[index] != key.utf8Start[index] { return false }
    return true
  }

  /// What the field must hold, in words that follow "expected".
  var expectation: String {
    switch self {
    case .kind: "one of \(SessionRecord.Kind.allCases.map(\.rawValue).joined(separator: ", "))"
    case .sequence, .attempt, .replayOf: "a whole number from 1"
    case .receivedAt, .at: "a time such as 2026-11-21T18:02:11.482913Z"
    case .provider: "null, or the name of a known provider"
    case .event, .eventID, .deliveryID, .secret, .requestPeer, .incidentPeer: "a text or null"
    case .livemode: "true, false or null"
    case .duplicate: "true or false"
    case .verdict, .request, .times: "an object"
    case .status: "one of \(Verdict.Status.allCases.map(\.rawValue).joined(separator: ", "))"
    case .verdictReason: "one of \(Verdict.Reason.allCases.map(\.rawValue).joined(separator: ", "))"
    case .age: "a number of seconds or null"
    case .tolerance: "a number of seconds from 0"
    case .method: "an HTTP method such as POST"
    case .target: "a request target such as /"
    case .version: "1.0 or 1.1"
    case .headers, .responseHeaders: "a list of pairs such as [\"Host\",\"127.0.0.1\"]"
    case .body, .responseBody, .firstBytes: "base64 with padding"
    case .bodySize, .responseBodySize, .bytesReceived: "a number of bytes"
    case .answer: "an object, or null where nothing was answered"
    case .answerStatus, .responseStatus: "an HTTP status from 100 to 999"
    case .milliseconds, .total: "a number of milliseconds from 0"
    case .incidentReason: "one of \(Incident.Reason.allCases.map(\.rawValue).joined(separator: ", "))"
    case .rule, .endpoint: "a text or null"
    case .detail, .url: "a text"
    case .why: "one of \(Exchange.Purpose.allCases.map(\.rawValue).joined(separator: ", "))"
    case .error: "null, or one of \(Exchange.Failure.allCases.map(\.rawValue).joined(separator: ", "))"
    case .response: "an object, or null for an exchange without a response"
    case .connect, .firstByte: "a number of milliseconds from 0, or null"
    }
  }
}
