import Webhooks

/// An answer to what is not taken as a delivery: the status for the sender, the incident for the user.
struct Refusal: Equatable {
  var status: Int
  var persistence: Persistence
  var reason: Incident.Reason
  /// One sentence for the user; what it quotes is as received.
  var detail: String

  init(_ status: Int, _ reason: Incident.Reason, _ detail: String, persistence: Persistence = .close) {
    self.status = status
    self.persistence = persistence
    self.reason = reason
    self.detail = detail
  }

  static func malformed(_ detail: String) -> Refusal { Refusal(400, .badRequest, detail) }

  static let overloaded = Refusal(
    503, .notStored, "the bodies on their way at once are larger than what is held for them")

  static func tooLarge(_ detail: String) -> Refusal { Refusal(413, .tooLarge, detail) }
}

extension Refusal {
  /// Why a request with this head is not taken; nil where it is, as far as the head tells.
  init?(_ head: RequestHead, _ facts: HeadFacts, maxBody: Int) {
    guard
      let refusal = Self.framing(head, facts) ?? Self.method(head, facts)
        ?? Self.expectation(facts) ?? Self.length(facts, maxBody: maxBody)
    else { return nil }
    self = refusal
  }

  // The parser lets some of these pass. A proxy in front could read such a message with another end than
  // this receiver does, and so smuggle a second request into the first one's body.
  private static func framing(_ head: RequestHead, _ facts: HeadFacts) -> Refusal? {
    if head.minorVersion > 0, facts.hosts != 1 {
      return .malformed("HTTP/1.1 needs exactly one Host field, and the request has \(facts.hosts)")
    }
    if facts.codings > 0, facts.lengths > 0 {
      return .malformed("the request has both Content-Length and Transfer-Encoding")
    }
    if facts.codings > 0, head.minorVersion == 0 {
      return .malformed("HTTP/1.0 has no Transfer-Encoding, and the request has one")
    }
    if facts.codings > 0, !facts.isChunked {
      return .malformed("the only Transfer-Encoding that is taken is chunked, said once")
    }
    if facts.lengths > 1 || (facts.lengths == 1 && facts.length == nil) {
      return .malformed("Content-Length must be one plain number")
    }
    return nil
  }

  private static func method(_ head: RequestHead, _ facts: HeadFacts) -> Refusal? {
    guard head.method != "POST" else { return nil }
    guard head.method != "CONNECT", !facts.asksUpgrade else {
      return Refusal(405, .upgradeRefused, "\(head.summary) asks for another protocol, and there is none")
    }
    // A body that belongs to no delivery is not waited for.
    let kept = Persistence(head, facts)
    return Refusal(
      405, .wrongMethod, "\(head.summary): webhooks are sent with POST",
      persistence: facts.announcesBody ? .close : kept)
  }

  private static func expectation(_ facts: HeadFacts) -> Refusal? {
    guard facts.expectation == .other else { return nil }
    return Refusal(417, .expectationFailed, "the sender expects something other than 100-continue")
  }

  private static func length(_ facts: HeadFacts, maxBody: Int) -> Refusal? {
    guard let length = facts.length, length > maxBody else { return nil }
    return .tooLarge("a body of \(length) bytes was announced; up to \(maxBody) are taken (--max-body)")
  }
}
