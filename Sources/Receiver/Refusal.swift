public import Webhooks

/// An answer to what is not taken as a request: the response for the sender, the incident for the user.
public struct Refusal: Sendable, Equatable {
  public var response: Response
  public var reason: Incident.Reason
  /// One sentence for the user; what it quotes is as received.
  public var detail: String
  /// What becomes of the connection, which the server decides.
  private(set) var persistence = Persistence.close

  public init(_ response: Response, _ reason: Incident.Reason, _ detail: String) {
    self.response = response
    self.reason = reason
    self.detail = detail
  }

  init(_ status: Int, _ reason: Incident.Reason, _ detail: String) {
    self.init(Response(status), reason, detail)
  }

  static func malformed(_ detail: String) -> Refusal { Refusal(400, .badRequest, detail) }

  static let overloaded = Refusal(
    503, .notStored, "the bodies being received together exceed the memory set aside for them")

  static func tooLarge(_ detail: String) -> Refusal { Refusal(413, .tooLarge, detail) }
}

extension Refusal {
  /// Why a request with this head is not taken; nil if it is, as far as the head tells.
  init?(_ head: RequestHead, _ facts: HeadFacts, maxBody: Int, _ service: (RequestHead) -> Refusal?) {
    guard
      let refusal = Self.framing(head, facts) ?? Self.method(head, facts, service)
        ?? Self.expectation(facts) ?? Self.length(facts, maxBody: maxBody)
    else { return nil }
    self = refusal
  }

  // The parser lets some of these pass. A proxy in front could read such a message with another end than
  // this receiver does, and so smuggle a second request into the first one's body.
  private static func framing(_ head: RequestHead, _ facts: HeadFacts) -> Refusal? {
    if head.minorVersion > 0, facts.hosts != 1 {
      return .malformed("HTTP/1.1 requires exactly one Host header; the request has \(facts.hosts)")
    }
    if facts.hosts > 1 { return .malformed("the request has \(facts.hosts) Host headers; one is allowed") }
    if !facts.areHostsValid {
      return .malformed("the Host header holds a character that a host name can't have")
    }
    if facts.codings > 0, facts.lengths > 0 {
      return .malformed("the request has both Content-Length and Transfer-Encoding")
    }
    if facts.codings > 0, head.minorVersion == 0 {
      return .malformed("HTTP/1.0 does not allow Transfer-Encoding")
    }
    if facts.codings > 0, !facts.isChunked {
      return .malformed("the only supported Transfer-Encoding is chunked, given once")
    }
    if facts.lengths > 1 || (facts.lengths == 1 && facts.length == nil) {
      return .malformed("Content-Length must be a single number")
    }
    return nil
  }

  /// The service's refusal, with what becomes of the connection.
  private static func method(
    _ head: RequestHead, _ facts: HeadFacts, _ service: (RequestHead) -> Refusal?
  ) -> Refusal? {
    let isConnect = head.method == "CONNECT"
    // The parser stops at it.
    let connect = isConnect ? Refusal(501, .upgradeRefused, "") : nil
    guard var refusal = service(head) ?? connect else { return nil }
    if isConnect || facts.asksUpgrade {
      refusal.reason = .upgradeRefused
      refusal.detail = "\(head.summary) asks to switch protocols, which is not supported"
      return refusal
    }
    // A body that belongs to no request is not waited for.
    refusal.persistence = facts.announcesBody ? .close : Persistence(head, facts)
    if head.method == "HEAD" { refusal.response = refusal.response.withoutBody }
    return refusal
  }

  private static func expectation(_ facts: HeadFacts) -> Refusal? {
    guard facts.expectation == .other else { return nil }
    return Refusal(417, .expectationFailed, "the only supported Expect value is 100-continue")
  }

  private static func length(_ facts: HeadFacts, maxBody: Int) -> Refusal? {
    guard let length = facts.length, length > maxBody else { return nil }
    return .tooLarge("the announced body of \(length) bytes exceeds the limit of \(maxBody) (--max-body)")
  }
}
